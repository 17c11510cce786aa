"""tool_name, tool_arguments and tool_call: whether a model calls the right tools the right way."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.metrics.metric import readable_answers
from surpass.measure.statistics import Additive, Floats, Statistics, divided, mean_of
from surpass.measure.tool_calls import Call, facts_of, names_of, read_calls, same_calls

_Pair = tuple[list[Call], list[Call] | None]


class ToolName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of rows that call exactly the expected tools, whatever the arguments.

    How: answer and expected answer hold calls as JSON, `{"name": …, "arguments": {…}}`, one or a
    list, or in OpenAI's shape. The names must be the same, each as often; their order counts only
    with `ordered`. Where no call is expected (`[]`), prose is right. Broken JSON and unreadable
    answers are wrong.

    When it misleads: a right name with wrong arguments does harm; look at exact calls beside it.

    Source: the function-name check of the Berkeley Function-Calling Leaderboard (Patil et al.).
    """

    ordered: bool = False  # whether the calls must come in the expected order

    name: ClassVar[str] = "tool_name"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate", "extract")
    title: ClassVar[str] = "right tools"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if the names are right, else 0."""
        right = [
            given is not None and self._names(given) == self._names(expected)
            for expected, given in _pairs(predictions)
        ]
        return mean_of(np.array(right, dtype=np.float64))

    def _names(self, calls: list[Call]) -> list[str]:
        return names_of(calls) if self.ordered else sorted(names_of(calls))


class ToolArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of the arguments that should be given to tools are given, and no others.

    How: F1 over all (tool, argument, value) facts of all rows: 2 * right / (given + expected).
    Calls are written as for tool_name; values are compared as in field F1. The arguments of a
    wrong tool are all wrong, those of an answer that cannot be read all missing.

    When it misleads: it does not see which of two calls of one tool an argument belongs to, nor
    calls without arguments; exact calls do.

    Source: micro-averaged F1, as field F1.
    """

    name: ClassVar[str] = "tool_arguments"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate", "extract")
    title: ClassVar[str] = "F1 of tool arguments"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Three counts a row: right facts, facts given, facts expected."""
        counts = np.zeros((predictions.height, 3))
        for row, (expected, given) in enumerate(_pairs(predictions)):
            wanted, found = facts_of(expected), facts_of(given or [])
            counts[row] = (wanted & found).total(), found.total(), wanted.total()
        return Additive(counts, _f1)


class ToolCall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The share of rows whose calls are exactly the expected ones, arguments included.

    How: as many calls, each with the expected name and with exactly the expected arguments; values
    are compared as in field F1, and the order counts only with `ordered`. Where no call is
    expected, prose is right. Broken JSON and unreadable answers are wrong.

    When it misleads: arguments that could be said in two ways, such as a search query, are wrong
    in the other one; an argument that only repeats its default is wrong too.

    Source: the exact match of the Berkeley Function-Calling Leaderboard (Patil et al.).
    """

    ordered: bool = False  # whether the calls must come in the expected order

    name: ClassVar[str] = "tool_call"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate", "extract")
    title: ClassVar[str] = "exact tool calls"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row: 1 if all calls are right, else 0."""
        right = [
            given is not None and same_calls(expected, given, ordered=self.ordered)
            for expected, given in _pairs(predictions)
        ]
        return mean_of(np.array(right, dtype=np.float64))


def _pairs(predictions: pl.DataFrame) -> Iterator[_Pair]:
    """Expected and answered calls of each row; none where the answer cannot be read.

    Raises:
        BadInput: the expected calls of a row cannot be read.
    """
    rows = predictions.select(columns.ROW, columns.TARGET, columns.STATUS).iter_rows()
    for (row, target, status), answer in zip(rows, readable_answers(predictions), strict=True):
        expected = read_calls(target)
        if expected is None:
            raise BadInput(
                f"The expected calls of row {row!r} cannot be read.",
                fix='Write [{"name": …, "arguments": {…}}, …], or [] where no tool is needed.',
            )
        yield expected, read_calls(answer) if status == "ok" else None


def _f1(parts: Floats) -> Floats:
    return divided(2 * parts[..., 0], parts[..., 1] + parts[..., 2])
