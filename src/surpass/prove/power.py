"""What a test can prove before anything is trained: the chance of PASS, and the smallest gain."""

from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core.errors import CannotTell
from surpass.core.settings import Criteria, Guard, Primary
from surpass.measure.bootstrap import Levels, bootstrap_interval, needed_groups, paired_bootstrap
from surpass.measure.metrics import metric
from surpass.measure.one_more import extended, grouped
from surpass.prove.exposure import level_in_force
from surpass.prove.sentences import points_at_most

DISAGREEMENT = 0.5
"""Share of rows on which the two models are assumed to differ in being right, without a pilot."""
ALIKE = 0.3
"""Assumed correlation of rows within a group, without a pilot."""
LIKELY = 0.8
_DRAWS = 2_000

Pilot = tuple[pl.DataFrame, pl.DataFrame]
_NORMAL = NormalDist()


class Test(NamedTuple):
    """The size of the sealed test and the level at which it judges."""

    groups: int
    rows: int
    level: float
    labels: tuple[str, ...]


class GatePower(NamedTuple):
    """The chance that one gate passes."""

    name: str  # "primary: macro_f1"
    chance: float


class Power(NamedTuple):
    """What a test can prove."""

    chance: float  # of PASS, all gates together, at the gain hoped for
    smallest_gain: (
        float | None
    )  # gain of the first primary that passes with 80 % chance; none: no gain does
    sentence: str
    gates: tuple[GatePower, ...] = ()


class Width(NamedTuple):
    """How far a bound lies from its estimate, and how much the estimate itself varies."""

    reach: float
    spread: float


def chance_of_pass(
    criteria: Criteria,
    *,
    groups: int,
    rows: int,
    pilot: Pilot | None = None,
    labels: tuple[str, ...] = (),
    candidate_number: int = 1,
) -> Power:
    """The chance of PASS at `expect`, for all primaries and proved guards together.

    With a pilot, the width of the bounds and the spread of the gain are those of the same bootstrap
    that will judge, on the pilot's rows, scaled with the root of the number of groups. Without one
    they follow from DISAGREEMENT and ALIKE. Either way a gain of g needs at least g of the rows to
    change. Gates are taken as independent, which understates the chance where they go together;
    guards of level "no harm shown" and floors are not counted.

    Args:
        criteria: What will be sealed.
        groups: Of the test.
        rows: Of the test.
        pilot: Predictions of two baselines on the same rows of valid.
        labels: The closed label set; empty where the task has none.
        candidate_number: The test's next candidate; later ones are judged more strictly.
    """
    level = level_in_force(criteria.alpha, candidate_number)
    test = Test(groups, rows, level, labels)
    size = f"{rows:,} rows in {groups:,} groups"
    needed = max(_needed(primary.metric, labels) for primary in criteria.primary)
    proved = [guard for guard in criteria.guard if guard.level == "proved"]
    if groups < needed:
        sentence = f"{size}: nothing can be proved; a verdict needs {needed} groups."
        hopeless = tuple(GatePower(f"guard: {guard.metric}", 0.0) for guard in proved)
        return Power(0.0, None, sentence, hopeless)
    gates = [_primary_power(primary, test, pilot) for primary in criteria.primary]
    gates += [_guard_power(guard, test, pilot) for guard in proved]
    chance = float(np.prod([gate.chance for gate in gates]))
    smallest = _smallest_gain(criteria.primary[0], test, pilot)
    first = criteria.primary[0]
    piloted = pilot is not None and _seen_width(first.metric, test, pilot) is not None
    sentence = _sentence(size, criteria, chance, smallest, piloted=piloted)
    return Power(chance, smallest, sentence, tuple(gates))


def _primary_power(primary: Primary, test: Test, pilot: Pilot | None) -> GatePower:
    width = _width(primary.metric, test, pilot)
    chance = _chance(primary.expect, primary.margin, width(primary.expect))
    return GatePower(f"primary: {primary.metric}", chance)


def _guard_power(guard: Guard, test: Test, pilot: Pilot | None) -> GatePower:
    """Chance to prove no harm where nothing changed; for slices, as if each had all rows."""
    width = _width(guard.metric, test, pilot)(0.0)
    return GatePower(f"guard: {guard.metric}", _chance(0.0, guard.margin, width))


def _chance(gain: float, margin: float, width: Width) -> float:
    return _NORMAL.cdf((gain - width.reach - margin) / width.spread)


def _smallest_gain(primary: Primary, test: Test, pilot: Pilot | None) -> float | None:
    """The smallest gain, to a tenth of a point, that passes with LIKELY chance."""
    width = _width(primary.metric, test, pilot)
    for tenths in range(max(1, int(1000 * primary.margin)), 1001):
        gain = tenths / 1000
        if _chance(gain, primary.margin, width(gain)) >= LIKELY:
            return gain
    return None


def _width(name: str, test: Test, pilot: Pilot | None) -> Callable[[float], Width]:
    """Reach and spread as a function of the true gain."""
    quantile = -_NORMAL.inv_cdf(test.level)
    seen = _seen_width(name, test, pilot) if pilot is not None else None

    def assumed(gain: float) -> Width:
        alike = 1 + (test.rows / test.groups - 1) * ALIKE
        differing = max(DISAGREEMENT, gain)
        spread = np.sqrt((differing - gain**2) * alike / test.rows)
        return _reach(float(spread), gain)

    def from_pilot(gain: float) -> Width:
        least = np.sqrt(max(gain - gain**2, 1e-6) / test.groups)
        if seen is None or seen.spread < least:
            return _reach(float(least), gain)
        return seen

    def _reach(spread: float, gain: float) -> Width:
        unseen = (1 + gain) / (test.groups + 1)  # the group that went against the claim
        return Width(quantile * spread + unseen, spread)

    return assumed if seen is None else from_pilot


def _seen_width(name: str, test: Test, pilot: Pilot) -> Width | None:
    """Width on the pilot's rows, scaled to the test; none where the pilot is too small."""
    groups = grouped(pilot[0])
    levels = Levels(low=test.level, high=test.level, draws=_DRAWS)
    try:
        first, second = (extended(metric(name), one, test.labels, groups) for one in pilot)
        interval = bootstrap_interval(first, second, groups, levels)
    except CannotTell:
        return None
    draws = paired_bootstrap(first, second, groups, draws=_DRAWS, seed=levels.seed)
    scale = np.sqrt(groups.count / test.groups)
    reach = (interval.high - interval.low) / 2  # which of the two is tuned is not known yet
    return Width(float(reach * scale), float(draws.plain.std() * scale))


def _needed(name: str, labels: tuple[str, ...]) -> int:
    """Groups that a verdict on this metric needs, if every label is in the test."""
    return needed_groups(len(labels) if metric(name).by_label else 0, paired=True)


def _sentence(
    size: str, criteria: Criteria, chance: float, smallest: float | None, *, piloted: bool
) -> str:
    expect = criteria.primary[0].expect
    if smallest is None:
        told = f"{size}: no gain is likely to be proved"
    else:
        told = (
            f"{size}: PASS is likely (80 %) if the true gain is "
            f"{points_at_most(smallest)} points or more"
        )
    source = (
        "by two baselines' answers on valid"
        if piloted
        else f"if the models differ on {100 * DISAGREEMENT:.0f} % of the rows"
    )
    sure = "over 99" if chance > 0.99 else f"{100 * chance:.0f}"
    hoped = f"at the {points_at_most(expect)} points hoped for its chance is {sure} %"
    return f"{told}; {hoped} ({source})."
