"""Rows that mitigation adds to training: copies of rows, and twins with terms swapped.

They are made of decisions and of rows as they are now, so that taking a decision back takes its
rows back too. They never stand beside the examples: nothing is dealt, checked or judged by them.
"""

from collections.abc import Sequence

import msgspec
import polars as pl

from surpass.core.columns import INPUT, MADE_FROM, ROW, SOURCE, TARGET
from surpass.core.digest import digest_record
from surpass.core.errors import BadInput
from surpass.core.records.dataset import Decision

COPY, TWIN = "copy", "twin"
"""Actions of a decision: `value` is the number of copies, or a Twin as JSON; "0" or "": none."""

_MOST_COPIES = 1_000  # of one row; more is a slip of the pen


class Twin(msgspec.Struct, frozen=True):
    """A row with terms swapped, and what it was made of."""

    input: str
    target: str
    of: str  # digest of the row's input and answer then; another one now: the twin is left out


def twin_of(original: tuple[str, str], swapped: tuple[str, str]) -> str:
    """The value of a decision that adds a twin.

    Args:
        original: Input and answer of the row.
        swapped: The same of the twin.
    """
    return msgspec.json.encode(Twin(*swapped, of=_digest(*original))).decode()


def added_rows(examples: pl.DataFrame, decisions: Sequence[Decision]) -> pl.DataFrame:
    """The copies and twins in force, with MADE_FROM; columns else as the examples'.

    A row that is gone adds nothing, and a twin of a row that reads otherwise by now is left out: it
    would say what somebody has mended.

    Args:
        examples: The rows after these decisions.
        decisions: All of them, in their order; the last of each kind on a row counts.

    Raises:
        BadInput: a decision has no number of copies, or no twin.
    """
    copies, twins = _in_force(decisions)
    made = examples.clear().with_columns(pl.lit(None, dtype=pl.String).alias(MADE_FROM))
    frames = [made]
    if copies:
        number = pl.col(ROW).replace_strict(copies, default=0, return_dtype=pl.Int64)
        times = examples.with_columns(
            pl.col(ROW).alias(MADE_FROM), pl.int_ranges(1, number + 1).alias("copy")
        ).filter(pl.col("copy").list.len() > 0)
        name = pl.format("{} copy {}", pl.col(ROW), pl.col("copy"))
        frames.append(times.explode("copy").with_columns(name.alias(ROW)).drop("copy"))
    if twins:
        frames.append(_twins(examples, twins))
    return pl.concat(frames)


def names_of(decision: Decision) -> list[str]:
    """What the rows are called that a decision adds."""
    if decision.action == TWIN:
        return [f"{decision.row} swapped"]
    if decision.action != COPY:
        return []
    return [f"{decision.row} copy {number}" for number in range(1, _number(decision) + 1)]


def adding(decisions: Sequence[Decision]) -> dict[tuple[str, str], str]:
    """(row, action) -> value of what is added now."""
    copies, twins = _in_force(decisions)
    found = {(row, COPY): str(number) for row, number in copies.items()}
    return found | {(row, TWIN): msgspec.json.encode(twin).decode() for row, twin in twins.items()}


def _in_force(decisions: Sequence[Decision]) -> tuple[dict[str, int], dict[str, Twin]]:
    copies: dict[str, int] = {}
    twins: dict[str, Twin] = {}
    for one in decisions:
        if one.action == "undo":
            copies.pop(one.row, None)
            twins.pop(one.row, None)
        if one.action == COPY:
            copies[one.row] = _number(one)
        if one.action == TWIN and one.value:
            twins[one.row] = _twin(one)
        elif one.action == TWIN:
            twins.pop(one.row, None)
    return {row: number for row, number in copies.items() if number}, twins


def _twins(examples: pl.DataFrame, twins: dict[str, Twin]) -> pl.DataFrame:
    chosen = examples.filter(pl.col(ROW).is_in(list(twins)))
    now = zip(chosen[ROW], chosen[INPUT], chosen[TARGET], strict=True)
    fresh = pl.Series(
        [twins[row].of == _digest(text, answer) for row, text, answer in now], dtype=pl.Boolean
    )
    kept = chosen.filter(fresh)
    return kept.with_columns(
        pl.col(ROW).alias(MADE_FROM),
        pl.Series(INPUT, [twins[row].input for row in kept[ROW]], dtype=pl.String),
        pl.Series(TARGET, [twins[row].target for row in kept[ROW]], dtype=pl.String),
        pl.col(ROW) + " swapped",
        pl.col(SOURCE) + " (terms swapped)",
    )


def _number(decision: Decision) -> int:
    text = decision.value or ""
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST_COPIES):
        raise BadInput(
            f"Row {decision.row!r}: {text[:40]!r} is no number of copies.",
            fix=f"Write a whole number from 0 to {_MOST_COPIES:,} as the decision's value.",
        )
    return int(text)


def _twin(decision: Decision) -> Twin:
    try:
        return msgspec.json.decode(decision.value or "", type=Twin)
    except (msgspec.DecodeError, UnicodeError):
        raise BadInput(
            f"Row {decision.row!r}: the decision's value is no twin.",
            fix="Remove the decision, or make it again: surpass fix --mitigate counterfactual.",
        ) from None


def _digest(text: str, answer: str) -> str:
    return digest_record([text, answer])[:16]
