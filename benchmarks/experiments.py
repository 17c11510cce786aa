"""Experiments looked at 100 times: our bounds beside a t-test that is peeked at, or waited for.

python benchmarks/experiments.py [EXPERIMENTS]    simulated a line (default 1,000)

Up to 5,000 units an arm, each good or not; a look every 100 units from 200 on. "Won" is the share
of experiments in which the challenger is called better at any look, "lost" that it is called worse;
where both arms are alike each of them should happen in at most 5 %. The t-test is one-sided at 5 %,
at every look or at the last one. "Stop" is the mean number of units an arm when the first of the
two is said, the whole 5,000 where neither is. One thread, about half a minute.
"""

import sys
from typing import NamedTuple

import numpy as np
from results_table import record
from scipy import special

from surpass.measure.sequential.asymptotic import half_width
from surpass.measure.sequential.betting import gain_path

UNITS, LOOKS, TUNED, ALPHA = 10_000, 100, 2_000, 0.05
RATES = ((0.7, 0.7), (0.05, 0.05), (0.7, 0.73), (0.7, 0.75), (0.7, 0.8), (0.05, 0.08))
COLUMNS = (
    "true shares, and how it is decided",
    "won",
    "lost",
    "Monte Carlo error of won",
    "mean stop, units an arm",
)
FEW, EXACT = 400, 200  # units in all, and experiments, for exact bounds
FEW_RATES = ((0.6, 0.6), (0.1, 0.1), (0.5, 0.7), (0.4, 0.8))


class Seen(NamedTuple):
    """What is known at each look, all of shape (experiments, looks)."""

    gain: np.ndarray
    error: np.ndarray
    units: np.ndarray  # both arms, shape (looks,)


def simulated(
    champion: float, challenger: float, experiments: int, share: float, seed: int
) -> Seen:
    """Outcomes at the looks; variances with one success and one failure more in either arm."""
    rng = np.random.default_rng(seed)
    looks = np.linspace(200, UNITS, LOOKS).astype(int)
    gains, errors = [], []
    for _ in range(experiments):
        arm = rng.random(UNITS) < share
        good = rng.random(UNITS) < np.where(arm, challenger, champion)
        counts = [np.cumsum(arm == side)[looks - 1] for side in (False, True)]
        hits = [np.cumsum(good & (arm == side))[looks - 1] for side in (False, True)]
        shrunk = [(hit + 1) / (count + 2) for hit, count in zip(hits, counts, strict=True)]
        parts = [p * (1 - p) / (n + 2) for p, n in zip(shrunk, counts, strict=True)]
        errors.append(np.sqrt(parts[0] + parts[1]))
        gains.append(hits[1] / np.maximum(counts[1], 1) - hits[0] / np.maximum(counts[0], 1))
    return Seen(np.array(gains), np.array(errors), looks)


def line(name: str, rates: tuple[float, float], width: np.ndarray, seen: Seen) -> None:
    """How often each side is called, and when."""
    won, lost = seen.gain - width > 0, seen.gain + width < 0
    any_won, any_lost = won.any(axis=1), lost.any(axis=1)
    first_won = np.where(any_won, won.argmax(axis=1), LOOKS)
    first_lost = np.where(any_lost, lost.argmax(axis=1), LOOKS)
    at = np.minimum(first_won, first_lost)
    stops = np.where(at < LOOKS, seen.units[np.minimum(at, LOOKS - 1)], UNITS) / 2
    written(name, rates, (first_won < first_lost).mean(), (first_lost < first_won).mean(), stops)


def written(
    name: str, rates: tuple[float, float], won: float, lost: float, stops: np.ndarray
) -> None:
    row = [
        f"{rates[0]:.2f} against {rates[1]:.2f}: {name}",
        f"{won:.3f}",
        f"{lost:.3f}",
        f"{np.sqrt(won * (1 - won) / len(stops)):.3f}",
        f"{stops.mean():,.0f}",
    ]
    record("Experiments", "benchmarks/experiments.py", COLUMNS, row)


def compare(rates: tuple[float, float], experiments: int) -> None:
    """Three lines: our bounds, the peeking t-test, the patient one."""
    seen = simulated(*rates, experiments, 0.5, seed=0)
    bound = half_width(seen.error, seen.units, alpha=ALPHA, tuned_to=TUNED, sides=1)
    line("always-valid bounds, 100 looks", rates, bound, seen)
    fixed = float(special.ndtri(1 - ALPHA)) * seen.error
    line("t-test, peeked at 100 times", rates, fixed, seen)
    never = np.full_like(fixed, np.inf)
    never[:, -1] = fixed[:, -1]
    line("t-test, once at the end", rates, never, seen)


def canary(rates: tuple[float, float], experiments: int) -> None:
    """The same bounds where the challenger has a tenth of the units."""
    seen = simulated(*rates, experiments, 0.1, seed=1)
    bound = half_width(seen.error, 0.36 * seen.units, alpha=ALPHA, tuned_to=TUNED, sides=1)
    bound[:, seen.units < 1_000] = np.inf  # fewer than about 100 units of the challenger
    line("always-valid bounds, 10 % share", rates, bound, seen)


def few(rates: tuple[float, float]) -> None:
    """Exact bounds, looked at after every unit."""
    rng = np.random.default_rng(2)
    won, lost, stops = 0, 0, []
    for _ in range(EXACT):
        arm = rng.random(FEW) < 0.5
        good = (rng.random(FEW) < np.where(arm, rates[1], rates[0])).astype(float)
        path = gain_path(good, arm, np.full(FEW, 0.5), alpha_low=ALPHA, alpha_high=ALPHA)
        up, down = path.low > 0, path.high < 0
        ends = [int(side.argmax()) if side.any() else FEW for side in (up, down)]
        won, lost = won + (ends[0] < ends[1]), lost + (ends[1] < ends[0])
        stops.append(min(ends) / 2)
    name = f"exact bounds, {FEW} units, {EXACT} experiments"
    written(name, rates, won / EXACT, lost / EXACT, np.array(stops))


if __name__ == "__main__":
    experiments = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    for rates in RATES:
        compare(rates, experiments)
    for rates in RATES[:3]:
        canary(rates, experiments)
    for rates in FEW_RATES:
        few(rates)
