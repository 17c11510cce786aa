"""Rows that show a gap: three typical ones, the worst, and one that the model gets right."""

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.records.explanation import Examples
from surpass.evaluate.slices.samples import Sample
from surpass.text.clusters import most_central

_TYPICAL = 3


def examples(found: Sample, frame: pl.DataFrame) -> Examples:
    """Names of rows of the slice, chosen by what they are like and how wrong they went.

    Typical are the wrong rows whose words are the most common in the slice. The worst is the most
    wrong one; among equals one that the base got right, then the longest input. Contrast is the
    most typical row that is right.

    Args:
        found: The slice.
        frame: The tuned model's predictions.
    """
    rows, wrong, lost = _by_row(found)
    inside = frame[rows.tolist()]
    order = np.array(most_central(inside[columns.INPUT].to_list()))
    names = inside[columns.ROW].to_list()
    bad, good = [int(i) for i in order if wrong[i] > 0], [int(i) for i in order if wrong[i] == 0]
    if not good:  # texts are never quite right: the best of them
        best = int(np.argmin(wrong))
        good = [best] if wrong[best] < wrong.max() else []
    typical = bad[:_TYPICAL]
    others = [i for i in bad if i not in typical]
    length = inside[columns.INPUT].str.len_chars().to_list()
    worst = max(others, key=lambda i: (wrong[i], lost[i], length[i]), default=None)
    return Examples(
        typical=tuple(names[i] for i in typical),
        worst=None if worst is None else names[worst],
        contrast=names[good[0]] if good else None,
    )


def _by_row(found: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of the slice, how wrong each is, and how much more wrong than under the base."""
    rows, place = np.unique(found.rows[found.inside], return_inverse=True)
    wrong = np.bincount(place, found.wrong[found.inside])
    return rows, wrong, wrong - np.bincount(place, found.base_wrong[found.inside])
