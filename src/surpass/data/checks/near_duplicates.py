"""Rows whose inputs, or answers, are nearly the same text.

**Finds** rows whose input shares at least 80 % of its word runs (or character runs, for short texts
and scripts without spaces) with another row's. With `on = "output"` answers are compared, with
`on = "both"` input and answer as one text.

**Why it matters.** Near copies make the data look larger and more varied than it is. The split
keeps them on one side, so they cost test rows rather than honesty.

**How it decides.** Candidates by MinHash, each pair then verified exactly (Jaccard). Every row is
shown with the row that stands for its cluster: the longest text.

**When it cannot tell.** Labels are no texts to compare. A pair at the threshold is missed
with a chance under 1e-7. Paraphrases in other words are not found.

**What to do.** Look at a few. Templates filled with numbers are often wanted: nothing is dropped
unless you decide so.
"""

from typing import Literal

import numpy as np
import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.settings.section import Share
from surpass.core.wording import counted
from surpass.data.checks.result import CheckResult, Evidence, cannot_tell, clear, evidence_frame
from surpass.text.canonical import canonical
from surpass.text.near_duplicates import NEAR_DUPLICATE, clusters

NAME = "near_duplicates"


class Options(Section, frozen=True, kw_only=True):
    """What is compared, and when two texts count as nearly the same."""

    on: Literal["input", "output", "both"] = "input"  # output: the answers, where they are written
    threshold: Share = NEAR_DUPLICATE  # Jaccard of the texts


_COMPARED = {
    "input": (pl.col(INPUT), "input"),
    "output": (pl.col(TARGET), "answer"),
    "both": (pl.concat_str(INPUT, TARGET, separator="\n"), "input and answer"),
}


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:
    """Show each row that is nearly, but not wholly, the same as its cluster's representative."""
    if options.on == "output" and kind == "classify":
        return cannot_tell(NAME, examples.height, "Labels are no texts to compare.")
    compared, noun = _COMPARED[options.on]
    texts = examples.select(compared.alias("text"))["text"]
    heads = clusters(texts, options.threshold)
    forms, row = canonical(texts), examples[ROW]
    away = np.flatnonzero(heads != np.arange(heads.size))
    members = [
        (place, head)
        for place, head in zip(away, heads[away], strict=True)
        if forms[int(place)] != forms[int(head)]
    ]
    if not members:
        return clear(NAME, examples.height, f"No {noun} is nearly the same as another.")
    found = len({head for _, head in members})
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="review",
        summary=f"{counted(len(members), 'row has', 'rows have')} nearly the {noun} of "
        f"{counted(found, 'other row')} ({len(members) / examples.height:.1%} of the rows).",
        advice="The split keeps rows with nearly the same input together; drop those that add "
        "nothing.",
        evidence=evidence_frame(
            Evidence(
                row[int(place)], row[int(head)], f"Nearly the same {noun} as row {row[int(head)]}."
            )
            for place, head in members
        ),
    )
