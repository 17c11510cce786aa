"""From log-probabilities of labels to answers: length normalisation and label-prior calibration.

A base model favours some labels whatever the input says, and long labels lose because every token
costs. Both are mended without training; which mending suits is chosen on the validation rows.

Source: Zhao et al. 2021, Calibrate Before Use (arXiv:2102.09690), with the prior taken from real
inputs, without their labels, instead of from content-free ones.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Scoring(NamedTuple):
    """One way to read label scores."""

    per_token: bool  # mean instead of sum of the label's token log-probabilities
    calibrated: bool  # divide by the label's average probability on the validation inputs

    @property
    def name(self) -> str:
        """For reports: "sum", "mean per token", each with "calibrated" in front or not."""
        way = "mean per token" if self.per_token else "sum"
        return f"calibrated {way}" if self.calibrated else way


ALL = tuple(
    Scoring(per_token, calibrated) for per_token in (False, True) for calibrated in (False, True)
)


def named(name: str) -> Scoring:
    """The scoring whose `name` this is."""
    return next(scoring for scoring in ALL if scoring.name == name)


def label_prior(log_probabilities: Floats, lengths: NDArray[np.int64], scoring: Scoring) -> Floats:
    """Average probability of each label over items, shape (labels,); sums to 1."""
    return np.asarray(_normalised(_raw(log_probabilities, lengths, scoring)).mean(axis=0))


def label_probabilities(
    log_probabilities: Floats, lengths: NDArray[np.int64], scoring: Scoring, prior: Floats
) -> Floats:
    """Probability of each label for each item, shape (items, labels); rows sum to 1.

    Args:
        log_probabilities: Of each label's text with its end token, shape (items, labels).
        lengths: Tokens of each label, end token included, shape (labels,).
        scoring: How to read them.
        prior: `label_prior` of validation inputs under the same scoring; used if calibrated.
    """
    raw = _raw(log_probabilities, lengths, scoring)
    return _normalised(raw - np.log(prior + 1e-12)) if scoring.calibrated else _normalised(raw)


def _raw(log_probabilities: Floats, lengths: NDArray[np.int64], scoring: Scoring) -> Floats:
    return log_probabilities / lengths if scoring.per_token else log_probabilities


def _normalised(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
