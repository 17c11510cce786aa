"""Groups of people that the rows show too seldom, or give other answers.

**Finds** groups whose share of the rows is not the one you declared; answers that one group gets
more often than the rest; pairs of rows that differ only in a word for a group, and in the answer.

**Why it matters.** A tuned model repeats what its rows show. Who is hardly in them is served worst;
what they answer differently to alike questions, it will too.

**How it decides.** Groups are the values of [fairness] groups, else of [data] slices. *Share*: the
declared one lies outside the 95 % Wilson interval. *Answers* (labels only): the gap between a group
and the rest of the rows, in rows that share the declared `factors` (Mantel-Haenszel weights), with
a 95 % interval that counts [data] groups as one; shown if it is 5 points or more and the
Benjamini-Hochberg q over all groups and labels is at most 0.05. *Twins*: one input becomes the
other when the terms of [fairness.swaps] are swapped, and the answers do not. Words that a shown
group uses more are named by log-odds (Monroe et al. 2008).

**When it cannot tell.** Without groups and swaps; for groups under 50 rows. A gap says that answers
differ, not that they should not: a factor that nobody declared may explain it. No gap says little
where groups are small: the summary tells the widest interval.

**What to do.** Look at the twins first. Declare what may well explain a gap as `factors`; collect
rows of groups that are missing. Nothing is reweighed or added unless you decide so.
"""

import re
from collections.abc import Iterator

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET, attribute
from surpass.core.errors import BadInput
from surpass.core.settings import Section
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    cannot_tell,
    clear,
    evidence_frame,
    shortened,
)
from surpass.data.group_gaps import GroupGap, group_gaps
from surpass.measure.intervals import wilson
from surpass.text.canonical import canonical_text
from surpass.text.log_odds import leanings
from surpass.text.swaps import same_answer, swapper

NAME = "bias"
NEEDS = ("slices",)

_SHOWN_ROWS = 3  # rows of each group
_SURE = 4.0  # standard errors from which on a word leans to a group


class Options(Section, frozen=True, kw_only=True):
    """Which groups, what they are compared with, and from where on a gap matters."""

    groups: tuple[str, ...] = ()  # columns; none: those of [fairness], else [data] slices
    reference: tuple[str, ...] = ()  # shares that should be: "gender=female:0.5"
    factors: tuple[str, ...] = ()  # columns that may well change the answer
    swaps: tuple[str, ...] = ()  # "he=she"; none: those of [fairness.swaps]
    smallest_gap: Share = 0.05  # of an answer's rate, that matters
    level: Share = 0.05  # q up to which a gap is none of chance
    fewest_rows: Count = 50  # of a group that is judged


def find(examples: pl.DataFrame, options: Options, kind: str, beside: Beside) -> CheckResult:
    """Name groups that are missing, gaps in answers, and twins."""
    total = examples.height
    names = [n for n in options.groups or beside.slices if attribute(n) in examples.columns]
    if not names and not options.swaps and not options.reference:
        return cannot_tell(
            NAME, total, "No groups of people are declared.",
            "Name columns as groups under [fairness], and words that must not matter as swaps.",
        )  # fmt: skip
    away = list(_misrepresented(examples, options))
    judged = (
        group_gaps(examples, tuple(names), options.factors, options.fewest_rows)
        if kind == "classify"
        else []
    )
    gaps = [g for g in judged if g.q <= options.level and abs(g.held.gap) >= options.smallest_gap]
    twins = list(_twins(examples, options.swaps))
    said = [
        f"{counted(len(twins), 'pair differs', 'pairs differ')} only in a swapped term and answer"
        if twins
        else "",
        *(what for what, _ in away[:3]),
        f"{counted(len(gaps), 'gap')} in how often groups get an answer: {_gap(gaps[0])}"
        f"{_words(examples, gaps[0])}"
        if gaps
        else "",
    ]
    if not (away or gaps or twins):
        return _nothing(total, options, judged)
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review",
        summary="; ".join(filter(None, said)) + ".",
        advice="Look at the pairs first; declare what may explain a gap as `factors`; collect rows "
        "of groups that are missing.",
        evidence=evidence_frame(
            [
                *twins,
                *(item for _, items in away for item in items),
                *(item for gap in gaps for item in _of_gap(examples, gap)),
            ]
        ),
    )


def _nothing(total: int, options: Options, judged: list[GroupGap]) -> CheckResult:
    """Nothing found; whether that says something depends on what could be judged."""
    if judged:
        widest = max((gap.held.high - gap.held.low) / 2 for gap in judged)
        summary = (
            f"{counted(len(judged), 'group and answer', 'groups and answers')} compared: no gap of "
            f"{options.smallest_gap:.0%} or more is sure (intervals up to ±{widest:.0%})."
        )
        return clear(NAME, total, summary)
    if total and (options.swaps or options.reference):
        return clear(NAME, total, "No pair differs only in a swapped term; shares are as declared.")
    summary = f"No group has {options.fewest_rows} rows with answers that can be counted."
    return cannot_tell(NAME, total, summary, "Collect more rows.")


def _misrepresented(
    examples: pl.DataFrame, options: Options
) -> Iterator[tuple[str, list[Evidence]]]:
    """Groups whose share is not the declared one, with some of their rows."""
    for name, value, share in map(declared_share, options.reference):
        column = attribute(name)
        if column not in examples.columns:
            raise BadInput(
                f"[checks.bias] reference: the rows have no column {name!r}.",
                fix="Name a column of the files that [data] does not ignore.",
            )
        known = examples.filter(pl.col(column).is_not_null()).sort(ROW)
        inside = known.filter(pl.col(column) == value)
        if known.height < options.fewest_rows:
            continue
        low, high = wilson(inside.height, known.height, 0.05)
        if low <= share <= high:
            continue
        what = (
            f"{name} = {shortened(value)} is {inside.height / known.height:.1%} of the rows "
            f"({low:.1%} to {high:.1%}), declared {share:.1%}"
        )
        shown = known if inside.is_empty() else inside
        yield what, [Evidence(row, None, f"{what}.") for row in shown[ROW].head(_SHOWN_ROWS)]


def declared_share(text: str) -> tuple[str, str, float]:
    """Column, value and share of one entry of [checks.bias] reference.

    Raises:
        BadInput: it is none.
    """
    parts = re.fullmatch(r"([^=]+)=(.+):\s*(0?\.\d+|[01](?:\.0*)?)", text.strip())
    if not parts:
        raise BadInput(
            f"[checks.bias] reference: {shortened(text)} cannot be read.",
            fix='Write column=value:share, such as "gender=female:0.5".',
        )
    return parts[1].strip(), parts[2].strip(), float(parts[3])


def _twins(examples: pl.DataFrame, swaps: tuple[str, ...]) -> Iterator[Evidence]:
    """Rows whose input with terms swapped is another row's, and whose answer is not."""
    pairs = tuple((first, second) for first, _, second in (one.partition("=") for one in swaps))
    if wrong := [one for one, (a, b) in zip(swaps, pairs, strict=True) if not (a and b)]:
        raise BadInput(
            f"[checks.bias] swaps: {shortened(wrong[0])} is no pair.", fix='Write "he=she".'
        )
    if not pairs:
        return
    swap = swapper(pairs)
    rows = examples.select(ROW, INPUT, TARGET).sort(ROW)
    by_form: dict[str, tuple[str, str]] = {}
    for row, text, answer in rows.iter_rows():
        by_form.setdefault(canonical_text(text), (row, answer))
    for row, text, answer in rows.iter_rows():
        other = swap(text)
        partner, given = by_form.get(canonical_text(other), (row, answer))
        if other != text and row < partner and not same_answer(answer, given, swap):
            reason = f"Row {partner} differs in a swapped term only, and says {shortened(given)}."
            yield Evidence(row, partner, reason)


def _gap(gap: GroupGap) -> str:
    """One gap, and what is left of it where factors are held fixed."""
    held = gap.held
    text = (
        f"{gap.column} = {shortened(gap.value)} gets {shortened(gap.label)} on {gap.rate:.0%} of "
        f"its rows, the rest on {gap.rest:.0%}"
    )
    if held is not gap.plain:
        text += f", {held.gap:+.0%} at equal factors"
    return f"{text} (gap {held.low:+.0%} to {held.high:+.0%})"


def _words(examples: pl.DataFrame, gap: GroupGap) -> str:
    """Words that the group's inputs use more than the rest."""
    column = pl.col(attribute(gap.column))
    inside, beside = (examples.filter(where)[INPUT] for where in _sides(column, gap.value))
    words = [one.word for one in leanings(inside, beside)[:4] if one.z >= _SURE]
    return f"; its words are {', '.join(map(repr, words))}" if words else ""


def _sides(column: pl.Expr, value: str) -> tuple[pl.Expr, pl.Expr]:
    return column == value, column != value


def _of_gap(examples: pl.DataFrame, gap: GroupGap) -> list[Evidence]:
    """Rows of the group: with the label where it has it more often, else with another."""
    says = pl.col(TARGET) == gap.label if gap.held.gap > 0 else pl.col(TARGET) != gap.label
    rows = examples.filter((pl.col(attribute(gap.column)) == gap.value) & says).sort(ROW)
    return [Evidence(row, None, f"{_gap(gap)}.") for row in rows[ROW].head(_SHOWN_ROWS)]
