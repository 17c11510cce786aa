"""surpass compare: a verdict on two models whose answers are there already, whoever made them."""

import difflib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account
from surpass.core.errors import BadInput
from surpass.core.records.verdict import Verdict
from surpass.core.settings import Criteria, Primary, default_criteria
from surpass.core.settings.read import read_criteria
from surpass.data.answer_files import BASE, EXPECTED, ROW, TUNED, Named, side_by_side
from surpass.data.infer import is_group, kind_of
from surpass.data.read import read_rows
from surpass.measure.metrics import metrics_for
from surpass.prove.bench import Answers
from surpass.prove.verdict import judge
from surpass.steps.tell.compare import compare_account


class Asked(NamedTuple):
    """What the user asks of the comparison."""

    id: str | None = None  # column names; none: looked for
    expected: str | None = None
    answer: str | None = None
    group: str | None = None
    metric: str | None = None
    margin: float | None = None
    criteria: Path | None = None


class Compared(NamedTuple):
    """A verdict on two sets of answers."""

    verdict: Verdict
    criteria: Criteria
    kind: str
    base: pl.DataFrame
    tuned: pl.DataFrame
    labels: tuple[str, ...]


def compare_files(base: Path, tuned: Path, asked: Asked) -> Account:
    """What `surpass compare` says of two files.

    Raises:
        BadInput: the files do not belong together, or the criterion does not fit the answers.
        CannotTell: the metric is undefined on these rows.
    """
    named = Named(asked.id, asked.expected, asked.answer)
    frame = side_by_side(read_rows(base), read_rows(tuned), named)
    criteria = _criteria(asked, kind_of(frame[EXPECTED])[0])
    if base.resolve() == tuned.resolve():
        raise BadInput(f"{base} was given twice.", fix="Name two files of answers.")
    said = compare_account(compare(frame, criteria, group=asked.group), base.name, tuned.name)
    hint = () if asked.group else _repeating(frame)
    return msgspec.structs.replace(said, warnings=(*hint, *said.warnings))


def _repeating(frame: pl.DataFrame) -> tuple[str, ...]:
    """What to say of a column whose values look like people, conversations or documents."""
    others = [name for name in frame.columns if name not in {ROW, EXPECTED, BASE, TUNED}]
    group = next((name for name in others if is_group(frame[name].cast(pl.String))), None)
    if group is None:
        return ()
    return (
        f"Several rows share one `{group}`: if they belong together, add --group {group}, or the "
        "bounds promise too much.",
    )


def compare(frame: pl.DataFrame, criteria: Criteria | None, *, group: str | None) -> Compared:
    """Judge the answers in `tuned` against those in `base`.

    Args:
        frame: Columns `expected`, `base`, `tuned`; optionally `row`; every other column can be a
            group or a slice.
        criteria: What must hold; none: more than 2 points of the default metric.
        group: Column whose values are resampled as a whole; none: each row on its own.

    Raises:
        BadInput: a column is missing, or the criterion does not fit the answers.
        CannotTell: the metric is undefined on these rows.
    """
    _require_columns(frame, group)
    kind, _ = kind_of(frame[EXPECTED])
    criteria = criteria or default_criteria(kind)
    _require_fitting(criteria, kind)
    labels = tuple(sorted(set(frame[EXPECTED]))) if kind == "classify" else ()
    base, tuned = (_predictions(frame, name, kind, group) for name in (BASE, TUNED))
    verdict = judge(criteria, Answers(tuned, {BASE: base}, BASE, labels), candidate_number=1)
    return Compared(verdict, criteria, kind, base, tuned, labels)


def as_frame(given: object) -> pl.DataFrame:
    """A polars frame from one, from a pandas frame, or from columns by name.

    Raises:
        BadInput: it is none of these.
    """
    if isinstance(given, pl.DataFrame):
        return given
    to_dict = getattr(given, "to_dict", None)
    columns_by_name = to_dict("list") if callable(to_dict) else given
    if not isinstance(columns_by_name, Mapping):
        raise BadInput(
            f"A comparison needs a frame, not a {type(given).__name__}.",
            fix="Bring a polars or pandas frame, or a dictionary of columns.",
        )
    texts = {name: [_text(value) for value in column] for name, column in columns_by_name.items()}
    return pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String))


def _text(value: object) -> str | None:
    """A cell as text; what pandas writes for a missing value becomes none."""
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return None if missing else str(value)


def _criteria(asked: Asked, kind: str) -> Criteria | None:
    """From a file, from the options, or none."""
    if asked.criteria is not None:
        if asked.metric is not None or asked.margin is not None:
            raise BadInput(
                "--criteria and --metric or --margin say the same thing twice.",
                fix="Name a file or the options, not both.",
            )
        return read_criteria(asked.criteria)
    if asked.metric is None and asked.margin is None:
        return None
    margin = 0.0 if asked.margin is None else asked.margin
    if not -1 < margin < 1:
        raise BadInput(
            f"--margin {margin:g} is out of range: it must lie between -1 and 1.",
            fix="0.05 means 5 points.",
        )
    name = asked.metric or metrics_for(kind)[0].name
    return Criteria(primary=(Primary(metric=name, margin=margin),))


def _require_fitting(criteria: Criteria, kind: str) -> None:
    """Every metric must fit the answers, and the only opponent is the base."""
    known = [metric.name for metric in metrics_for(kind)]
    for gate in criteria.gates:
        if gate.metric not in known:
            close = difflib.get_close_matches(gate.metric, known, n=1)
            raise BadInput(
                f"The metric `{gate.metric}` does not fit these answers, which look like a task "
                f"of kind {kind}.",
                fix=f"Did you mean `{close[0]}`?" if close else f"Choose of: {', '.join(known)}.",
            )


def _require_columns(frame: pl.DataFrame, group: str | None) -> None:
    wanted = [EXPECTED, BASE, TUNED, *([group] if group else [])]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        others = [name for name in frame.columns if name not in {ROW, EXPECTED, BASE, TUNED}]
        if missing[0] == group:
            close = difflib.get_close_matches(group, others, n=1)
            raise BadInput(
                f"There is no column `{group}` to group by; beside the answers there are: "
                f"{', '.join(others) or 'none'}.",
                fix=f"Did you mean `{close[0]}`?" if close else "Leave --group out, or name one.",
            )
        raise BadInput(
            f"There is no column `{missing[0]}`; there are: {', '.join(frame.columns)}.",
            fix="A comparison needs `expected`, `base` and `tuned`; a group is any column.",
        )
    if frame.is_empty():
        raise BadInput("There are no rows to compare.", fix="Bring answers of both models.")


def _predictions(frame: pl.DataFrame, side: str, kind: str, group: str | None) -> pl.DataFrame:
    """One model's answers in the columns that metrics read."""
    rows = frame[ROW] if ROW in frame.columns else pl.Series(map(str, range(1, frame.height + 1)))
    answers = [(text or "").strip() for text in frame[side].cast(pl.String).to_list()]
    readable = [kind != "extract" or _is_record(text) for text in answers]
    kept = [name for name in frame.columns if name not in {ROW, EXPECTED, BASE, TUNED}]
    return pl.DataFrame(
        [
            rows.cast(pl.String).alias(columns.ROW),
            (frame[group].cast(pl.String).fill_null("none") if group else rows).alias(
                columns.GROUP
            ),
            _input(frame).alias(columns.INPUT),
            frame[EXPECTED].cast(pl.String).str.strip_chars().alias(columns.TARGET),
            pl.Series(columns.ANSWER, answers, dtype=pl.String),
            pl.Series(columns.STATUS, ["ok" if ok else "unreadable" for ok in readable]),
            pl.Series(columns.PROBABILITIES, [None] * len(answers), dtype=pl.List(pl.Float64)),
            pl.Series(columns.OUT_TOKENS, [None] * len(answers), dtype=pl.Int64),
            *(frame[name].cast(pl.String).alias(columns.attribute(name)) for name in kept),
        ]
    )


def _input(frame: pl.DataFrame) -> pl.Series:
    known = ("input", "text", "question", "prompt")
    name = next((name for name in known if name in frame.columns), None)
    return pl.Series([""] * frame.height) if name is None else frame[name].cast(pl.String)


def _is_record(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
