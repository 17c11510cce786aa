"""People's judgements of some rows, a judge's of all of them: one mean, with sound bounds.

The judge may be wrong, even always: it only decides how wide the bounds are. What people said is
what is estimated, and the rows that they saw must have been drawn at random.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import special

from surpass.core.errors import BadInput, CannotTell
from surpass.measure.bootstrap import MIN_GROUPS, Levels
from surpass.measure.statistics import Floats

MIN_LABELS = 50
"""Below this nothing is corrected: the normal approximation, and lambda, rest on the labels."""


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """A mean of people's judgements, made more precise by a judge's."""

    estimate: float
    low: float  # one-sided, at the level of Levels.low
    high: float
    error: float  # standard error by group
    trust: float  # lambda, 0 to 1; 0: the judge says nothing about what people say
    labels: int  # rows that people judged
    rows: int  # all rows that the judge judged
    groups: int  # of all rows


def corrected_mean(
    said: Floats, judged: Floats, groups: NDArray[np.int64], levels: Levels, *, spread: float = 1.0
) -> Corrected:
    """What people would say on average, from their judgements of some rows and a judge's of all.

    Rows of one group vary together, whoever judged them. One label that nobody gave goes against
    each bound: where judge and people never differ on 50 rows, they may still on the next.

    Args:
        said: People's judgement of each row, shape (rows,); nan where nobody was asked.
        judged: The judge's of the same rows.
        groups: Group of each row, shape (rows,).
        levels: One-sided levels of the bounds; nothing is drawn.
        spread: The most by which two judgements of people can differ.

    Raises:
        CannotTell: fewer than 50 labels, or labels in fewer than 20 groups.
        BadInput: the judge left a row out.

    Source:
        Angelopoulos, Duchi and Zrnic 2023, PPI++: Efficient Prediction-Powered Inference
        (arXiv:2311.01453), sections 2 and 6; standard errors by group of Liang and Zeger 1986 with
        the factor C / (C - 1).
    """
    if np.isnan(judged).any():
        raise BadInput("The judge has not judged every row.", fix="Run `surpass rate judge`.")
    labelled = ~np.isnan(said)
    labels, labelled_groups = int(labelled.sum()), np.unique(groups[labelled]).size
    _require_enough(labels, labelled_groups)
    people, theirs, others = said[labelled], judged[labelled], judged[~labelled]
    trust = _trust(people, theirs, others)
    # Where everything is labelled there is nothing that the judge could add.
    elsewhere = float(others.mean()) if others.size else 0.0
    rest = people - trust * theirs
    estimate = trust * elsewhere + float(rest.mean())
    influence = np.zeros(said.size)
    influence[labelled] = (rest - rest.mean()) / labels
    influence[~labelled] = trust * (others - elsewhere) / max(1, others.size)
    member = np.unique(groups, return_inverse=True)[1]
    sums = np.bincount(member, influence)
    error = float(np.sqrt(sums.size / (sums.size - 1) * (sums**2).sum()))
    wide = float(np.hypot(error, spread / labels))
    # The labels are the scarce part: their groups are what the variance is known from.
    low, high = (
        float(special.stdtrit(labelled_groups - 1, 1 - level))
        for level in (levels.low, levels.high)
    )
    return Corrected(
        estimate=estimate,
        low=estimate - low * wide,
        high=estimate + high * wide,
        error=error,
        trust=trust,
        labels=labels,
        rows=said.size,
        groups=sums.size,
    )


def _require_enough(labels: int, groups: int) -> None:
    if labels < MIN_LABELS:
        raise CannotTell(
            f"People judged {labels} rows; a judge can be corrected from {MIN_LABELS}.",
            fix=f"Let people rate {MIN_LABELS - labels} more rows.",
        )
    if groups < MIN_GROUPS:
        raise CannotTell(
            f"People judged rows of {groups} groups; a bound needs {MIN_GROUPS}.",
            fix="Let people rate rows of more groups.",
        )


def _trust(people: Floats, theirs: Floats, others: Floats) -> float:
    """The lambda with the smallest variance, were every row a group of its own; any is valid."""
    if not others.size:
        return 0.0
    together = np.concatenate([theirs, others])
    variance = float(together.var(ddof=1))
    if variance == 0:
        return 0.0
    shared = float(((people - people.mean()) * (theirs - theirs.mean())).mean())
    return float(np.clip(shared / ((1 + people.size / others.size) * variance), 0, 1))
