"""The ladder and the tuned model side by side, as a chapter."""

import polars as pl

from surpass.core import columns
from surpass.core.account import Chapter, Interval, IntervalChart, Table
from surpass.core.records.brought import ENDPOINT, FILE
from surpass.measure.intervals import score_interval
from surpass.measure.metrics import Metric, metrics_for
from surpass.measure.row_scores import row_scores
from surpass.steps.evaluate import Evaluated
from surpass.steps.ladder import is_tuned
from surpass.steps.tell.numbers import UNKNOWN, counted, minutes, percent

_RIGHT = 1 - 1e-9  # the score of a row from which on its answer is accepted
_COST = (
    "A right answer costs the seconds of all answers, those that are wrong included, over the "
    "number of right ones; with [budget] price_per_hour, or an endpoint's prices, money instead. "
    "Right is a row whose own score is full: the label, every field, the whole text, all tests."
)


def ladder_chapter(
    title: str,
    kind: str,
    chosen: Metric,
    models: dict[str, Evaluated],
    opponent: str,
    price_per_hour: float | None = None,
) -> Chapter:
    """Scores of every rung and the tuned model on one side, with 95 % intervals by group.

    Args:
        title: Of the chapter.
        kind: Of the task.
        chosen: The metric of the chart.
        models: By name, in the order of the ladder.
        opponent: The rung to be beaten.
        price_per_hour: Of this machine; none: a right answer is priced in seconds.
    """
    chart = IntervalChart(
        title=chosen.title,
        unit="%",
        tenths=True,
        intervals=tuple(
            _interval(name, evaluated, chosen, opponent) for name, evaluated in models.items()
        ),
    )
    tables = (_scores(kind, models), _answering(kind, models, price_per_hour))
    return Chapter(title=title, tables=tables, figures=(chart,))


def _scores(kind: str, models: dict[str, Evaluated]) -> Table:
    titles = {metric.name: metric.title for metric in metrics_for(kind)}
    present = [n for n in titles if any(n in e.record.scores for e in models.values())]
    return Table(
        title=counted(next(iter(models.values())).record.rows, "row"),
        columns=("model", *(titles[n] for n in present)),
        rows=tuple(
            (name, *(percent(evaluated.record.scores.get(metric)) for metric in present))
            for name, evaluated in models.items()
        ),
        numeric=tuple(titles[n] for n in present),
    )


def _answering(kind: str, models: dict[str, Evaluated], price_per_hour: float | None) -> Table:
    """How each model answered, how long it took, and what a right answer costs."""
    numeric = ("cut short", "time", "a right answer costs")
    return Table(
        title="How they answered",
        columns=("model", "answers by", *numeric),
        rows=tuple(
            (
                name,
                evaluated.record.scoring,
                str(evaluated.record.truncated),
                minutes(evaluated.record.seconds) if _timed(evaluated) else UNKNOWN,
                cost_of_right(kind, evaluated, price_per_hour),
            )
            for name, evaluated in models.items()
        ),
        numeric=numeric,
        note=_COST,
    )


def cost_of_right(kind: str, evaluated: Evaluated, price_per_hour: float | None) -> str:
    """What one accepted answer costs: money where a price is known, else seconds.

    A dash where no answer is right, or where neither seconds nor a price of every row are known.
    """
    scores = row_scores(kind, evaluated.predictions, evaluated.labels)
    right = int((scores.fill_null(0.0) >= _RIGHT).sum())
    if right == 0:
        return UNKNOWN
    paid = _paid(evaluated.predictions)
    if paid is not None:
        return _money(paid / right)
    if not _timed(evaluated):
        return UNKNOWN
    seconds = evaluated.record.seconds / right
    elsewhere = evaluated.record.model.startswith(ENDPOINT)
    if price_per_hour is None or elsewhere:  # our machine's price is not the endpoint's
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return _money(seconds * price_per_hour / 3600)


def _paid(predictions: pl.DataFrame) -> float | None:
    """The price of all answers, in the currency of the prices; none where one has no price."""
    if columns.COST not in predictions.columns:
        return None
    costs = predictions[columns.COST]
    return None if costs.null_count() or costs.is_empty() else float(costs.sum())


def _money(price: float) -> str:
    """In the user's currency, which we do not know: two digits that count."""
    return f"{price:.2f}" if price >= 1 else f"{price:.2g}" if price >= 1e-4 else f"{price:.1e}"


def _timed(evaluated: Evaluated) -> bool:
    """Whether the seconds are known: of answers from a file they are not."""
    return not evaluated.record.model.startswith(FILE)


def _interval(name: str, evaluated: Evaluated, chosen: Metric, opponent: str) -> Interval:
    role = "tuned" if is_tuned(name) else "opponent" if name == opponent else "rung"
    found = score_interval(chosen, evaluated.predictions, evaluated.labels)
    return Interval(
        label=name,
        estimate=100 * found.known,
        low=None if found.low is None else 100 * found.low,
        high=None if found.high is None else 100 * found.high,
        role=role,
    )
