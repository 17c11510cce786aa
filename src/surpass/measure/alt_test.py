"""May a judge stand in for a person? Whether it is at least as close to the others as a person is.

The alternative annotator test: each person in turn is left out and compared with the judge by how
well either agrees with the people who are left.
"""

from typing import Literal

import msgspec
import numpy as np
import polars as pl
from scipy import stats

from surpass.core.errors import CannotTell
from surpass.core.judgements import ITEM, RATER
from surpass.measure.statistics import Floats

People = Literal["experts", "skilled", "crowd"]
EPSILON: dict[People, float] = {"experts": 0.2, "skilled": 0.15, "crowd": 0.1}
"""How much closer than the judge a person must be to be worth the cost, by who they are."""
MIN_PEOPLE = 3
MIN_ITEMS_A_PERSON = 30
"""Shared with somebody else; below this the t-test is not to be relied on."""
ENOUGH = 0.5
"""The judge may stand in for people if it wins against at least so many of them."""


class AltTest(msgspec.Struct, frozen=True, kw_only=True):
    """What came out."""

    omega: float  # share of the people against whom the judge wins
    advantage: float  # rho: how often the judge is as close to the others as the person left out
    people: int  # who were compared
    items: int  # that two people and the judge have judged
    epsilon: float

    @property
    def passed(self) -> bool:
        """Whether the judge may stand in for people like these."""
        return self.omega >= ENOUGH


def alt_test(
    said: pl.DataFrame, judged: dict[str, str], value: str, *, epsilon: float, level: float = 0.05
) -> AltTest:
    """Compare a judge with each person by their agreement with everybody else.

    Args:
        said: One row a judgement: ITEM, RATER and `value`; at most one of a person on an item.
        judged: The judge's values by item.
        value: Column of what was said.
        epsilon: What a person must be better by to be worth the cost; see EPSILON.
        level: False discoveries tolerated among the people.

    Raises:
        CannotTell: fewer than 3 people with 30 items each that somebody else judged too.

    Source:
        Calderon, Reichart and Dror 2025, The Alternative Annotator Test for LLM-as-a-Judge
        (arXiv:2501.10970), section 3.
    """
    shared = said.filter(
        pl.col(ITEM).is_in(list(judged)) & (pl.col(RATER).n_unique().over(ITEM) > 1)
    )
    closeness = {
        str(name): _closeness(shared, judged, str(name), value)
        for name in sorted(shared[RATER].unique())
    }
    enough = [found for found in closeness.values() if found.shape[0] >= MIN_ITEMS_A_PERSON]
    if len(enough) < MIN_PEOPLE:
        raise CannotTell(
            f"{len(enough)} people judged {MIN_ITEMS_A_PERSON} rows that somebody else judged too; "
            f"the test needs {MIN_PEOPLE}.",
            fix="Raise [rating] overlap and overlap_raters, and rate again.",
        )
    p = np.array([_p_value(found[:, 1] - found[:, 0], epsilon) for found in enough])
    rejected = stats.false_discovery_control(p, method="by") <= level
    return AltTest(
        omega=float(rejected.mean()),
        advantage=float(np.mean([found[:, 0].mean() for found in enough])),
        people=len(enough),
        items=shared[ITEM].n_unique(),
        epsilon=epsilon,
    )


def _closeness(shared: pl.DataFrame, judged: dict[str, str], person: str, value: str) -> Floats:
    """Whether the judge, and whether the person, is no further from the others; shape (items, 2).

    One row for each item of the person that somebody else has judged too.
    """
    mine = dict(shared.filter(pl.col(RATER) == person).select(ITEM, value).iter_rows())
    others = shared.filter((pl.col(RATER) != person) & pl.col(ITEM).is_in(list(mine)))
    found = []
    for (item,), rows in others.group_by(ITEM, maintain_order=True):
        theirs = rows[value].to_numpy()
        judge, own = (float((theirs == one).mean()) for one in (judged[str(item)], mine[item]))
        found.append((float(judge >= own), float(own >= judge)))
    return np.array(found).reshape(-1, 2)


def _p_value(ahead: Floats, epsilon: float) -> float:
    """Of the claim that the person is ahead of the judge by `epsilon` or more; small: it is not."""
    if np.ptp(ahead) == 0:  # a t-test of equal numbers has no variance
        return 0.0 if ahead[0] < epsilon else 1.0
    return float(stats.ttest_1samp(ahead, epsilon, alternative="less").pvalue)
