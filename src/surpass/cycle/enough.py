"""surpass enough: how many rows a score takes, from trainings on parts of the rows there are."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import polars as pl

from surpass.core.account import Account
from surpass.core.errors import BadInput, CannotTell, Refused
from surpass.core.progress import Progress
from surpass.cycle.enough_goal import Goal, goal_of
from surpass.cycle.subset_runs import Point, Tier, answers_of, stored_answers
from surpass.measure.learning_curve import (
    MIN_SEEDS,
    MIN_SIZES,
    LearningCurve,
    Measured,
    fit_curve,
)
from surpass.measure.metrics import Metric
from surpass.measure.one_more import grouped
from surpass.measure.resampled_scores import resampled_scores
from surpass.measure.statistics import Floats, value_of
from surpass.measure.subsets import SIZES, subset_sizes
from surpass.model.find import find_base
from surpass.plan.cost import Work, predict
from surpass.plan.shape import read_shape
from surpass.steps.code_runs import require_jail_for
from surpass.steps.evaluate import stored_evaluation
from surpass.steps.ladder import rungs_of
from surpass.steps.machine import machine_rate, number_type
from surpass.steps.planning.plan import work_of
from surpass.steps.project import Project
from surpass.steps.split import SplitResult, current_split, split_unasked

_DRAWS = 1000
_MOST_SEEDS = 50


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the command; none: not said."""

    target: float | None = None
    tier: Tier = "proxy"
    price_per_row: float | None = None
    seeds: int = MIN_SEEDS


class Bill(NamedTuple):
    """What the real tier is about to cost."""

    trainings: int  # that are not stored yet
    stored: int
    seconds: float | None  # of them, predicted; none: this architecture's cannot be
    scoring_seconds: float | None  # none: no model has been timed on valid yet


class Ears(NamedTuple):
    """Who listens: progress bars, and the question before hours are spent."""

    progress: Progress
    confirm: Callable[[Bill], bool]


class Found(NamedTuple):
    """The curve, what was asked, and what it rests on."""

    curve: LearningCurve
    goal: Goal
    asked: Asked
    scores: Floats  # of each training, shape (seeds, sizes)
    valid_rows: int
    unasked: tuple[str, ...]  # what was done that nobody asked for


def enough_account(project: Project, asked: Asked, ears: Ears) -> Account:
    """What `surpass enough` says.

    Raises:
        CannotTell: the tier cannot score this kind of task, there are too few rows, or the curve
            is none that anything follows from.
        Refused: nobody agreed to the trainings.
    """
    from surpass.cycle.tell_enough import told

    return told(enough(project, asked, ears))


def enough(project: Project, asked: Asked, ears: Ears) -> Found:
    """Train on nested parts of the training rows, score all on valid, fit; the test stays sealed.

    Each training is stored when it ends, so that a killed command goes on where it was.
    """
    _require_possible(project, asked)
    unasked = split_unasked(project)
    goal, split = goal_of(project, asked.target), current_split(project)
    sizes = subset_sizes(split.train.height, SIZES if asked.tier == "proxy" else MIN_SIZES)
    points = [Point(rows, seed) for rows in sizes for seed in range(asked.seeds)]
    waiting = [p for p in points if stored_answers(project, split, asked.tier, p) is None]
    if asked.tier == "real" and waiting:
        require_jail_for(project.settings.task)
        bill = _bill(project, split, waiting, len(points) - len(waiting))
        if not ears.confirm(bill):
            raise Refused(
                "Nothing was trained.", fix="Run `surpass enough --tier real --yes` to train."
            )
    _train(project, split, asked.tier, waiting, ears.progress)
    answers = [answers_of(project, split, asked.tier, p, ears.progress) for p in points]
    measured = measured_errors(goal.metric, answers, split.sides.labels, sizes)
    scores = measured.errors if not goal.metric.higher_is_better else 1 - measured.errors
    curve = fit_curve(measured, seed=project.settings.split.seed)
    return Found(curve, goal, asked, scores, split.valid.height, unasked)


def _require_possible(project: Project, asked: Asked) -> None:
    if not MIN_SEEDS <= asked.seeds <= _MOST_SEEDS:
        raise BadInput(
            f"--seeds {asked.seeds} is out of range.",
            fix=f"Say {MIN_SEEDS} to {_MOST_SEEDS}: fewer show no spread.",
        )
    if asked.price_per_row is not None and not 0 <= asked.price_per_row < float("inf"):
        raise BadInput(
            f"--price-per-row {asked.price_per_row:g} is out of range.", fix="It is at least 0."
        )
    if asked.tier == "proxy" and project.settings.kind != "classify":
        raise CannotTell(
            "The proxy tier is not available here: it is a linear model that chooses a label, and "
            f"this task is of the kind {project.settings.kind}.",
            fix="Run `surpass enough --tier real`, which trains the declared model.",
        )


def _train(
    project: Project, split: SplitResult, tier: Tier, waiting: list[Point], progress: Progress
) -> None:
    """Train what is not stored, small parts first: what is wrong shows early."""
    for place, point in enumerate(waiting, start=1):
        what = f"{place} of {len(waiting)}: {point.rows:,} rows, seed {point.seed}"
        if tier == "proxy":
            progress.start(f"proxy {what}", 1)
            answers_of(project, split, tier, point, progress)
            progress.finish()
        else:
            answers_of(project, split, tier, point, _Counted(progress, what))


class _Counted:
    """Passes progress on, every piece of work under the training's number."""

    def __init__(self, progress: Progress, which: str) -> None:
        self._progress, self._which = progress, which

    def start(self, what: str, total: int) -> None:
        """A new piece of work begins."""
        self._progress.start(f"{self._which}, {what}", total)

    def advance(self, done: int, note: str = "") -> None:
        """Pass it on."""
        self._progress.advance(done, note)

    def finish(self) -> None:
        """Pass it on."""
        self._progress.finish()


def measured_errors(
    metric: Metric,
    answers: Sequence[pl.DataFrame],
    labels: tuple[str, ...],
    sizes: tuple[int, ...],
) -> Measured:
    """Errors of all trainings, and of their means if valid had had other rows.

    Args:
        metric: Bounded by 0 and 1.
        answers: Predictions on valid; all seeds of the smallest size first.
        labels: The closed label set; empty where the task has none.
        sizes: Rows, ascending; the last one is all rows.

    Raises:
        CannotTell: the metric has no value for a training.
    """
    shape = (len(sizes), len(answers) // len(sizes))
    statistics = [metric.statistics(frame, labels) for frame in answers]
    values = np.array([value_of(one) for one in statistics])
    groups = grouped(answers[0])
    drawn = resampled_scores(statistics, groups, draws=_DRAWS, seed=0)
    if np.isnan(values).any() or np.isnan(drawn).any():
        raise CannotTell(
            f"{metric.title} has no value on some of these {answers[0].height} rows of valid.",
            fix="Bring more validation rows, or name another metric.",
        )
    sign = -1.0 if metric.higher_is_better else 1.0
    by_size = values.reshape(shape)
    moved = drawn.reshape(-1, *shape).mean(axis=2)
    shifts = moved - moved.mean(axis=0)  # resamples of a mean of ratios are biased; not that
    errors = 1 - by_size.T if metric.higher_is_better else by_size.T
    return Measured(np.array(sizes, dtype=np.float64), errors, sign * shifts, sizes[-1])


def _bill(project: Project, split: SplitResult, waiting: list[Point], stored: int) -> Bill:
    """Predicted by `surpass plan`'s model, each training by its share of the rows."""
    timed = [stored_evaluation(project, name, "valid") for name in rungs_of(project)]
    pace = [e.record.seconds for e in timed if e is not None and e.record.environment is not None]
    scoring = min(pace) * len(waiting) if pace else None
    try:
        work = work_of(project, split)
        shares = [point.rows / split.train.height for point in waiting]
        seconds = sum(_seconds(project, work, share) for share in shares)
    except CannotTell:
        return Bill(len(waiting), stored, None, scoring)
    return Bill(len(waiting), stored, seconds, scoring)


def _seconds(project: Project, work: Work, share: float) -> float:
    part = msgspec.structs.replace(
        work,
        tokens=max(1, round(share * work.tokens)),
        answer_tokens=max(1, round(share * work.answer_tokens)),
        steps=max(1, round(share * work.steps)),
    )
    settings = project.settings
    shape = read_shape(find_base(settings.model.base, project.folder).folder)
    kind, rate = number_type(project), machine_rate(project)
    return predict(shape, settings.tuning, part, kind, rate).seconds
