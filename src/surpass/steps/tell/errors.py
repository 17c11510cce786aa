"""Where a model errs: confusions, fields, wins and losses; on valid unless the test is shown."""

import polars as pl

from surpass.core import columns
from surpass.core.account import Chapter, Matrix, Pair, Table
from surpass.measure.records import same_fields
from surpass.measure.row_scores import row_scores
from surpass.steps.evaluate import Evaluated
from surpass.steps.tell.numbers import UNKNOWN, counted, percent

_ROWS = {"valid": "validation rows", "test": "test rows"}
_SHOWN = {
    "valid": "Test rows are not shown: a test that somebody has read gates nothing any more.",
    "test": "These test rows are shown, so this test is retired: it gates nothing any more.",
}
_PAIRS_EACH = 6
_MOST_LABELS = 40  # more are not drawn: those that are confused most stand for all
_MOST_CONFUSED = 25


def confusion_chapter(tuned: pl.DataFrame, labels: tuple[str, ...], side: str = "valid") -> Chapter:
    """Expected by answered labels of the tuned model; of many, the most confused ones."""
    place = {label: i for i, label in enumerate(labels)}
    counts = [[0] * len(labels) for _ in labels]
    for expected, answer in tuned.select(columns.TARGET, columns.ANSWER).rows():
        if expected in place and answer in place:
            counts[place[expected]][place[answer]] += 1
    shown = list(range(len(labels)))
    title, text = f"Labels of the {_ROWS[side]}", ""
    if len(labels) > _MOST_LABELS:
        shown = _most_confused(counts)
        title += f": the {len(shown)} most confused of {len(labels)}"
        text = _left_out(counts, shown)
    matrix = Matrix(
        title=title,
        row_label="expected",
        column_label="answered",
        names=tuple(labels[i] for i in shown),
        counts=tuple(tuple(counts[i][j] for j in shown) for i in shown),
    )
    return Chapter(title=f"Confusions on {side}", text=(text,) if text else (), figures=(matrix,))


def _most_confused(counts: list[list[int]]) -> list[int]:
    """Places of the labels with most wrong answers, given or due, in the labels' order."""
    wrong = [
        sum(row) + sum(other[i] for other in counts) - 2 * row[i] for i, row in enumerate(counts)
    ]
    return sorted(sorted(range(len(counts)), key=lambda i: -wrong[i])[:_MOST_CONFUSED])


def _left_out(counts: list[list[int]], shown: list[int]) -> str:
    """How many of the wrong answers are between labels that are shown."""
    everywhere = sum(map(sum, counts)) - sum(row[i] for i, row in enumerate(counts))
    here = sum(counts[i][j] for i in shown for j in shown if i != j)
    return (
        f"There are {len(counts)} labels; drawn are the {len(shown)} that are confused most. "
        f"{here} of {counted(everywhere, 'wrong answer')} are between them."
    )


def fields_chapter(
    base: pl.DataFrame, tuned: pl.DataFrame, opponent: str, side: str = "valid"
) -> Chapter:
    """How often each field of the record is right, missing, wrong or invented."""
    titles = (
        "field",
        "rows with it",
        f"{opponent} right",
        "tuned right",
        "missed",
        "wrong",
        "invented",
    )
    of_base, of_tuned = _fields(base), _fields(tuned)
    rows = []
    for name, found in sorted(of_tuned.items(), key=lambda item: -item[1]["expected"]):
        expected = found["expected"]
        rows.append(
            (
                name,
                str(expected),
                percent(of_base.get(name, found)["right"] / expected) if expected else UNKNOWN,
                percent(found["right"] / expected) if expected else UNKNOWN,
                str(found["missed"]),
                str(found["wrong"]),
                str(found["invented"]),
            )
        )
    table = Table(title="", columns=titles, rows=tuple(rows), numeric=titles[1:])
    return Chapter(title=f"Fields on {side}", tables=(table,))


def pairs_chapter(kind: str, base: Evaluated, tuned: Evaluated, opponent: str) -> Chapter:
    """Rows that tuning won and rows that it lost, clearest first; both evaluations are of one side.

    Args:
        kind: Of the task; decides what a row's own score is.
        base: The opponent.
        tuned: The tuned model, on the same rows.
        opponent: Name of the opponent's rung.
    """
    scores = [row_scores(kind, model.predictions, model.labels) for model in (tuned, base)]
    gain = scores[0] - scores[1]  # null where there is nothing to get right
    both = tuned.predictions.with_columns(
        base.predictions[columns.ANSWER].alias("base"), gain.alias("gain")
    )
    won = both.filter(pl.col("gain") > 0).sort("gain", descending=True, maintain_order=True)
    lost = both.filter(pl.col("gain") < 0).sort("gain", maintain_order=True)
    pairs = [_pair(row, won=True) for row in won.head(_PAIRS_EACH).iter_rows(named=True)]
    pairs += [_pair(row, won=False) for row in lost.head(_PAIRS_EACH).iter_rows(named=True)]
    return Chapter(
        title=f"Won and lost, row by row ({tuned.record.side})",
        text=(
            f"Against {opponent} the tuned model is better on {won.height} of {both.height} "
            f"{_ROWS[tuned.record.side]} and worse on {lost.height}.",
            _SHOWN[tuned.record.side],
        ),
        pairs=tuple(pairs),
    )


def _pair(row: dict[str, str], *, won: bool) -> Pair:
    return Pair(
        row=row[columns.ROW],
        asked=row[columns.INPUT],
        expected=row[columns.TARGET],
        base=row["base"],
        tuned=row[columns.ANSWER],
        won=won,
    )


def _fields(predictions: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Counts by field name: expected, right, missed, wrong, invented."""
    found: dict[str, dict[str, int]] = {}
    for target, answer in predictions.select(columns.TARGET, columns.ANSWER).rows():
        for name, what in same_fields(target, answer).items():
            counts = found.setdefault(
                name, {"expected": 0, "right": 0, "missed": 0, "wrong": 0, "invented": 0}
            )
            counts["expected"] += what != "invented"
            counts[what] += 1
    return found
