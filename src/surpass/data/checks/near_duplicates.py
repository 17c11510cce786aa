"""Rows whose inputs are nearly the same text.

**Finds** rows whose input shares at least 80 % of its word runs (or character runs, for short texts
and scripts without spaces) with another row's.

**Why it matters.** Near copies make the data look larger and more varied than it is. The split
keeps them on one side, so they cost test rows rather than honesty.

**How it decides.** Candidates by MinHash, each pair then verified exactly (Jaccard). Every row is
shown with the row that stands for its cluster: the longest text.

**When it cannot tell.** Never; a pair at the threshold is missed with a chance under 1e-7.
Paraphrases in other words are not found.

**What to do.** Look at a few. Templates filled with numbers are often wanted: nothing is dropped
unless you decide so.
"""

import numpy as np
import polars as pl

from surpass.core.columns import INPUT, ROW
from surpass.core.settings import Section
from surpass.core.settings.section import Share
from surpass.core.wording import counted
from surpass.data.checks.result import CheckResult, Evidence, clear, evidence_frame
from surpass.text.canonical import canonical
from surpass.text.near_duplicates import NEAR_DUPLICATE, clusters

NAME = "near_duplicates"


class Options(Section, frozen=True, kw_only=True):
    """When two inputs count as nearly the same."""

    threshold: Share = NEAR_DUPLICATE  # Jaccard of the inputs


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:  # noqa: ARG001
    """Show each row that is nearly, but not wholly, the same as its cluster's representative."""
    heads = clusters(examples[INPUT], options.threshold)
    forms, row = canonical(examples[INPUT]), examples[ROW]
    away = np.flatnonzero(heads != np.arange(heads.size))
    members = [
        (place, head)
        for place, head in zip(away, heads[away], strict=True)
        if forms[int(place)] != forms[int(head)]
    ]
    if not members:
        return clear(NAME, examples.height, "No input is nearly the same as another.")
    found = len({head for _, head in members})
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="review",
        summary=f"{counted(len(members), 'row has', 'rows have')} nearly the input of "
        f"{counted(found, 'other row')} ({len(members) / examples.height:.1%} of the rows).",
        advice="The split keeps them together; drop those that add nothing.",
        evidence=evidence_frame(
            Evidence(
                row[int(place)], row[int(head)], f"Nearly the same input as row {row[int(head)]}."
            )
            for place, head in members
        ),
    )
