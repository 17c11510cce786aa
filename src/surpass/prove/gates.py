"""Each criterion to a gate: passed, failed, or not to be told from this test."""

import msgspec
import polars as pl

from surpass.core.columns import GROUP, attribute
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.verdict import Bounds, Gate, Outcome
from surpass.core.settings import (
    Ceiling,
    Criteria,
    Criterion,
    Floor,
    Guard,
    Primary,
)
from surpass.measure.metrics import Metric
from surpass.prove.bench import BEST_RUNG, Bench
from surpass.prove.bounds import gain, level_of, no_bounds, relative_gain, swapped
from surpass.prove.sentences import gain_sentence, own_sentence, remedy

NO_HARM_SHOWN = "no harm shown"


class Opened(msgspec.Struct, frozen=True):
    """A criterion, with the rows that it is about."""

    criterion: Criterion
    slice: str | None = None  # "channel = phone"
    rows: tuple[int, ...] | None = None  # places in the frame; none: all


def open_criteria(criteria: Criteria, tuned: pl.DataFrame) -> list[Opened]:
    """All gates to be; a criterion by a column opens into one a value, rows without one left out.

    Raises:
        BadInput: the predictions lack a slice column.
    """
    opened: list[Opened] = []
    for criterion in criteria.gates:
        by = None if isinstance(criterion, Primary) else criterion.by
        opened += [Opened(criterion)] if by is None else _slices(criterion, by, tuned)
    return opened


def _slices(criterion: Criterion, by: str, tuned: pl.DataFrame) -> list[Opened]:
    column = attribute(by)
    if column not in tuned.columns:
        raise BadInput(f"The predictions have no column `{by}` to judge by.", fix="Mend `by`.")
    places = (
        tuned.select(pl.col(column).alias("value"), pl.int_range(pl.len()).alias("place"))
        .drop_nulls("value")
        .group_by("value")
        .agg(pl.col("place"))
        .sort("value")
    )
    opened = [
        Opened(criterion, f"{by} = {value}", tuple(rows)) for value, rows in places.iter_rows()
    ]
    return opened or [Opened(criterion, f"{by} is empty", ())]


def answer(opened: Opened, bench: Bench) -> Gate:
    """The gate of one criterion.

    Raises:
        CannotTell: the metric is undefined on these rows.
    """
    criterion = opened.criterion
    if isinstance(criterion, Floor | Ceiling):
        gate = _own_score(criterion, opened, bench)
    else:
        gate = _difference(criterion, opened, bench)
    sentence = gain_sentence if gate.against else own_sentence
    return msgspec.structs.replace(gate, sentence=sentence(gate), remedy=remedy(gate))


def _own_score(criterion: Floor | Ceiling, opened: Opened, bench: Bench) -> Gate:
    """A floor or a ceiling: the tuned model alone, whatever the base does."""
    chosen = bench.metric(criterion.metric)
    tuned = _of_each(bench.runs, opened)
    if isinstance(criterion, Floor):
        found = level_of(chosen, tuned, bench.labels, bench.levels)
        return _gate(opened, chosen, found, criterion.at_least, _proved(found, criterion.at_least))
    found = level_of(chosen, tuned, bench.labels, swapped(bench.levels))
    return _gate(opened, chosen, found, criterion.at_most, _stays_below(found, criterion.at_most))


def _difference(criterion: Primary | Guard, opened: Opened, bench: Bench) -> Gate:
    """A primary or a guard: the tuned model against a base on the same rows."""
    chosen = bench.metric(criterion.metric)
    opponent, base = bench.base(criterion.against if isinstance(criterion, Primary) else BEST_RUNG)
    tuned, base = _of_each(bench.runs, opened), _of(base, opened)
    if isinstance(criterion, Guard):
        found = gain(chosen, tuned, base, bench.labels, bench.levels)
        judged = _no_harm if criterion.level == NO_HARM_SHOWN else _proved
        gate = _gate(opened, chosen, found, criterion.margin, judged(found, criterion.margin))
        return msgspec.structs.replace(_against(gate, opponent), level=criterion.level)
    if criterion.margin_relative is None:
        found = gain(chosen, tuned, base, bench.labels, bench.levels)
        gate = _gate(opened, chosen, found, criterion.margin, _proved(found, criterion.margin))
        return _against(gate, opponent)
    share = criterion.margin_relative
    found = relative_gain(chosen, tuned, base, bench.levels, labels=bench.labels, share=share)
    gate = _against(_gate(opened, chosen, found, 0.0, _proved(found, 0.0)), opponent)
    return msgspec.structs.replace(gate, relative=share)


def _proved(bounds: Bounds, margin: float) -> Outcome:
    """The lower bound must clear the margin; only the upper bound below it is a failure."""
    if bounds.low is not None and bounds.low > margin:
        return Outcome.PASS
    if bounds.high is not None and bounds.high < margin:
        return Outcome.FAIL
    return Outcome.INCONCLUSIVE


def _stays_below(bounds: Bounds, limit: float) -> Outcome:
    """The upper bound must stay under the limit; only the lower bound over it is a failure."""
    if bounds.high is not None and bounds.high < limit:
        return Outcome.PASS
    if bounds.low is not None and bounds.low > limit:
        return Outcome.FAIL
    return Outcome.INCONCLUSIVE


def _no_harm(bounds: Bounds, margin: float) -> Outcome:
    """Stops only on a sure loss; where a slice is too small to tell, no harm is shown either."""
    sure_loss = bounds.high is not None and bounds.high < margin
    return Outcome.FAIL if sure_loss else Outcome.PASS


def _of(frame: pl.DataFrame, opened: Opened) -> pl.DataFrame:
    return frame if opened.rows is None else frame[list(opened.rows)]


def _of_each(runs: tuple[pl.DataFrame, ...], opened: Opened) -> tuple[pl.DataFrame, ...]:
    return tuple(_of(run, opened) for run in runs)


def _gate(opened: Opened, chosen: Metric, found: Bounds, margin: float, outcome: Outcome) -> Gate:
    role = type(opened.criterion).__name__.lower()
    by = f", {opened.slice}" if opened.slice else ""
    return Gate(
        name=f"{role}: {opened.criterion.metric}{by}",
        role=role,
        metric=chosen.name,
        title=chosen.title,
        higher_is_better=chosen.higher_is_better,
        margin=margin,
        bounds=found,
        outcome=outcome,
        sentence="",
        slice=opened.slice,
    )


def _against(gate: Gate, opponent: str) -> Gate:
    by = f", {gate.slice}" if gate.slice else ""
    name = f"{gate.role}: {gate.metric} against {opponent}{by}"
    return msgspec.structs.replace(gate, name=name, against=opponent)


def answer_all(opened: list[Opened], bench: Bench) -> tuple[list[Gate], list[str]]:
    """Every gate, and a note for each slice that no score can be given for.

    A slice without a score stops a floor, a ceiling or a proved guard: unknown is not passed.

    Raises:
        CannotTell: a criterion on all rows cannot be scored at all.
    """
    gates, notes = [], []
    for one in opened:
        try:
            gates.append(answer(one, bench))
        except CannotTell as error:
            if one.slice is None:
                raise
            if not _only_watched(one.criterion):
                gates.append(_unknown(one, error, bench))
            notes.append(f"No score where {one.slice}: {error.args[0]}")
    return gates, notes


def _only_watched(criterion: Criterion) -> bool:
    return isinstance(criterion, Guard) and criterion.level == NO_HARM_SHOWN


def _unknown(opened: Opened, error: CannotTell, bench: Bench) -> Gate:
    """A gate that nothing is known about."""
    criterion = opened.criterion
    rows = _of(bench.tuned, opened)
    found = no_bounds(
        str(error.args[0]), bench.levels, items=rows.height, groups=rows[GROUP].n_unique()
    )
    found = msgspec.structs.replace(found, seeds=len(bench.runs))
    margin = criterion.at_most if isinstance(criterion, Ceiling) else 0.0
    margin = criterion.at_least if isinstance(criterion, Floor) else margin
    gate = _gate(opened, bench.metric(criterion.metric), found, margin, Outcome.INCONCLUSIVE)
    return msgspec.structs.replace(
        gate, sentence=f"No score where {opened.slice}.", remedy=error.fix
    )
