"""Each criterion to a gate: passed, failed, or not to be told from this test."""

from collections.abc import Callable

import msgspec
import polars as pl

from surpass.core.columns import attribute
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.verdict import Bounds, Gate, Outcome
from surpass.core.settings import Criteria, Floor, Guard, Primary
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import metric
from surpass.prove.bounds import gain, level_of
from surpass.prove.sentences import floor_sentence, gain_sentence, remedy

BEST_RUNG = "best rung"
NO_HARM_SHOWN = "no harm shown"


class Bench(msgspec.Struct, frozen=True, eq=False):
    """What lies before the judge: predictions of all models on the same test rows."""

    tuned: pl.DataFrame
    rungs: dict[str, pl.DataFrame]
    opponent: str  # the rung that was best on valid
    labels: tuple[str, ...]
    levels: Levels

    def base(self, against: str = BEST_RUNG) -> tuple[str, pl.DataFrame]:
        """Name and predictions of the model to compare with.

        Raises:
            BadInput: that rung was not evaluated.
        """
        name = self.opponent if against == BEST_RUNG else against
        if name not in self.rungs:
            raise BadInput(
                f"There are no predictions of `{name}` on the test.",
                fix=f"Evaluate it, or compare with one of: {', '.join(self.rungs) or 'none yet'}.",
            )
        return name, self.rungs[name]


class Opened(msgspec.Struct, frozen=True):
    """A criterion, with the rows that it is about."""

    criterion: Primary | Guard | Floor
    slice: str | None = None  # "channel = phone"
    rows: tuple[int, ...] | None = None  # places in the frame; none: all


def open_criteria(criteria: Criteria, tuned: pl.DataFrame) -> list[Opened]:
    """All gates to be; a guard by a column opens into one a value, rows without one left out.

    Raises:
        BadInput: the predictions lack a slice column.
    """
    opened = [Opened(primary) for primary in criteria.primary]
    for guard in criteria.guard:
        opened += [Opened(guard)] if guard.by is None else _slices(guard, guard.by, tuned)
    return opened + [Opened(floor) for floor in criteria.floor]


def _slices(guard: Guard, by: str, tuned: pl.DataFrame) -> list[Opened]:
    column = attribute(by)
    if column not in tuned.columns:
        raise BadInput(f"The predictions have no column `{by}` to guard by.", fix="Mend `by`.")
    places = (
        tuned.select(pl.col(column).alias("value"), pl.int_range(pl.len()).alias("place"))
        .drop_nulls("value")
        .group_by("value")
        .agg(pl.col("place"))
        .sort("value")
    )
    return [Opened(guard, f"{by} = {value}", tuple(rows)) for value, rows in places.iter_rows()]


def answer(opened: Opened, bench: Bench) -> tuple[Gate, str]:
    """The gate of one criterion, and the opponent's name ("" for a floor).

    Raises:
        CannotTell: the metric is undefined on these rows.
    """
    criterion = opened.criterion
    chosen = metric(criterion.metric)
    tuned = _of(bench.tuned, opened)
    if isinstance(criterion, Floor):
        found = level_of(chosen, tuned, bench.labels, bench.levels)
        name = f"floor: {criterion.metric}"
        gate = _gate(name, criterion, found, _proved(found, criterion.at_least))
        return _worded(gate, floor_sentence), ""
    against = criterion.against if isinstance(criterion, Primary) else BEST_RUNG
    opponent, base = bench.base(against)
    found = gain(chosen, tuned, _of(base, opened), bench.labels, bench.levels)
    role = "primary" if isinstance(criterion, Primary) else "guard"
    harmless = isinstance(criterion, Guard) and criterion.level == NO_HARM_SHOWN
    outcome = (_no_harm if harmless else _proved)(found, criterion.margin)
    by = f", {opened.slice}" if opened.slice else ""
    gate = _gate(f"{role}: {criterion.metric} against {opponent}{by}", criterion, found, outcome)
    gate = msgspec.structs.replace(gate, slice=opened.slice)
    return _worded(gate, lambda judged: gain_sentence(judged, opponent)), opponent


def _proved(bounds: Bounds, margin: float) -> Outcome:
    """The lower bound must clear the margin; only the upper bound below it is a failure."""
    if bounds.low is not None and bounds.low > margin:
        return Outcome.PASS
    if bounds.high is not None and bounds.high < margin:
        return Outcome.FAIL
    return Outcome.INCONCLUSIVE


def _no_harm(bounds: Bounds, margin: float) -> Outcome:
    """Stops only on a sure loss; where a slice is too small to tell, no harm is shown either."""
    sure_loss = bounds.high is not None and bounds.high < margin
    return Outcome.FAIL if sure_loss else Outcome.PASS


def _of(frame: pl.DataFrame, opened: Opened) -> pl.DataFrame:
    return frame if opened.rows is None else frame[list(opened.rows)]


def _gate(name: str, criterion: Primary | Guard | Floor, found: Bounds, outcome: Outcome) -> Gate:
    return Gate(
        name=name,
        role=name.partition(":")[0],
        metric=criterion.metric,
        margin=criterion.at_least if isinstance(criterion, Floor) else criterion.margin,
        bounds=found,
        outcome=outcome,
        sentence="",
        level=criterion.level if isinstance(criterion, Guard) else "proved",
    )


def _worded(gate: Gate, sentence: Callable[[Gate], str]) -> Gate:
    return msgspec.structs.replace(gate, sentence=sentence(gate), remedy=remedy(gate))


def answer_all(opened: list[Opened], bench: Bench) -> tuple[list[tuple[Gate, str]], list[str]]:
    """Every gate with its opponent, and a note for each slice that no score can be given for.

    Raises:
        CannotTell: a primary or a floor cannot be scored at all.
    """
    gates, notes = [], []
    for one in opened:
        try:
            gates.append(answer(one, bench))
        except CannotTell as error:
            if one.slice is None:
                raise
            notes.append(f"No guard where {one.slice}: {error.args[0]}")
    return gates, notes
