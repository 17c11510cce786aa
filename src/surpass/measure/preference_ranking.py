"""More than two models in one order: Bradley-Terry strengths with ties, and their bounds."""

import msgspec
import numpy as np
import polars as pl

from surpass.core.errors import CannotTell
from surpass.core.judgements import CHOICE, ITEM, LEFT, RIGHT
from surpass.measure.statistics import Floats

VIRTUAL_GAMES = 1.0
"""Each model also ties so many games against an average one: nobody's strength is infinite."""
_ROUNDS = 2_000
_CLOSE = 1e-8


class Strength(msgspec.Struct, frozen=True, kw_only=True):
    """How often one model would be preferred to an average one."""

    model: str
    share: float  # 1/2: as good as an average model
    low: float
    high: float
    judgements: int


def bradley_terry(
    frame: pl.DataFrame, *, alpha: float = 0.05, draws: int = 200, seed: int = 0
) -> tuple[Strength, ...]:
    """Strengths of all models, the strongest first; a tie is half a win for each side.

    Bounds resample items as wholes with exponential weights.

    Args:
        frame: Comparisons, any number of models.
        alpha: 1 minus the level of the two-sided bounds.
        draws: Resamples; each is one fit of models² numbers.
        seed: Same seed, same bounds.

    Raises:
        CannotTell: nothing was judged.

    Source:
        Hunter 2004, MM algorithms for generalized Bradley-Terry models, section 3.
    """
    if frame.is_empty():
        raise CannotTell("Nothing was judged.", fix="Let people rate first.")
    names = sorted({*frame[LEFT], *frame[RIGHT]})
    place = {name: number for number, name in enumerate(names)}
    left = np.array([place[name] for name in frame[LEFT]])
    right = np.array([place[name] for name in frame[RIGHT]])
    choice = frame[CHOICE].to_numpy()
    points = 0.5 + 0.5 * (choice == "left") - 0.5 * (choice == "right")
    items = np.unique(frame[ITEM].to_numpy(), return_inverse=True)[1]
    rng = np.random.default_rng(seed)
    drawn = rng.standard_exponential((draws, int(items.max()) + 1))
    weights = np.vstack([np.ones(frame.height), drawn[:, items]])
    shares = _shares(_wins(left, right, points, weights, len(names)))
    low, high = np.quantile(shares[1:], [alpha / 2, 1 - alpha / 2], axis=0)
    games = np.bincount(left, minlength=len(names)) + np.bincount(right, minlength=len(names))
    found = [
        Strength(
            model=name,
            share=float(shares[0, number]),
            low=float(low[number]),
            high=float(high[number]),
            judgements=int(games[number]),
        )
        for number, name in enumerate(names)
    ]
    return tuple(sorted(found, key=lambda one: -one.share))


def _wins(
    left: np.ndarray, right: np.ndarray, points: Floats, weights: Floats, models: int
) -> Floats:
    """Points of row over column, shape (draws, models, models)."""
    cells = np.concatenate([left * models + right, right * models + left])
    found = [
        np.bincount(cells, np.concatenate([one * points, one * (1 - points)]), models * models)
        for one in weights
    ]
    return np.array(found, dtype=np.float64).reshape(len(weights), models, models)


def _shares(wins: Floats) -> Floats:
    """Chance of each model against one of strength 1, shape (draws, models)."""
    games = wins + wins.transpose(0, 2, 1)
    points = wins.sum(axis=2) + VIRTUAL_GAMES / 2
    strength = np.ones(points.shape)
    for _ in range(_ROUNDS):
        met = games / (strength[:, :, None] + strength[:, None, :])
        after = _centred(points / (met.sum(axis=2) + VIRTUAL_GAMES / (strength + 1)))
        moved = np.abs(np.log(after / strength)).max()
        strength = after
        if moved < _CLOSE:
            break
    found: Floats = strength / (1 + strength)
    return found


def _centred(strength: Floats) -> Floats:
    """The same but for one factor a draw, by which the average model's ties come out as ties.

    The average model only ties, so at the optimum the others' chances against it sum to those ties.
    Left alone the rounds find that factor last and very slowly, for so few games speak of it.
    """
    share = strength / (1 + strength)
    step = (0.5 - share).sum(axis=1) / (share * (1 - share)).sum(axis=1)
    found: Floats = strength * np.exp(np.clip(step, -1, 1))[:, None]
    return found
