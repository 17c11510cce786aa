"""A detector of errors beyond a declared rate that may be looked at after every label."""

from typing import NamedTuple

import numpy as np

from surpass.measure.statistics import Floats

_LIFTS = (1.2, 1.4, 1.8, 2.4, 3.2, 4.2)  # of the odds of an error that it is made to find


class Alarm(NamedTuple):
    """Where the evidence became enough, counted in labels from 0."""

    at: int
    since: int  # the label from which on the evidence grew: an estimate of when it changed
    evidence: float  # e-value at the alarm


def evidence_path(errors: Floats, most: float) -> Floats:
    """Log evidence after each label that more than `most` are wrong, shape (labels,).

    M_t = L_t max(M_(t-1), 1), averaged over alternatives. As long as no more than `most` are wrong,
    the mean number of labels until M reaches A is at least A, however often one looks.

    Args:
        errors: 1 where the answer was wrong, else 0, in order of arrival, shape (labels,).
        most: The share of wrong answers that is still accepted, above 0 and below 1.

    Source:
        Shin, Ramdas and Rinaldo 2023, E-detectors (arXiv:2203.03532), e-CUSUM of section 3.
    """
    paths = []
    for lift in _LIFTS:
        odds = lift * most / (1 - most)
        worse = odds / (1 + odds)
        gains = np.where(errors > 0, np.log(worse / most), np.log((1 - worse) / (1 - most)))
        total = np.concatenate([[0.0], np.cumsum(gains)])
        paths.append(total[1:] - np.minimum.accumulate(total)[:-1])
    return np.asarray(np.logaddexp.reduce(np.stack(paths), axis=0) - np.log(len(paths)))


def first_alarm(errors: Floats, most: float, labels_a_false_alarm: float) -> Alarm | None:
    """The first label at which the evidence reaches the bar, or None.

    Args:
        errors: As in evidence_path.
        most: As in evidence_path.
        labels_a_false_alarm: So many labels come, on average and at least, before a false alarm.
    """
    if errors.size == 0:
        return None
    path = evidence_path(errors, most)
    over = np.flatnonzero(path >= np.log(labels_a_false_alarm))
    if over.size == 0:
        return None
    at = int(over[0])
    calm = np.flatnonzero(path[: at + 1] <= 0)
    since = int(calm[-1]) + 1 if calm.size else 0
    return Alarm(at, min(since, at), float(np.exp(min(path[at], 700.0))))


def evenly_drawn(weights: Floats, draws: Floats) -> np.ndarray:
    """Which labels to keep so that those kept are an even sample of all requests, shape (labels,).

    A request that was labelled with probability q stands for 1/q requests; it is kept with a
    probability in proportion, so rare choices are kept and common ones thinned out.

    Args:
        weights: 1/q of each label, shape (labels,).
        draws: A number from 0 to 1 for each label, fixed by its request, shape (labels,).
    """
    return np.asarray(draws < weights / weights.max())
