"""The ladder and the tuned model side by side, as a chapter."""

from surpass.core.account import Chapter, Interval, IntervalChart, Table
from surpass.measure.intervals import score_interval
from surpass.measure.metrics import Metric, metrics_for
from surpass.steps.evaluate import Evaluated
from surpass.steps.ladder import TUNED
from surpass.steps.tell.numbers import counted, minutes, percent


def ladder_chapter(
    title: str, kind: str, chosen: Metric, models: dict[str, Evaluated], opponent: str
) -> Chapter:
    """Scores of every rung and the tuned model on one side, with 95 % intervals by group."""
    names = [metric.name for metric in metrics_for(kind)]
    present = [n for n in names if any(n in e.record.scores for e in models.values())]
    titles = {metric.name: metric.title for metric in metrics_for(kind)}
    rows = tuple(
        (
            name,
            *(percent(evaluated.record.scores.get(metric)) for metric in present),
            str(evaluated.record.truncated),
            evaluated.record.scoring,
            minutes(evaluated.record.seconds),
        )
        for name, evaluated in models.items()
    )
    table = Table(
        title=counted(next(iter(models.values())).record.rows, "row"),
        columns=("model", *(titles[n] for n in present), "cut short", "answers by", "time"),
        rows=rows,
        numeric=(*(titles[n] for n in present), "cut short", "time"),
    )
    chart = IntervalChart(
        title=chosen.title,
        unit="%",
        tenths=True,
        intervals=tuple(
            _interval(name, evaluated, chosen, opponent) for name, evaluated in models.items()
        ),
    )
    return Chapter(title=title, tables=(table,), figures=(chart,))


def _interval(name: str, evaluated: Evaluated, chosen: Metric, opponent: str) -> Interval:
    role = "tuned" if name == TUNED else "opponent" if name == opponent else "rung"
    found = score_interval(chosen, evaluated.predictions, evaluated.labels)
    return Interval(
        label=name,
        estimate=100 * found.estimate,
        low=None if found.low is None else 100 * found.low,
        high=None if found.high is None else 100 * found.high,
        role=role,
    )
