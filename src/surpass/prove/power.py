"""What a test can prove before anything is trained: the chance of PASS, and the smallest gain."""

from collections.abc import Callable, Iterator
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core.columns import attribute
from surpass.core.errors import CannotTell
from surpass.core.settings import Criteria, Guard, OptionValue, Primary
from surpass.measure.bootstrap import Levels, bootstrap_interval, needed_groups, paired_bootstrap
from surpass.measure.metrics import Metric, metric
from surpass.measure.one_more import Extended, extended, grouped
from surpass.measure.seeds import MIN_SEEDS, seed_reach
from surpass.measure.statistics import Floats
from surpass.measure.together import correlations
from surpass.prove.exposure import level_in_force
from surpass.prove.sentences import points_at_most

DISAGREEMENT = 0.5
"""Share of rows on which the two models are assumed to differ in being right, without a pilot."""
ALIKE = 0.3
"""Assumed correlation of rows within a group, without a pilot."""
SEED_SPREAD = 0.01
"""Assumed standard deviation over seeds of a run's true score, before any run exists: one point.
Small training sets differ by more (Dodge et al. 2020, arXiv:2002.06305)."""
RUNS_DISAGREE = 0.1
"""Share of rows on which two runs of one recipe are assumed to differ in being right: it spreads
their scores on this test, and the bounds over seeds with them."""
LIKELY = 0.8
_DRAWS = 2_000
_SIMULATED = 20_000

Pilot = tuple[pl.DataFrame, pl.DataFrame]
_NORMAL = NormalDist()


class Test(NamedTuple):
    """The size of the sealed test and the level at which it judges."""

    groups: int
    rows: int
    level: float
    labels: tuple[str, ...]
    options: dict[str, dict[str, OptionValue]]  # of metrics, by name
    seeds: int = 1  # training runs whose mean is judged

    @property
    def inflation(self) -> float:
        """How many times the variance of a mean grows because rows of a group are alike."""
        return 1 + (self.rows / self.groups - 1) * ALIKE

    def metric(self, name: str) -> Metric:
        """The metric with the options that will be sealed."""
        return metric(name, self.options.get(name))


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

    With a pilot, the width of the bounds and the spread of the gains are those of the same
    bootstrap that will judge, on the pilot's rows, scaled with the root of the number of groups,
    and a guard by a column is as strong as its slices are large. The chance of all together is
    simulated: gains are drawn with the correlation that they have under the same resampled groups
    of the pilot. Without a pilot widths follow from DISAGREEMENT and ALIKE, slices count as if each
    had all rows, and gates as independent. Either way a gain of g needs at least g of the rows to
    change. Guards of level "no harm shown", floors and ceilings are not counted. Several seeds
    widen the bounds by SEED_SPREAD and RUNS_DISAGREE.

    Args:
        criteria: What will be sealed.
        groups: Of the test.
        rows: Of the test.
        pilot: Predictions of two baselines on the same rows of valid.
        labels: The closed label set; empty where the task has none.
        candidate_number: The test's next candidate; later ones are judged more strictly.
    """
    level = level_in_force(criteria.alpha, candidate_number)
    test = Test(groups, rows, level, labels, criteria.metrics, criteria.seeds)
    size = f"{rows:,} rows in {groups:,} groups"
    needed = max(_needed(primary.metric, test) for primary in criteria.primary)
    proved = [guard for guard in criteria.guard if guard.level == "proved"]
    few_seeds = 1 < criteria.seeds < MIN_SEEDS
    if groups < needed or few_seeds:
        missing = f"{MIN_SEEDS} seeds, or 1" if few_seeds else f"{needed} groups"
        sentence = f"{size}: nothing can be proved; a verdict needs {missing}."
        hopeless = tuple(GatePower(f"guard: {guard.metric}", 0.0) for guard in proved)
        return Power(0.0, None, sentence, hopeless)
    gates = [_primary_power(primary, test, pilot) for primary in criteria.primary]
    gates += [_guard_power(guard, test, pilot) for guard in proved]
    chance = _all_pass([gate.chance for gate in gates], _alike(criteria, proved, test, pilot))
    smallest = _smallest_gain(criteria.primary[0], test, pilot)
    first = criteria.primary[0]
    piloted = pilot is not None and _seen_width(first.metric, test, pilot) is not None
    sentence = _sentence(size, criteria, chance, smallest, piloted=piloted)
    return Power(chance, smallest, sentence, tuple(gates))


def _all_pass(chances: list[float], alike: Floats) -> float:
    """Chance that normal gains with this correlation all clear what each clears so often."""
    if np.array_equal(alike, np.eye(len(chances))):
        return float(np.prod(chances))
    draws = np.random.default_rng(0).multivariate_normal(
        np.zeros(len(chances)), alike, size=_SIMULATED, method="eigh"
    )
    limits = np.array([_NORMAL.inv_cdf(min(max(chance, 1e-9), 1 - 1e-9)) for chance in chances])
    return float((draws < limits).all(axis=1).mean())


def _alike(criteria: Criteria, proved: list[Guard], test: Test, pilot: Pilot | None) -> Floats:
    """How the gates' gains go together on the pilot; independent without one."""
    names = [p.metric for p in criteria.primary] + [guard.metric for guard in proved]
    if pilot is None:
        return np.eye(len(names))
    groups = grouped(pilot[0])
    try:
        pairs = [_extended_pair(name, test, pilot) for name in names]
    except CannotTell:
        return np.eye(len(names))
    return correlations(pairs, groups, draws=_DRAWS, seed=0)


def _primary_power(primary: Primary, test: Test, pilot: Pilot | None) -> GatePower:
    width = _width(primary.metric, test, pilot)
    margin = _margin(primary, test, pilot)
    chance = _chance(primary.expect, margin, width(primary.expect))
    return GatePower(f"primary: {primary.metric}", chance)


def _margin(primary: Primary, test: Test, pilot: Pilot | None) -> float:
    """The margin in the metric's unit; a relative one is of the better baseline's score."""
    if primary.margin_relative is None:
        return primary.margin
    if pilot is None:
        return primary.margin_relative  # as if the base had everything right: never too little
    scores = [model.estimate for model in _extended_pair(primary.metric, test, pilot)]
    return primary.margin_relative * max(scores)


def _guard_power(guard: Guard, test: Test, pilot: Pilot | None) -> GatePower:
    """Chance to prove no harm where nothing changed, in every slice."""
    chance = 1.0
    for part, rows in _slices(guard, pilot):
        smaller = test._replace(
            groups=max(1, round(test.groups * part)), rows=max(1, round(test.rows * part))
        )
        chance *= _chance(0.0, guard.margin, _width(guard.metric, smaller, rows)(0.0))
    return GatePower(f"guard: {guard.metric}", chance)


def _slices(guard: Guard, pilot: Pilot | None) -> Iterator[tuple[float, Pilot | None]]:
    """Share of the pilot's rows in each slice, with these rows; all of them without a column."""
    column = None if guard.by is None else attribute(guard.by)
    if pilot is None or column is None or column not in pilot[0].columns:
        yield 1.0, pilot
        return
    for value in pilot[0][column].drop_nulls().unique().sort():
        first, second = (frame.filter(pl.col(column) == value) for frame in pilot)
        yield first.height / pilot[0].height, (first, second)


def _chance(gain: float, margin: float, width: Width) -> float:
    return _NORMAL.cdf((gain - width.reach - margin) / width.spread)


def _smallest_gain(primary: Primary, test: Test, pilot: Pilot | None) -> float | None:
    """The smallest gain, to a tenth of a point, that passes with LIKELY chance."""
    width, margin = _width(primary.metric, test, pilot), _margin(primary, test, pilot)
    for tenths in range(max(1, int(1000 * margin)), 1001):
        gain = tenths / 1000
        if _chance(gain, margin, width(gain)) >= LIKELY:
            return gain
    return None


def _width(name: str, test: Test, pilot: Pilot | None) -> Callable[[float], Width]:
    """Reach and spread as a function of the true gain."""
    quantile = -_NORMAL.inv_cdf(test.level)
    seen = _seen_width(name, test, pilot) if pilot is not None else None

    def assumed(gain: float) -> Width:
        differing = max(DISAGREEMENT, gain)
        spread = np.sqrt((differing - gain**2) * test.inflation / test.rows)
        return _reach(float(spread), gain)

    def from_pilot(gain: float) -> Width:
        least = np.sqrt(max(gain - gain**2, 1e-6) / test.groups)
        if seen is None or seen.spread < least:
            return _reach(float(least), gain)
        return seen

    def _reach(spread: float, gain: float) -> Width:
        unseen = (1 + gain) / (test.groups + 1)  # the group that went against the claim
        return Width(quantile * spread + unseen, spread)

    chosen = assumed if seen is None else from_pilot
    return lambda gain: _over_seeds(chosen(gain), test)


def _over_seeds(width: Width, test: Test) -> Width:
    """The same for the mean of several seeds, by SEED_SPREAD and RUNS_DISAGREE."""
    if test.seeds == 1:
        return width
    seen = np.hypot(SEED_SPREAD, np.sqrt(RUNS_DISAGREE / 2 * test.inflation / test.rows))
    reach = seed_reach(test.seeds, test.level, float(seen))
    spread = SEED_SPREAD / np.sqrt(test.seeds)
    return Width(float(np.hypot(width.reach, reach)), float(np.hypot(width.spread, spread)))


def _seen_width(name: str, test: Test, pilot: Pilot) -> Width | None:
    """Width on the pilot's rows, scaled to the test; none where the pilot is too small."""
    groups = grouped(pilot[0])
    levels = Levels(low=test.level, high=test.level, draws=_DRAWS)
    try:
        first, second = _extended_pair(name, test, pilot)
        interval = bootstrap_interval(first, second, groups, levels)
    except CannotTell:
        return None
    draws = paired_bootstrap(first, second, groups, draws=_DRAWS, seed=levels.seed)
    scale = np.sqrt(groups.count / test.groups)
    reach = (interval.high - interval.low) / 2  # which of the two is tuned is not known yet
    return Width(float(reach * scale), float(draws.plain.std() * scale))


def _extended_pair(name: str, test: Test, pilot: Pilot) -> tuple[Extended, Extended]:
    groups = grouped(pilot[0])
    first, second = (extended(test.metric(name), one, test.labels, groups) for one in pilot)
    return first, second


def _needed(name: str, test: Test) -> int:
    """Groups that a verdict on this metric needs, if every label is in the test."""
    return needed_groups(len(test.labels) if test.metric(name).by_label else 0, paired=True)


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
    if criteria.seeds > 1:
        spread = points_at_most(SEED_SPREAD)
        source += f", and {criteria.seeds} seeds by a standard deviation of {spread} point"
    sure = "over 99" if chance > 0.99 else f"{100 * chance:.0f}"
    hoped = f"at the {points_at_most(expect)} points hoped for its chance is {sure} %"
    return f"{told}; {hoped} ({source})."
