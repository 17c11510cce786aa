"""schema_valid: the share of answers that keep to a JSON Schema."""

import json
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl
from jsonschema import Draft202012Validator, SchemaError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from surpass.core.errors import BadInput
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.statistics import Statistics, mean_of

_FIX = "Write the schema itself under schema, between ''' and '''."


class SchemaValid(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of answers that are JSON and keep to a JSON Schema.

    How: the whole answer must be JSON and hold to `schema`, which is the text of a JSON Schema
    itself, not the name of a file, so that the seal covers it. References within the schema are
    followed; one to another document is an error, and nothing is ever fetched. `format` is not
    checked, as the standard has it.

    When it misleads: it says that a program can read the answer, not that the answer is true. A
    schema without `required` and `additionalProperties` lets nearly everything pass.

    Source: JSON Schema 2020-12, or the draft that `$schema` names; the library jsonschema.
    """

    schema: str = '{"type": "object"}'  # the text of a JSON Schema

    name: ClassVar[str] = "schema_valid"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("extract", "generate")
    title: ClassVar[str] = "answers that keep to the schema"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if it keeps to the schema, else 0."""
        rules = _validator(self.schema)
        kept = [_keeps(rules, answer) for answer in readable_answers(predictions)]
        return mean_of(np.array(kept, dtype=np.float64))


def _validator(text: str) -> Validator:
    """The schema, checked.

    Raises:
        BadInput: it is no JSON Schema.
    """
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("The schema of schema_valid is not JSON.", fix=_FIX) from None
    if not isinstance(schema, dict | bool):
        raise BadInput("The schema of schema_valid is no JSON object.", fix=_FIX)
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except (SchemaError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise BadInput(f"The schema of schema_valid is no schema: {reason}.", fix=_FIX) from None
    # An empty registry knows no other document; without one, the library would fetch it.
    made: Validator = kind(schema, registry=Registry())
    return made


def _keeps(rules: Validator, answer: str) -> bool:
    """Whether an answer is JSON and keeps to the schema."""
    try:
        found = json.loads(answer, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    try:
        return bool(rules.is_valid(found))
    except Unresolvable as error:
        raise BadInput(
            f"The schema of schema_valid refers to {error.ref!r}, which it does not hold.",
            fix="Copy what it refers to into its $defs; nothing is fetched.",
        ) from None
    except RecursionError:
        raise BadInput(
            "The schema of schema_valid refers to itself without end.", fix="Mend its $ref."
        ) from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
