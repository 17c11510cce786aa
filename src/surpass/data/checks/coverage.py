"""What production asks and the slices that matter, against how many rows there are of each.

**Finds** groups of production's questions with hardly a row near them; values of the declared
slices with few rows; labels that a slice hardly has though both are common; inputs that all begin
with the same words.

**Why it matters.** What training hardly shows is hardly learned, however many rows there are of
the rest. The score on a test drawn from the same rows does not show it.

**How it decides.** Production's texts (at most 5,000) are grouped by their words: 20 texts a group
on average, 60 groups at most. A row is near the group that it resembles most, if it resembles its
centre as much as nine in ten of the group's own texts do. A group with fewer than 10 rows is shown,
the largest share of the traffic first. A slice needs 20 rows; a label within a slice 5, where at
least 5 would be there if labels were spread alike. Texts share a template if their first 8 words
are the same.

**When it cannot tell.** Without [data] traffic only slices and templates are counted; without
slices either, nothing is said. Under 40 texts traffic is not grouped. Groups go by words: where
topics share their words (77 kinds of questions to one bank), most of what is missing stays unseen;
topics with words of their own are found.

**What to do.** Label the rows of production that the finding shows, most typical first, and add
them to the training files.
"""

from collections.abc import Iterator

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET, attribute
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
from surpass.data.traffic_clusters import TrafficCluster, traffic_clusters
from surpass.text.shingles import spaceless

NAME = "coverage"
NEEDS = ("traffic", "slices")

_SHOWN_ASKED = 5  # rows of each group, to be labelled
_SHOWN_ROWS = 3  # rows of a slice
_TEMPLATE_WORDS = 8
_NO_TRAFFIC = "What production is asked is not known"
_NAME_THEM = 'Name files of its inputs, traffic = ["traffic.csv"], and slices = [...] under [data].'


class Options(Section, frozen=True, kw_only=True):
    """How many rows are enough."""

    fewest_near: Count = 10  # rows near a group of production's questions
    fewest_in_slice: Count = 20  # rows of each value of a declared slice
    fewest_in_cell: Count = 5  # rows of a label within a slice, where so many would be expected
    most_template: Share = 0.5  # of the inputs that share their first 8 words with 4 others or more


def find(examples: pl.DataFrame, options: Options, kind: str, beside: Beside) -> CheckResult:
    """Say what is asked and hardly taught, and which rows to collect first."""
    total = examples.height
    if total == 0:
        return cannot_tell(NAME, 0, "There are no rows.", "Name files with rows in [data] train.")
    groups = () if beside.traffic is None else traffic_clusters(examples, beside.traffic)
    bare = [group for group in groups if group.near < options.fewest_near]
    thin = list(_thin(examples, beside.slices, options, kind))
    alike = _template_rows(examples)
    share = alike.len() / total
    said = [
        _of_traffic(groups, bare, beside, options.fewest_near),
        f"{counted(len(thin), 'slice or label in it has', 'slices or labels in them have')} "
        f"too few rows: {thin[0][0]}"
        if thin
        else "",
        f"{share:.0%} of the inputs begin with the same {_TEMPLATE_WORDS} words as 4 others",
    ]
    summary = "; ".join(filter(None, said)) + "."
    if not bare and not thin and share <= options.most_template:
        if not groups and not beside.slices:
            return cannot_tell(NAME, total, summary, _NAME_THEM)
        return clear(NAME, total, summary)
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review" if bare or thin else "note",
        summary=summary,
        advice=_advice(bare, thin),
        evidence=evidence_frame(
            [
                *_asked(bare),
                *(item for _, items in thin for item in items),
                *(
                    Evidence(row, None, "Begins with the same words as 4 others or more.")
                    for row in (alike if share > options.most_template else ())
                ),
            ]
        ),
    )


def _of_traffic(
    groups: tuple[TrafficCluster, ...], bare: list[TrafficCluster], beside: Beside, fewest: int
) -> str:
    """The one number that a customer needs, first."""
    if beside.traffic is None:
        return _NO_TRAFFIC
    if not groups:
        return f"{counted(beside.traffic.height, 'row')} of traffic, too few to group"
    near = f"{sum(group.share for group in bare):.0%} of your traffic has fewer than {fewest} rows"
    if not bare:
        return f"{near} near it, in {counted(len(groups), 'group')}"
    worst = bare[0]
    return (
        f"{near} near it, in {len(bare)} of {counted(len(groups), 'group')}; the largest "
        f"({', '.join(worst.terms) or 'no words of its own'}) is {worst.share:.1%} of the traffic "
        f"with {counted(worst.near, 'row')}"
    )


def _advice(bare: list[TrafficCluster], thin: list[tuple[str, list[Evidence]]]) -> str:
    if bare:
        return "Label the rows of the traffic that are shown, and add them to the training files."
    if thin:
        return (
            "Collect rows of those slices, or take what cannot be collected out of [data] slices."
        )
    return "Put what all rows have in common into the instruction of the task."


def _asked(bare: list[TrafficCluster]) -> Iterator[Evidence]:
    """The traffic to label: the most typical row of each group, then the second of each."""
    for turn in range(_SHOWN_ASKED):
        for group in bare:
            if turn < len(group.asked):
                words = ", ".join(group.terms) or "no words of its own"
                reason = f"{group.share:.1%} of the traffic ({words}): "
                yield Evidence(
                    group.asked[turn], None, f"{reason}{counted(group.near, 'row')} near it."
                )


def _thin(
    examples: pl.DataFrame, slices: tuple[str, ...], options: Options, kind: str
) -> Iterator[tuple[str, list[Evidence]]]:
    """What has too few rows, and some rows of it; whole slices before labels within them."""
    for name in slices:
        column = attribute(name)
        if column not in examples.columns:
            continue
        held = examples.filter(pl.col(column).is_not_null()).sort(ROW)
        values = held.group_by(column).len().sort("len", column)
        for value, rows in values.filter(pl.col("len") < options.fewest_in_slice).iter_rows():
            what = f"{name} = {shortened(value)} has {counted(rows, 'row')}"
            yield what, _some(held.filter(pl.col(column) == value), what)
        if kind == "classify":
            yield from _thin_cells(held, name, options)


def _thin_cells(
    held: pl.DataFrame, name: str, options: Options
) -> Iterator[tuple[str, list[Evidence]]]:
    column = attribute(name)
    cells = held.group_by(column, TARGET).len("rows")
    of_value = held.group_by(column).len("of_value")
    of_label = held.group_by(TARGET).len("of_label")
    every = of_value.join(of_label, how="cross").join(cells, on=[column, TARGET], how="left")
    expected = pl.col("of_value") * pl.col("of_label") / held.height
    rare = every.with_columns(pl.col("rows").fill_null(0)).filter(
        (pl.col("rows") < options.fewest_in_cell)
        & (expected >= options.fewest_in_cell)
        & (pl.col("of_value") >= options.fewest_in_slice)
    )
    ordered = rare.sort("rows", pl.col("of_value") * pl.col("of_label"), column, TARGET)
    for value, label, rows in ordered.select(column, TARGET, "rows").iter_rows():
        what = f"{name} = {shortened(value)} has {counted(rows, 'row')} of {shortened(label)}"
        inside = held.filter(pl.col(column) == value)
        own = inside.filter(pl.col(TARGET) == label)
        yield what, _some(inside if own.is_empty() else own, what)


def _some(rows: pl.DataFrame, what: str) -> list[Evidence]:
    return [Evidence(row, None, f"{what}.") for row in rows[ROW].head(_SHOWN_ROWS)]


def _template_rows(examples: pl.DataFrame) -> pl.Series:
    """Rows of more than 8 words whose first 8 are those of 4 others."""
    lower = pl.col(INPUT).str.to_lowercase()
    bare = pl.lit(spaceless(examples[INPUT]))  # there, three letters count as a word
    words = (
        pl.when(bare)
        .then(lower.str.extract_all(r"\w{1,3}"))
        .otherwise(lower.str.extract_all(r"\w+"))
    )
    long = examples.select(ROW, words.alias("words")).filter(
        pl.col("words").list.len() > _TEMPLATE_WORDS
    )
    first = pl.col("words").list.head(_TEMPLATE_WORDS).list.join(" ")
    begun = long.select(ROW, first.alias("first"))
    return begun.filter(pl.len().over("first") > 4)[ROW]
