"""macro_f1: F1 of each label, averaged over labels."""

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.metrics.metric import all_labels, readable_answers
from surpass.measure.statistics import Additive, Floats, Integers, Statistics, divided

ABSENT_CLASSES = (
    "A label without test rows is left out of the mean, for every model alike; an answer that "
    "names it is wrong and counts against the label that was expected."
)


class MacroF1:
    """F1 of each label, averaged over the labels: a rare label weighs as much as a common one.

    How: F1 of a label is 2 * hits / (answers with it + rows that expect it). A label without test
    rows is left out of the mean for every model alike, whatever was answered, so that two models
    are always averaged over the same labels. An unreadable answer names no label: it costs the
    label that was expected. Expected labels outside the closed set count with F1 0.

    When it misleads: when rare labels have a handful of rows, their F1 jumps with each answer and
    takes the mean along; the bounds widen then. It says nothing about which labels are confused.

    Source: van Rijsbergen 1979 for F1; equals scikit-learn's `f1_score(average="macro",
    labels=those with rows, zero_division=0)`.
    """

    name = "macro_f1"
    version = 1
    kinds: tuple[str, ...] = ("classify",)
    title = "macro F1"
    higher_is_better = True
    by_label = True

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:
        """Three counts a label: hits, answers, expected."""
        known = all_labels(predictions, labels)
        expected = label_codes(predictions[columns.TARGET].to_list(), known)
        answered = label_codes(readable_answers(predictions), known)
        if (expected < 0).any():
            raise BadInput("Some test rows have no label.", fix="Label them, or leave them out.")
        one_hot = np.vstack([np.eye(len(known)), np.zeros(len(known))])  # the last row: no label
        is_expected, is_answered = one_hot[expected], one_hot[answered]
        with_rows = np.any(is_expected, axis=0)
        parts = [
            counts[:, with_rows] for counts in (is_expected * is_answered, is_answered, is_expected)
        ]
        there = set(np.flatnonzero(with_rows))
        absent = [label for code, label in enumerate(known) if code not in there]
        return Additive(np.hstack(parts), _mean_f1, strata=expected, notes=left_out(absent))


def left_out(labels: list[str]) -> tuple[str, ...]:
    """A sentence about the labels that a mean does without; nothing if there are none."""
    if not labels:
        return ()
    noun = "label is" if len(labels) == 1 else "labels are"
    return (f"{len(labels)} {noun} left out of the mean (first: {labels[0]!r}).",)


def label_codes(names: list[str], labels: tuple[str, ...]) -> Integers:
    """Place of each name in the label set, shape (rows,); -1 for a name outside it."""
    place = {label: code for code, label in enumerate(labels)}
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def _mean_f1(parts: Floats) -> Floats:
    """Hits, answers and expected, in that order with one column a label, to macro F1."""
    hits, answered, expected = np.split(parts, 3, axis=-1)
    there = expected > 0
    of_each = np.where(there, divided(2 * hits, answered + expected), 0.0)
    return divided(of_each.sum(axis=-1), there.sum(axis=-1).astype(np.float64))
