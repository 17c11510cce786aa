"""Where a model fails, in sentences that name the rows, the numbers and what to collect."""

from pathlib import Path

import polars as pl

from surpass.core import columns
from surpass.core.account import Account, Chapter, Pair, Table
from surpass.core.records.explanation import Confused, Explanation, Field, Followed, Gap
from surpass.evaluate.blame import COSINE, DIFFERS, NEAR
from surpass.evaluate.slices.wording import in_words
from surpass.steps.data_requests import Queue
from surpass.steps.tell.numbers import UNKNOWN, counted, percent, points

_LOST = {
    "classify": "wrong",
    "extract": "of the fields' F1 lost",
    "generate": "of chrF lost",
    "code": "of the samples fail",
}
_HOW = (
    "Slices were sought on one half of the validation groups and confirmed on the other; rates, "
    "intervals (95 %) and q (Benjamini-Hochberg) are of the half that confirmed them. The sealed "
    "test was not read."
)


def explain_account(
    record: Explanation,
    kind: str,
    answers: pl.DataFrame,
    *,
    found: Queue | None = None,
    written: Path | None = None,
    pool: Path | None = None,
) -> Account:
    """What `surpass explain` says.

    Args:
        record: The explanation.
        kind: Of the task.
        answers: The model's predictions on valid, with the base's answers as `base`.
        found: What the gaps want of a pool.
        written: File that queues rows of the pool.
        pool: The pool's file, for the next command.
    """
    chapters = [
        Chapter(
            title=f"{number}. {in_words(gap.predicate)}",
            text=(*_sentences(gap, record, kind), *_from_pool(gap, found)),
            pairs=tuple(_examples(gap, answers)),
        )
        for number, gap in enumerate(record.gaps, 1)
    ]
    if record.followed:
        chapters.append(Chapter(title="Gaps of the model before", tables=(_followed(record),)))
    files = () if written is None else (f"Queued for labelling: {written.resolve()}",)
    return Account(
        title="Explain",
        headline=_headline(record, kind),
        text=(*_counts(record), *files),
        chapters=tuple(chapters),
        next_command=_next(record, found, written, pool),
        data=record,
    )


def failure_chapter(record: Explanation, kind: str) -> Chapter:
    """The same as one chapter of the report, without rows."""
    return Chapter(
        title="Where it fails (valid)",
        text=(
            _headline(record, kind),
            *(sentence for gap in record.gaps for sentence in _sentences(gap, record, kind)),
            *_counts(record),
        ),
        tables=(_followed(record),) if record.followed else (),
    )


def unknown_chapter(reason: str) -> Chapter:
    """The report's chapter where nothing can be told."""
    return Chapter(title="Where it fails (valid)", text=(f"Cannot tell: {reason}",))


def blame_account(row: pl.DataFrame, near: pl.DataFrame, model: str, base: str) -> Account:
    """What `surpass explain --row` says.

    Args:
        row: One row of a model's predictions, with the base's answer as `base` and the `gain`.
        near: The training rows most like it, as evaluate/blame.py gives them.
        model: Name of the model that answered.
        base: Name of the opponent.
    """
    asked = row.row(0, named=True)
    twins, against = int(near[NEAR].sum()), near[DIFFERS].drop_nulls().len()
    table = Table(
        title="",
        columns=("row", "similarity", "input", "answer in training", "remark"),
        rows=tuple(
            (
                one[columns.ROW],
                f"{one[COSINE]:.2f}",
                one[columns.INPUT],
                one[columns.TARGET],
                _remark(one[NEAR], one[DIFFERS]),
            )
            for one in near.iter_rows(named=True)
        ),
        numeric=("similarity",),
        excerpts=("input", "answer in training"),
    )
    pair = Pair(
        row=asked[columns.ROW],
        asked=asked[columns.INPUT],
        expected=asked[columns.TARGET],
        base=asked["base"],
        tuned=asked[columns.ANSWER],
        won=_won(asked["gain"]),
    )
    return Account(
        title="Explain",
        headline=f"Training has {counted(twins, 'near duplicate')} of row {pair.row}; "
        f"{against} of them contradict it."
        if twins
        else f"Training has no near duplicate of row {pair.row}.",
        text=(
            f"Answers: {base} on the left, {model} on the right. Likeness is not cause: these are "
            "the rows to read first, not a proof of what the model learned from.",
        ),
        chapters=(
            Chapter(title="The row", pairs=(pair,)),
            Chapter(title="Training rows most like it", tables=(table,)),
        ),
        next_command="surpass check" if against else "",
    )


def _remark(twin: bool, differs: str | None) -> str:  # noqa: FBT001 (a cell of the table)
    return f"contradicts {differs}" if differs else "near duplicate" if twin else ""


def _headline(record: Explanation, kind: str) -> str:
    if not record.gaps:
        return f"No kind of row was shown to fail more than others, of {record.candidates} asked."
    first = record.gaps[0]
    rows = in_words(first.predicate).removeprefix("Rows ")
    if first.general:
        return (
            f"No kind of row stands out; nearly all, those {rows}, fail alike: "
            f"{_rates(first, record, kind)}."
        )
    return f"{record.model} fails most on rows {rows}: {_rates(first, record, kind)}."


def _counts(record: Explanation) -> tuple[str, ...]:
    return (
        f"{counted(record.candidates, 'slice')} of {counted(record.rows, 'validation row')} in "
        f"{counted(record.groups, 'group')}: {record.discovered} looked worse, "
        f"{record.confirmed} confirmed, {len(record.gaps)} named.",
        _HOW,
    )


def _sentences(gap: Gap, record: Explanation, kind: str) -> tuple[str, ...]:
    """What was found, what the base does there, what training holds and what to collect."""
    share = percent(gap.rows / gap.all_rows)
    finding = (
        f"{in_words(gap.predicate)} ({gap.rows} of {gap.all_rows}, {share}): "
        f"{_rates(gap, record, kind)} ({points(gap.difference)}, 95 % interval "
        f"{100 * gap.low:.0f} to {100 * gap.high:.0f}, q = {gap.q:.2g})."
    )
    return tuple(said for said in (finding, _base(gap, record), _request(gap)) if said)


def _rates(gap: Gap, record: Explanation, kind: str) -> str:
    """How much goes wrong in the slice, and beside it."""
    what = "" if _of_one_event(gap) else f" {_LOST[kind]}"
    beside = "elsewhere" if gap.against == "rest" else f"with {record.base}"
    return f"{percent(gap.wrong)}{what} vs {percent(gap.compared)} {beside}"


def _of_one_event(gap: Gap) -> bool:
    """Whether only one way to go wrong is counted."""
    return isinstance(gap.predicate, Confused | Field)


def _base(gap: Gap, record: Explanation) -> str:
    """What the base does there, and how much of all that goes wrong is there."""
    what = "such answers" if _of_one_event(gap) else "that goes wrong"
    share = f"{percent(gap.error_share)} of all {what} is here."
    if gap.against == "base":
        return share
    helped = "" if gap.base_wrong > gap.wrong else ": fine-tuning did not help here"
    return f"{record.base} has {percent(gap.base_wrong)} on these rows{helped}. {share}"


def _request(gap: Gap) -> str:
    if gap.general:
        return "Nearly all rows are such: this says what holds in general, not what to collect."
    if gap.request is None:
        return ""
    holds = (
        f"Training holds {counted(gap.request.training_rows, 'such row')} "
        f"({percent(gap.request.training_share)})"
    )
    if gap.request.collect == 0:
        return f"{holds}: more of them is not the first thing to try."
    return f"{holds}; collect about {gap.request.collect} more (a rule of thumb)."


def _from_pool(gap: Gap, found: Queue | None) -> tuple[str, ...]:
    for wanted in () if found is None else found.wanted:
        if wanted.gap == gap and found is not None:
            how = "are such rows" if wanted.told else "could be such rows, the likest first"
            names = ", ".join(found.names[place] for place in wanted.places[:3])
            first = f" (first: {names})" if names else ""
            return (f"In the pool {len(wanted.places)} {how}{first}.",)
    return ()


def _examples(gap: Gap, answers: pl.DataFrame) -> list[Pair]:
    shown = [(row, "typical") for row in gap.examples.typical]
    shown += [(gap.examples.worst, "worst")] if gap.examples.worst else []
    shown += [(gap.examples.contrast, "right, for contrast")] if gap.examples.contrast else []
    rows = {row[columns.ROW]: row for row in answers.iter_rows(named=True)}
    return [
        Pair(
            row=f"{name} ({why})",
            asked=rows[name][columns.INPUT],
            expected=rows[name][columns.TARGET],
            base=rows[name]["base"] or "",
            tuned=rows[name][columns.ANSWER],
            won=_won(rows[name]["gain"]),
        )
        for name, why in shown
    ]


def _won(gain: float | None) -> bool | None:
    return None if not gain else gain > 0


def _followed(record: Explanation) -> Table:
    return Table(
        title="What became of the gaps that were known",
        columns=("slice", "rows", "gap before", "gap now", "90 % interval", "now"),
        rows=tuple(_followed_row(one, record.base) for one in record.followed),
        numeric=("rows", "gap before", "gap now"),
        note="Closed: surely smaller, and no gap can be shown any more. Narrowed: surely smaller, "
        "and still there. Open: surely there, and not surely smaller.",
    )


def _followed_row(one: Followed, base: str) -> tuple[str, ...]:
    beside = "than elsewhere" if one.against == "rest" else f"than with {base}"
    known = one.low is not None and one.high is not None
    interval = f"{100 * (one.low or 0):+.0f} to {100 * (one.high or 0):+.0f}" if known else UNKNOWN
    return (
        f"{in_words(one.predicate)}, worse {beside}",
        str(one.rows),
        points(one.before),
        points(one.now),
        interval,
        one.standing,
    )


def _next(record: Explanation, found: Queue | None, written: Path | None, pool: Path | None) -> str:
    if written is not None:
        return f"surpass label start --rows {Path(written.parent.name) / written.name}"
    asked = sum(gap.request.collect for gap in record.gaps if gap.request is not None)
    if not asked:
        return ""
    if found is None:
        return "surpass explain --pool FILE"
    there = sum(len(wanted.places) for wanted in found.wanted)
    return f"surpass explain --pool {pool} --queue {min(asked, there)}" if there else ""
