"""How often each label was expected, answered, and both at once."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.metrics.metric import all_labels, readable_answers
from surpass.measure.statistics import Floats, Integers


class Counts(NamedTuple):
    """One line a row, one column a label, 1 where it is so."""

    hits: Floats
    answered: Floats  # all 0 where no label of the set was answered
    expected: Floats
    labels: tuple[str, ...]  # of the columns
    strata: Integers  # place of each row's expected label in the whole set


def label_counts(predictions: pl.DataFrame, labels: tuple[str, ...]) -> Counts:
    """Counts of every label: the closed set, then expected labels outside it.

    Raises:
        BadInput: a row has no expected label.
    """
    known = all_labels(predictions, labels)
    expected = label_codes(predictions[columns.TARGET].to_list(), known)
    if (expected < 0).any():
        raise BadInput("Some test rows have no label.", fix="Label them, or leave them out.")
    answered = label_codes(readable_answers(predictions), known)
    one_hot = np.vstack([np.eye(len(known)), np.zeros(len(known))])  # the last row: no label
    is_expected, is_answered = one_hot[expected], one_hot[answered]
    return Counts(is_expected * is_answered, is_answered, is_expected, known, expected)


def with_rows(counts: Counts) -> tuple[Counts, tuple[str, ...]]:
    """The labels that some row expects, and a sentence about the others."""
    there = np.asarray(counts.expected.any(axis=0), dtype=bool)
    kept, absent = ([counts.labels[n] for n in np.flatnonzero(one)] for one in (there, ~there))
    return _columns(counts, there, tuple(kept)), left_out(absent)


def of_label(counts: Counts, label: str) -> Counts:
    """The column of one label.

    Raises:
        BadInput: no such label is known.
    """
    if label not in counts.labels:
        shown = ", ".join(repr(one) for one in counts.labels[:10])
        raise BadInput(f"There is no label {label!r}.", fix=f"The labels are: {shown}.")
    chosen = np.array([one == label for one in counts.labels])
    return _columns(counts, chosen, (label,))


def _columns(counts: Counts, chosen: NDArray[np.bool_], labels: tuple[str, ...]) -> Counts:
    hits, answered, expected = (part[:, chosen] for part in counts[:3])
    return Counts(hits, answered, expected, labels, counts.strata)


def label_codes(names: list[str], labels: tuple[str, ...]) -> Integers:
    """Place of each name in the label set, shape (rows,); -1 for a name outside it."""
    place = {label: code for code, label in enumerate(labels)}
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def left_out(labels: list[str]) -> tuple[str, ...]:
    """A sentence about the labels that a mean does without; nothing if there are none."""
    if not labels:
        return ()
    noun = "label is" if len(labels) == 1 else "labels are"
    return (f"{len(labels)} {noun} left out of the mean (first: {labels[0]!r}).",)
