"""Rows that a random split would tear from their twins.

**Finds** rows that share a group (a customer, a conversation, a document) or nearly their input
with other rows.

**Why it matters.** A random split puts such rows on both sides, and the test then measures memory:
scores rise and mean nothing. This check counts how many test rows that would hit.

**How it decides.** Groups from [data] group and clusters of near-duplicate inputs, joined wherever
they meet. The number of torn test rows is what is expected of a random split with your shares.

**When it cannot tell.** Groups that no column names.

**What to do.** Nothing: `surpass split` keeps them together. Never split such data at random, and
declare the group if rows come from the same customer or conversation.
"""

import numpy as np
import polars as pl

from surpass.core.columns import ROW
from surpass.core.settings import Section, Split
from surpass.core.settings.section import Share
from surpass.core.wording import counted
from surpass.data.atoms import find_atoms
from surpass.data.checks.result import CheckResult, Evidence, clear, evidence_frame
from surpass.text.near_duplicates import NEAR_DUPLICATE

NAME = "straddle"


class Options(Section, frozen=True, kw_only=True):
    """What counts as a twin, and how large a random test would be."""

    threshold: Share = NEAR_DUPLICATE  # Jaccard of the inputs
    test_share: Share = Split().test_share


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:  # noqa: ARG001
    """Count rows whose group or cluster has other rows, and test rows a random split would tear."""
    atoms = find_atoms(examples, options.threshold)
    sizes = np.bincount(atoms.atom)[atoms.atom]
    in_group = np.bincount(atoms.group)[atoms.group] > 1
    in_cluster = np.bincount(atoms.cluster)[atoms.cluster] > 1
    together = np.flatnonzero(sizes > 1)
    if together.size == 0:
        summary = "Every row has a group and an input of its own; a random split would do no harm."
        return clear(NAME, examples.height, summary)
    torn_share = float((1 - options.test_share ** (sizes - 1)).mean())  # of a random test's rows
    row = examples[ROW]
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="note",
        summary=f"{counted(together.size, 'row belongs', 'rows belong')} with others "
        f"({int(in_group.sum()):,} by group, {int(in_cluster.sum()):,} by nearly the same input): "
        f"a random split would show training the twins of {torn_share:.0%} of its test rows.",
        advice="`surpass split` keeps them on one side; never split these rows at random.",
        evidence=evidence_frame(
            Evidence(
                row[place],
                row[int(atoms.atom[place])] if atoms.atom[place] != place else None,
                f"One of {sizes[place]} rows that belong with row {row[int(atoms.atom[place])]}.",
            )
            for place in together.tolist()
        ),
    )
