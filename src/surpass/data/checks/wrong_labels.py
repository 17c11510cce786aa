"""Labels that are probably wrong, those to look at first.

**Finds** rows whose label the other rows argue against. Of records: fields with a closed set of
values, each like a label of its own.

**Why it matters.** A wrong label in training teaches the mistake; in the test it counts right
answers as wrong, and hides which of two good models is better.

**How it decides.** Confident learning (arXiv:1911.00068, by cleanlab). A small model of words and
pieces of words guesses each label from the other rows; rows of one group and near duplicates are
kept out with it, so that a copied mistake does not vote for itself. A label is shown if the model
gives it up for one that it is as sure of as it usually is of that label. The least probable label
comes first. Each of the first 50,000 rows, drawn by a hash, is judged by its first 1,000
characters.

**How far to trust it.** The check is as good as its model. With labels flipped at random in 4,000
questions of seven intents (SNIPS, `benchmarks/planted.py`), 94 % of what it showed was flipped
where one label in 20 was, and 76 % where one in 100 was; the rest only looked wrong to it. Where
77 intents make its model weak it would be right far less often. So it asks its model to agree with
90 % of the labels that it does not doubt, for at most one label in five in doubt, and for a third
of what always guessing the commonest label leaves wrong. After 50 reviews by people the check
publishes its precision on your rows, with a 95 % interval. A review is an answer
on the labelling page, or a line in answers/decisions.jsonl that keeps a row or fixes its answer.
Labels are judged as the files give them, also those that a review has mended: every find counts.

**When it cannot tell.** Under 250 rows or two labels, where the model is too weak (too few rows,
too many labels, or labels that the text does not show), and for free text and code. Labels on
fewer than 5 rows that do not belong together are not judged.

**What it keeps to itself.** Which label it would give. A person who has seen that no longer judges
for themselves, and the row may become a test row. It is told of rows of train after the seal.

**What to do.** Look at the rows in this order (`surpass label start --check wrong_labels`), and
correct what is wrong. Nothing is corrected unless a person says so: rare and hard cases look wrong,
too.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from surpass.core.columns import GIVEN, ROW, TARGET
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
from surpass.data.closed_fields import closed_fields, field_values
from surpass.measure.intervals import wilson

if TYPE_CHECKING:
    from surpass.data.confident import Doubts

NAME = "wrong_labels"
NEEDS = ("reviews", "told")

_CLOSED = 1 / 3  # of the gap between always saying the commonest label and being always right
_LEVEL = 0.05  # of the interval around the precision
_REVIEWED = "reviewed"


class Options(Section, frozen=True, kw_only=True):
    """How good the check must be before it speaks."""

    agreeing_share: Share = 0.9  # of the labels it does not doubt, that its model must guess
    most_doubted: Share = 0.2  # of all labels; with more, the model has not learned them
    fewest_rows: Count = 250
    fewest_reviews: Count = 50  # of its finds by people, before it publishes its precision
    most_rows: Count = 50_000  # with more, that many are drawn by a hash of their ids


class Doubted(NamedTuple):
    """One label that looks wrong."""

    row: str
    field: str  # "" where the answer is one label
    given: str
    likelier: str
    given_chance: float
    likelier_chance: float
    reviewed: str | None  # what a person says it is; none: nobody looked

    def evidence(self, *, told: bool) -> Evidence:
        """Why a person should look; without what the model says where that could sway them."""
        what = f"The field {self.field} says" if self.field else "Labelled"
        said = f"{what} {shortened(self.given)} ({self.given_chance:.0%})"
        likelier = f", {shortened(self.likelier)} is likelier ({self.likelier_chance:.0%})"
        return Evidence(self.row, None, f"{said}{likelier if told else ''}.", column=TARGET)


def find(
    examples: pl.DataFrame, options: Options, kind: str, beside: Beside | None = None
) -> CheckResult:
    """Name the labels that the other rows argue against, the surest first."""
    total = examples.height
    if kind not in ("classify", "extract"):
        return cannot_tell(NAME, total, "Only labels and fields with a closed set are judged.")
    if total < options.fewest_rows:
        summary = f"{counted(total, 'row')}; {options.fewest_rows} are needed."
        return cannot_tell(NAME, total, summary, "Collect more rows.")
    given = _before_review(examples, None if beside is None else beside.reviews)
    labels = _labels(given, kind)
    if not labels:
        return cannot_tell(NAME, total, "No field has a closed set of values.")

    from surpass.data.confident import doubts  # it imports cleanlab

    judged = {name: doubts(given, column, options.most_rows) for name, column in labels.items()}
    able = {name: d for name, d in judged.items() if _is_able(d, options)}
    if not able:
        return _too_weak(judged, total, options)
    doubted = [
        one for name, d in able.items() for one in _doubted(name, d, given, labels[name], kind)
    ]
    doubted = sorted(doubted, key=lambda one: one.given_chance)
    return _result(doubted, able, examples, options, frozenset() if beside is None else beside.told)


def precision_so_far(reviewed: int, wrong: int, fewest: int) -> str:
    """What reviews by people say of the check, as a sentence."""
    if reviewed < fewest:
        asked = f"{reviewed} of {fewest} reviews" if reviewed else f"{fewest} reviews are needed"
        return f"How often it is right is not known yet: {asked}."
    low, high = wilson(wrong, reviewed, _LEVEL)
    return (
        f"Of {reviewed:,} reviewed {wrong:,} were wrong: "
        f"precision {wrong / reviewed:.0%} ({low:.0%} to {high:.0%})."
    )


def _before_review(examples: pl.DataFrame, reviews: pl.DataFrame | None) -> pl.DataFrame:
    """The examples as they were given, with what people say of them beside."""
    if reviews is None:
        return examples.with_columns(pl.lit(None, dtype=pl.String).alias(_REVIEWED))
    said = reviews.select(ROW, GIVEN, pl.col(TARGET).alias(_REVIEWED))
    joined = examples.join(said, on=ROW, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(GIVEN, TARGET).alias(TARGET)).drop(GIVEN)


def _labels(examples: pl.DataFrame, kind: str) -> dict[str, pl.Series]:
    if kind == "classify":
        return {"": examples[TARGET].str.strip_chars()}
    return closed_fields(examples)


def _is_able(one: "Doubts", options: Options) -> bool:
    agrees, commonest = one.agreeing_share, one.commonest_share
    if agrees is None or one.places.size > options.most_doubted * one.judged:
        return False
    return agrees >= options.agreeing_share and agrees - commonest > _CLOSED * (1 - commonest)


def _too_weak(judged: dict[str, "Doubts"], total: int, options: Options) -> CheckResult:
    """What the best of the models reaches, and what would be enough."""
    learned = [one for one in judged.values() if one.agreeing_share is not None]
    if not learned:
        summary = "No two labels have enough rows that do not belong together."
        return cannot_tell(NAME, total, summary, "Collect more rows of each label.")
    best = max(learned, key=lambda one: (-one.places.size / one.judged, one.agreeing_share))
    return cannot_tell(
        NAME,
        total,
        "Labels cannot be judged from the other rows: a model of them doubts "
        f"{best.places.size / best.judged:.0%} of the labels ({options.most_doubted:.0%} at most) "
        f"and agrees with {best.agreeing_share:.0%} of the others ({options.agreeing_share:.0%} "
        f"are needed; {best.commonest_share:.0%} by always saying the commonest).",
        "Collect more rows of each label, or let two people label some rows.",
    )


def _doubted(
    field: str, found: "Doubts", examples: pl.DataFrame, labels: pl.Series, kind: str
) -> Iterator[Doubted]:
    reviewed = examples[_REVIEWED]
    said = reviewed.str.strip_chars() if kind == "classify" else field_values(reviewed, field)
    for number, place in enumerate(found.places.tolist()):
        yield Doubted(
            row=examples[ROW][place],
            field=field,
            given=labels[place],
            likelier=found.likelier[number],
            given_chance=float(found.given_chance[number]),
            likelier_chance=float(found.likelier_chance[number]),
            reviewed=None if reviewed[place] is None else said[place] or "",
        )


def _result(
    doubted: list[Doubted],
    able: dict[str, "Doubts"],
    examples: pl.DataFrame,
    options: Options,
    told: frozenset[str],
) -> CheckResult:
    total = examples.height
    open_ones = [one for one in doubted if one.reviewed is None]
    reviewed = [one for one in doubted if one.reviewed is not None]
    wrong = sum(one.reviewed != one.given for one in reviewed)
    judged = max(one.judged for one in able.values())
    weakest = min(one.agreeing_share or 0 for one in able.values())
    model = (
        f"{judged:,} of {counted(total, 'row was', 'rows were')} judged by a model that agrees "
        f"with {weakest:.0%} of the labels that it does not doubt."
    )
    precision = precision_so_far(len(reviewed), wrong, options.fewest_reviews)
    if not open_ones:
        nothing = (
            "All labels that looked wrong were reviewed." if doubted else "No label stands out."
        )
        summary = " ".join([nothing, model, *([precision] if doubted else [])])
        return clear(NAME, total, summary)
    rows = len({one.row for one in open_ones})
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review",
        summary=f"{counted(rows, 'row looks', 'rows look')} wrongly labelled. {model} {precision}",
        advice="Look at them in this order: surpass label start --check wrong_labels.",
        evidence=evidence_frame(one.evidence(told=one.row in told) for one in open_ones),
    )
