"""Two files of answers to the same questions, put side by side."""

from typing import NamedTuple

import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.core.wording import counted
from surpass.data.rows import Rows

EXPECTED = "expected"
BASE = "base"
TUNED = "tuned"
ROW = "row"

# fmt: off
_IDS = ("id", "row", "row_id", "item", "item_id", "uid", "uuid", "index", "question_id", "task_id")
_EXPECTED = (
    "expected", "target", "gold", "truth", "reference", "label", "labels", "intent", "ideal",
    "category", "record",
)
_ANSWERS = (
    "answer", "prediction", "predicted", "pred", "output", "response", "completion", "generated",
    "generation", "model_output",
)
_INPUTS = ("input", "text", "question", "prompt")
# fmt: on
MEASURED = (columns.SECONDS, columns.IN_TOKENS, columns.OUT_TOKENS, columns.COST)
"""Columns of numbers that may stand beside an answer."""


class Named(NamedTuple):
    """Columns that the user named; none: looked for."""

    id: str | None = None
    expected: str | None = None
    answer: str | None = None


def side_by_side(base: Rows, tuned: Rows, named: Named) -> pl.DataFrame:
    """One row for each question: `row`, `expected`, `base`, `tuned` and every other column.

    Rows are joined by their id; files without one must hold the same questions in the same order.
    The expected answers may stand in either file or in both, where they must agree.

    Raises:
        BadInput: a column is missing, an id occurs twice or in one file only, or the expected
            answers differ.
    """
    identity = _id(base, tuned, named.id)
    base_answer = _column(base, named.answer, _ANSWERS, "the model's answer", "--answer")
    tuned_answer = _column(tuned, named.answer, _ANSWERS, "the model's answer", "--answer")
    if identity is None:
        _require_equal_length(base, tuned)
        order = tuned.frame
    else:
        order = _in_order(base, tuned, identity)
    expected = _expected(base, order, tuned.file, named.expected)
    used = {base_answer, named.expected, identity}
    rest = [c for c in base.frame.columns if c not in used and c not in _EXPECTED[:4]]
    names = base.frame[identity] if identity else pl.Series(base.lines.cast(pl.String))
    return pl.DataFrame(
        [
            names.alias(ROW),
            expected.alias(EXPECTED),
            base.frame[base_answer].fill_null("").alias(BASE),
            order[tuned_answer].fill_null("").alias(TUNED),
            *(base.frame[c] for c in rest if c not in {ROW, EXPECTED, BASE, TUNED}),
        ]
    )


def answers_of(rows: Rows, named: Named) -> pl.DataFrame:
    """One model's answers: columns ROW (null where no column names them), INPUT and ANSWER.

    Columns of seconds, tokens and cost are kept under their names (see core/columns.py).

    Raises:
        BadInput: no column of answers, or neither ids nor inputs that say which row is answered.
    """
    answer = _column(rows, named.answer, _ANSWERS, "the model's answer", "--answer")
    identity = named.id or next((c for c in rows.frame.columns if c.casefold() in _IDS), None)
    if identity is not None:
        _require(rows, identity, "--id")
    asked = next((c for c in rows.frame.columns if c.casefold() in _INPUTS), None)
    if identity is None and asked is None:
        raise BadInput(
            f"{rows.file} says of no answer which row it belongs to.",
            fix="Add the rows' ids and name the column with --id, or the inputs as `input`.",
        )
    nothing = pl.Series([None] * rows.frame.height, dtype=pl.String)
    measured = [
        rows.frame[name].cast(pl.Float64, strict=False)
        for name in MEASURED
        if name in rows.frame.columns
    ]
    return pl.DataFrame(
        [
            (nothing if identity is None else rows.frame[identity]).alias(columns.ROW),
            (nothing if asked is None else rows.frame[asked]).alias(columns.INPUT),
            rows.frame[answer].alias(columns.ANSWER),
            *measured,
        ]
    )


def answers_for(rows: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """The answers in the order of `rows`; null where a row was not answered.

    Matched by id where the answers have ids, else by input.

    Raises:
        BadInput: a row is answered twice, or none of the rows is answered.
    """
    key = columns.ROW if answers[columns.ROW].null_count() == 0 else columns.INPUT
    wanted = rows.select(pl.col(key).str.strip_chars())
    given = answers.with_columns(pl.col(key).str.strip_chars()).drop(
        columns.INPUT if key == columns.ROW else columns.ROW
    )
    given = given.join(wanted.unique(), on=key, how="semi")
    twice = given.filter(pl.col(key).is_duplicated())
    if twice.height and twice.unique().height > twice[key].n_unique():
        raise BadInput(
            f"Row {twice[key][0]!r} has more than one answer.", fix="Keep one answer a row."
        )
    if given.is_empty():
        raise BadInput(
            f"None of the project's {counted(rows.height, 'row')} is answered (the first {key} is "
            f"{wanted[key][0]!r}).",
            fix="Give the answers its row ids, or its inputs.",
        )
    unique = given.unique(key, keep="first", maintain_order=True)
    return wanted.join(unique, on=key, how="left", maintain_order="left").drop(key)


def _id(base: Rows, tuned: Rows, named: str | None) -> str | None:
    """The column that names the questions in both files."""
    if named is not None:
        for rows in (base, tuned):
            _require(rows, named, "--id")
        return named
    both = [name for name in base.frame.columns if name in tuned.frame.columns]
    return next((name for name in both if name.casefold() in _IDS), None)


def _column(rows: Rows, named: str | None, known: tuple[str, ...], what: str, option: str) -> str:
    if named is not None:
        _require(rows, named, option)
        return named
    found = {name.casefold(): name for name in rows.frame.columns}
    chosen = next((found[name] for name in known if name in found), None)
    if chosen is None:
        raise BadInput(
            f"{rows.file} has no column that looks like {what}; its columns are "
            f"{', '.join(rows.frame.columns)}.",
            fix=f"Name it with {option} COLUMN.",
        )
    return chosen


def _require(rows: Rows, name: str, option: str) -> None:
    if name not in rows.frame.columns:
        raise BadInput(
            f"{rows.file} has no column `{name}`; its columns are {', '.join(rows.frame.columns)}.",
            fix=f"Name another one after {option}.",
        )


def _require_equal_length(base: Rows, tuned: Rows) -> None:
    if base.frame.height != tuned.frame.height:
        raise BadInput(
            f"{base.file} has {counted(base.frame.height, 'row')} and {tuned.file} "
            f"{tuned.frame.height:,}, and "
            "no column names the questions.",
            fix="Give both files an id column, and name it with --id.",
        )


def _in_order(base: Rows, tuned: Rows, identity: str) -> pl.DataFrame:
    """The tuned model's rows in the order of the base's."""
    for rows in (base, tuned):
        names = rows.frame[identity]
        if names.null_count():
            raise BadInput(f"{rows.file} has rows without {identity}.", fix="Name every row.")
        twice = names.filter(names.is_duplicated())
        if twice.len():
            raise BadInput(
                f"{rows.file} has the {identity} {twice[0]!r} more than once.",
                fix="Keep one answer a question; average several before.",
            )
    ours, theirs = set(base.frame[identity]), set(tuned.frame[identity])
    if ours != theirs:
        only = sorted(ours ^ theirs)
        place = base.file if only[0] in ours else tuned.file
        raise BadInput(
            f"{len(only)} questions are answered in one file only (first: {identity} {only[0]!r}, "
            f"in {place}).",
            fix="Both models must answer the same questions; a missing answer counts as wrong, so "
            "write it down as empty.",
        )
    return base.frame.select(identity).join(
        tuned.frame, on=identity, how="left", maintain_order="left"
    )


def _expected(base: Rows, tuned: pl.DataFrame, tuned_file: str, named: str | None) -> pl.Series:
    """The expected answers, from whichever file has them."""
    found: list[pl.Series] = []
    for frame in (base.frame, tuned):
        names = [named] if named else list(_EXPECTED)
        column = next((name for name in frame.columns if name.casefold() in names), None)
        column = named if named in frame.columns else column
        if column is not None:
            found.append(frame[column])
    if not found:
        raise BadInput(
            f"Neither {base.file} nor {tuned_file} has a column with the expected answers.",
            fix="Name it with --expected COLUMN.",
        )
    first = found[0]
    if first.null_count():
        raise BadInput(
            f"{base.file} has {counted(first.null_count(), 'row')} without an expected answer.",
            fix="Leave these rows out of both files, or fill them.",
        )
    if len(found) == 2 and not found[0].equals(found[1], check_names=False):
        place = (found[0] != found[1]).fill_null(value=True).arg_true()[0]
        raise BadInput(
            f"The two files expect different answers (first in row {place + 1}: "
            f"{found[0][place]!r} and {found[1][place]!r}).",
            fix="Score both models against the same answers.",
        )
    return first
