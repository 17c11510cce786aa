"""Answers that are much rarer than others.

**Finds** labels with fewer than 5 rows and labels that are more than 20 times rarer than the
commonest. For records: fields that fewer than 5 rows have. Free text has no labels: cannot tell.

**Why it matters.** What is hardly seen is hardly learned, and can hardly be tested: with one test
row a label's score is 0 or 1. A label that covers nearly everything makes guessing look good.

**How it decides.** By counting.

**When it cannot tell.** Under 20 rows, and for free text.

**What to do.** Collect rows for the rare ones, merge labels that mean the same, or drop a label
that you do not need. Judge by macro-averaged metrics, which weigh all labels alike.
"""

from collections import Counter

import polars as pl

from surpass.core.columns import ROW, TARGET
from surpass.core.settings import Section
from surpass.core.settings.section import Count
from surpass.core.wording import counted
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    cannot_tell,
    clear,
    evidence_frame,
    shortened,
)
from surpass.data.fields import fields_of

NAME = "imbalance"


class Options(Section, frozen=True, kw_only=True):
    """When a label or field counts as rare."""

    fewest_rows: Count = 5  # of a label or field
    largest_ratio: Count = 20  # of the commonest label to another
    fewest_examined: Count = 20  # rows under which nothing is said


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:
    """Count labels, or rows that have each field."""
    total = examples.height
    if kind in ("generate", "code"):
        return cannot_tell(NAME, total, "Free text has no labels to count.")
    if total < options.fewest_examined:
        summary = f"{counted(total, 'row')}; {options.fewest_examined} are needed to count labels."
        return cannot_tell(NAME, total, summary, "Collect more rows.")
    held = _held(examples[TARGET], kind)
    counts = Counter(name for names in held for name in names)
    noun = "label" if kind == "classify" else "field"
    if not counts:
        return cannot_tell(NAME, total, f"No row has a {noun}.")
    (first, most), (last, least) = counts.most_common()[0], counts.most_common()[-1]
    ratio = options.largest_ratio if kind == "classify" else total  # fields may well be rare
    rare = {n for n, rows in counts.items() if rows < max(options.fewest_rows, most / ratio)}
    spread = (
        f"{counted(len(counts), noun)}; the commonest is {shortened(first)} with {most} of "
        f"{counted(total, 'row')}, the rarest {shortened(last)} with {least}"
    )
    if not rare:
        return clear(NAME, total, spread + ".")
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review",
        summary=f"{counted(len(rare), f'rare {noun}')} among {spread}.",
        advice=f"Collect rows for {', '.join(sorted(rare)[:5])}, or merge them with others.",
        evidence=evidence_frame(
            Evidence(row, None, f"The {noun} {shortened(name)} has {counted(counts[name], 'row')}.")
            for row, names in zip(examples[ROW], held, strict=True)
            for name in names
            if name in rare
        ),
    )


def _held(targets: pl.Series, kind: str) -> list[list[str]]:
    """The label of each row, or the fields that it has."""
    if kind == "classify":
        return [[label] if label.strip() else [] for label in targets]
    return [list(fields or {}) for fields in fields_of(targets)]
