"""What people's comparisons of two answers say: win rate, sign test, biases of side and length.

An item counts once, however many people judged it. Bounds come from weights on items times weights
on raters: items were drawn, and so were raters.
"""

from collections.abc import Iterator

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special, stats

from surpass.core.errors import CannotTell
from surpass.core.judgements import CHOICE, ITEM, LEFT, LEFT_CHARACTERS, RATER, RIGHT_CHARACTERS
from surpass.measure.statistics import Floats

MIN_ITEMS = 20
"""Below this no bound is given."""
RATERS_FOR_ALL = 10
"""With fewer raters a result is about these raters, not about raters in general."""

_CELLS = 2_000_000  # numbers held at once: 16 MB an array


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """A share with its two-sided bounds; no bounds where none is sound."""

    estimate: float
    low: float | None
    high: float | None
    judgements: int
    items: int
    raters: int


class SignTest(msgspec.Struct, frozen=True, kw_only=True):
    """Items that one model won and lost by most votes; `p` is two-sided and exact."""

    won: int
    lost: int
    tied: int
    p: float


class LengthBias(msgspec.Struct, frozen=True, kw_only=True):
    """How the odds of being preferred change when an answer is twice as long as the other."""

    odds_ratio: float  # 1: length makes no difference
    low: float
    high: float
    judgements: int


def outcomes_for(frame: pl.DataFrame, model: str) -> Floats:
    """1 where the model was preferred, 0 where the other was, 1/2 for "tie" and "both bad"."""
    left = (frame[LEFT] == model).to_numpy()
    choice = frame[CHOICE].to_numpy()
    won = np.where(left, choice == "left", choice == "right")
    lost = np.where(left, choice == "right", choice == "left")
    found: Floats = 0.5 + 0.5 * won - 0.5 * lost
    return found


def win_rate(
    frame: pl.DataFrame, model: str, *, alpha: float = 0.05, draws: int = 2_000, seed: int = 0
) -> Rate:
    """Wins and half the ties of one model, over items, with bounds by item and rater.

    Raises:
        CannotTell: nothing was judged.
    """
    return weighted_rate(frame, outcomes_for(frame, model), alpha=alpha, draws=draws, seed=seed)


def position_bias(
    frame: pl.DataFrame, *, alpha: float = 0.05, draws: int = 2_000, seed: int = 0
) -> Rate:
    """How often the left answer is preferred, ties left out; 1/2 where sides make no difference.

    Raises:
        CannotTell: nothing but ties.
    """
    decided = frame.filter(pl.col(CHOICE).is_in(["left", "right"]))
    left = (decided[CHOICE] == "left").to_numpy().astype(np.float64)
    return weighted_rate(decided, left, alpha=alpha, draws=draws, seed=seed)


def weighted_rate(
    frame: pl.DataFrame,
    outcomes: Floats,
    *,
    alpha: float,
    draws: int,
    seed: int,
    cluster: str = ITEM,
) -> Rate:
    """The mean of an outcome between 0 and 1 over items, with two-sided bounds.

    Items of one `cluster`, a column, vary together. Weights of clusters and of raters are
    exponential and multiplied, which errs on the wide side; one unseen cluster goes against each
    bound, so that 20 of 20 is not certainty.

    Source:
        Owen and Eckles 2012, Bootstrapping data arrays of arbitrary order (arXiv:1106.2125).
    """
    if frame.is_empty():
        raise CannotTell("Nothing was judged.", fix="Let people rate first.")
    items, raters = _codes(frame[ITEM]), _codes(frame[RATER])
    clusters = items if cluster == ITEM else _codes(frame[cluster])
    share = 1.0 / np.bincount(items)[items]
    estimate = float((share * outcomes).sum() / share.sum())
    counts = {"items": int(items.max()) + 1, "raters": int(raters.max()) + 1}
    low = high = None
    drawn_from = int(clusters.max()) + 1
    if drawn_from >= MIN_ITEMS:
        lows, highs = [], []
        for weights, extra in _two_way(clusters, raters, draws, seed):
            weighted, unseen = weights * share, extra * counts["items"] / drawn_from
            above, below = weighted @ outcomes, weighted.sum(axis=1)
            lows.append(above / (below + unseen))
            highs.append((above + unseen) / (below + unseen))
        low = max(0.0, float(np.quantile(np.concatenate(lows), alpha / 2)))
        high = min(1.0, float(np.quantile(np.concatenate(highs), 1 - alpha / 2)))
    return Rate(estimate=estimate, low=low, high=high, judgements=frame.height, **counts)


def sign_test(frame: pl.DataFrame, model: str) -> SignTest:
    """Whether the model wins more items than it loses; judges of one item vote on it first.

    Source:
        The exact binomial test of the items that were not tied, as in scipy.stats.binomtest.
    """
    items = _codes(frame[ITEM])
    votes = np.bincount(items, outcomes_for(frame, model) - 0.5) if items.size else np.zeros(0)
    won, lost = int((votes > 0).sum()), int((votes < 0).sum())
    p = float(stats.binomtest(won, won + lost).pvalue) if won + lost else 1.0
    return SignTest(won=won, lost=lost, tied=votes.size - won - lost, p=p)


def length_bias(frame: pl.DataFrame, *, alpha: float = 0.05) -> LengthBias:
    """Logistic regression of "left was preferred" on the logarithm of the ratio of lengths.

    Ties are left out; standard errors count items, not judgements. A longer answer may well be the
    better one: this is a reason to look, not a proof of bias.

    Raises:
        CannotTell: too few decided comparisons, lengths that do not differ, or lengths that tell
            the winner without exception.

    Source:
        Cluster-robust sandwich of Liang and Zeger 1986, with the factor C / (C - 1).
    """
    decided = frame.filter(
        pl.col(CHOICE).is_in(["left", "right"])
        & pl.col(LEFT_CHARACTERS).is_not_null()
        & pl.col(RIGHT_CHARACTERS).is_not_null()
    )
    items = _codes(decided[ITEM])
    if items.size == 0 or items.max() + 1 < MIN_ITEMS:
        raise CannotTell(f"Fewer than {MIN_ITEMS} items were decided.", fix="Rate more items.")
    left = (decided[CHOICE] == "left").to_numpy().astype(np.float64)
    lengths = decided.select(LEFT_CHARACTERS, RIGHT_CHARACTERS).to_numpy() + 1.0
    doublings = np.log2(lengths[:, 0] / lengths[:, 1])
    if np.ptp(doublings) == 0 or np.ptp(left) == 0:
        raise CannotTell("Lengths or choices do not differ.", fix="Rate more items.")
    slope, error = _logistic_slope(doublings, left, items)
    half = float(special.ndtri(1 - alpha / 2)) * error
    return LengthBias(
        odds_ratio=float(np.exp(slope)),
        low=float(np.exp(slope - half)),
        high=float(np.exp(slope + half)),
        judgements=decided.height,
    )


def _codes(names: pl.Series) -> NDArray[np.int64]:
    """The values as numbers from 0."""
    return np.unique(names.to_numpy(), return_inverse=True)[1].astype(np.int64)


def _two_way(
    items: NDArray[np.int64], raters: NDArray[np.int64], draws: int, seed: int
) -> Iterator[tuple[Floats, Floats]]:
    """Weights of judgements, shape (some draws, judgements), and of an unseen item.

    A single rater stands for nobody else: then only items vary.
    """
    rng = np.random.default_rng(seed)
    people = int(raters.max()) + 1
    step = max(1, _CELLS // items.size)
    for start in range(0, draws, step):
        size = min(step, draws - start)
        weights = rng.standard_exponential((size, int(items.max()) + 1))[:, items]
        if people > 1:
            weights = weights * rng.standard_exponential((size, people))[:, raters]
        yield weights, rng.standard_exponential(size)


def _logistic_slope(x: Floats, y: Floats, groups: NDArray[np.int64]) -> tuple[float, float]:
    """Slope and its standard error by group; raises CannotTell where x separates y."""
    design = np.column_stack([np.ones(x.size), x])
    beta = np.zeros(2)
    for _ in range(50):
        p = special.expit(design @ beta)
        hessian = design.T @ (design * (p * (1 - p))[:, None])
        if np.linalg.cond(hessian) > 1e10:
            break
        step = np.linalg.solve(hessian, design.T @ (y - p))
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            scores = np.zeros((int(groups.max()) + 1, 2))
            np.add.at(scores, groups, design * (y - p)[:, None])
            bread = np.linalg.inv(hessian)
            count = len(scores)
            cover = bread @ (scores.T @ scores) @ bread * count / (count - 1)
            return float(beta[1]), float(np.sqrt(cover[1, 1]))
    raise CannotTell("Lengths tell the winner without exception.", fix="Rate more items.")
