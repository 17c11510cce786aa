"""How many rows are enough, as an account: the answer, the curve, what more rows bring and cost."""

import numpy as np

from surpass.core.account import Account, Chapter, Curve, Fact, Standing, Table
from surpass.core.records.enough import CurvePoint, EnoughData
from surpass.core.wording import counted
from surpass.cycle.enough import Asked, Bill, Found
from surpass.measure.learning_curve import (
    FARTHEST,
    LEVEL,
    Estimate,
    Reach,
    RowsNeeded,
    error_at,
    gain_of,
    rows_for,
)
from surpass.steps.tell.numbers import (
    UNKNOWN,
    minutes,
    percent,
    percent_at_least,
    percent_at_most,
    points,
    points_at_least,
    points_at_most,
)

_MORE = 100  # labels whose gain is told
_DRAWN = 25  # places at which the law is drawn
_TIER = {
    "proxy": "Proxy tier: this is how a linear model on words learns from these rows, not the "
    "model that will be tuned, which may need fewer or more.",
    "real": "Real tier: the declared model was trained on each part of the rows, as `surpass "
    "train` does it.",
}
_SURE = f"{LEVEL:.0%} sure".replace("%", " %")


def told(found: Found) -> Account:
    """The account of a curve."""
    goal, curve = found.goal, found.curve
    needed = None if goal.score is None else rows_for(curve, _error(found, goal.score))
    gain = gain_of(curve, curve.largest, _MORE)
    why = "" if goal.score is None else f"The target is {_target(found)}: {goal.origin}."
    missing = (f"There is no target: {goal.origin}.",) if goal.score is None else ()
    return Account(
        title="Enough",
        headline=_headline(found, needed, gain),
        standing=_standing(needed, curve.largest),
        text=tuple(line for line in (_TIER[found.asked.tier], why, _ahead(found)) if line),
        facts=tuple(_facts(found, needed, gain)),
        chapters=(
            Chapter(title="Learning curve", figures=(_figure(found),), tables=(_table(found),)),
        ),
        warnings=(*found.unasked, *missing),
        next_command=_next(found.asked, needed, curve.largest),
        data=_data(found, needed, gain),
    )


def bill_account(bill: Bill, asked: Asked) -> Account:
    """What the real tier is about to cost, before it is agreed to."""
    predicted = UNKNOWN if bill.seconds is None else minutes(bill.seconds)
    scoring = "" if bill.scoring_seconds is None else minutes(bill.scoring_seconds)
    note = "predicted as `surpass plan` does" if bill.seconds is not None else "cannot be predicted"
    return Account(
        title="Enough",
        headline=f"{counted(bill.trainings, 'training')} to do, {predicted} predicted.",
        text=(
            f"Nested parts of the training rows with {counted(asked.seeds, 'seed')}; each training "
            "is kept when it ends, and the same command goes on after a stop.",
            *(
                (f"{counted(bill.stored, 'training')} of an earlier call stay.",)
                if bill.stored
                else ()
            ),
        ),
        facts=(
            Fact(label="training", value=predicted, note=note),
            Fact(
                label="answering valid",
                value=scoring or UNKNOWN,
                note="at a rung's pace" if scoring else "no model was timed yet",
            ),
        ),
        next_command="surpass enough --tier real --yes",
    )


def _headline(found: Found, needed: RowsNeeded | None, gain: Estimate) -> str:
    curve, target = found.curve, _target(found)
    there = f"{curve.largest:,} are there"
    if needed is None:
        return (
            f"{_MORE} rows more bring {points(gain.value)} of {found.goal.metric.title} at "
            f"{curve.largest:,} rows ({_points_range(gain)})."
        )
    if needed.reach is Reach.UNREACHABLE:
        return f"{target} is not reachable with more rows at this method; {there}."
    if needed.reach is Reach.BEYOND:
        return (
            f"Cannot tell how many rows {target} takes: at least {needed.low or 0:,}, and the best "
            f"guess lies beyond {curve.farthest:,}, {FARTHEST:g} times the {curve.largest:,} there."
        )
    return f"About {needed.rows:,} rows for {target} ({_range(found, needed)}, {_SURE}); {there}."


def _range(found: Found, needed: RowsNeeded) -> str:
    """Both ends; an end outside what was measured is told as such."""
    smallest, least = int(found.curve.sizes[0]), needed.low or 0
    low = f"fewer than {smallest:,}" if least < smallest else f"{least:,}"
    high = f"more than {found.curve.farthest:,}" if needed.high is None else f"{needed.high:,}"
    return f"{low} to {high}"


def _standing(needed: RowsNeeded | None, rows: int) -> Standing:
    """Whether the rows there are suffice, as far as the interval says."""
    if needed is None:
        return Standing.DONE
    if needed.reach is Reach.UNREACHABLE:
        return Standing.DOES_NOT_HOLD
    if needed.high is not None and needed.high <= rows:
        return Standing.HOLDS
    sure = needed.reach is Reach.NEEDED and needed.low is not None and needed.low > rows
    return Standing.DOES_NOT_HOLD if sure else Standing.CANNOT_TELL


def _ahead(found: Found) -> str:
    """What four times the rows would bring."""
    farthest = found.curve.farthest
    there = _scored(found, error_at(found.curve, farthest))
    return (
        f"With {farthest:,} rows the score would be {percent(there.value)} "
        f"({percent_at_least(there.low)} to {percent_at_most(there.high)}, {_SURE}); of more rows "
        f"nothing is said. Scored on {counted(found.valid_rows, 'row')} of valid, "
        f"{counted(found.asked.seeds, 'seed')} a size; the sealed test stays sealed."
    )


def _facts(found: Found, needed: RowsNeeded | None, gain: Estimate) -> list[Fact]:
    curve, asked = found.curve, found.asked
    facts = [
        Fact(
            label=f"{_MORE} rows more",
            value=points(gain.value),
            note=f"{_points_range(gain)} at {curve.largest:,} rows, {_SURE}",
        )
    ]
    if needed is not None and needed.rows is not None:
        note = f"{_range(found, needed)}, {_SURE}"
        facts.insert(0, Fact(label="rows needed", value=f"{needed.rows:,}", note=note))
    if asked.price_per_row is None:
        return facts
    price = _price(found, needed)
    if price is not None and needed is not None:
        least = f"{asked.price_per_row * max(0, (needed.low or 0) - curve.largest):,.2f}"
        beyond = needed.high is None
        most = asked.price_per_row * max(0, (needed.high or curve.farthest) - curve.largest)
        note = f"{least} to {'more than ' if beyond else ''}{most:,.2f}"
        facts.append(Fact(label="price of the rows", value=f"{price:,.2f}", note=note))
    if gain.low > 0:
        a_point = asked.price_per_row * _MORE / (100 * gain.value)
        facts.append(Fact(label="price of a point", value=f"{a_point:,.2f}", note="at present"))
    return facts


def _price(found: Found, needed: RowsNeeded | None) -> float | None:
    """Of the rows that are still to be labelled."""
    if needed is None or needed.rows is None or found.asked.price_per_row is None:
        return None
    return found.asked.price_per_row * max(0, needed.rows - found.curve.largest)


def _next(asked: Asked, needed: RowsNeeded | None, rows: int) -> str:
    if _standing(needed, rows) is Standing.HOLDS:
        return "surpass seal"
    return "surpass enough --tier real" if asked.tier == "proxy" else "surpass label"


def _figure(found: Found) -> Curve:
    """Means of the trainings, the law with its band up to four times the rows, the target."""
    curve = found.curve
    places = np.unique(
        [*curve.sizes, *np.geomspace(curve.sizes[0], curve.farthest, _DRAWN).round()]
    )
    fitted = [_scored(found, error_at(curve, place)) for place in places]
    mean = dict(zip(curve.sizes, found.scores.mean(axis=0), strict=True))
    return Curve(
        title="Score over training rows",
        x_label="training rows",
        y_label=f"{found.goal.metric.title} on valid",
        x=tuple(map(float, places)),
        lines={
            "trained": tuple(None if x not in mean else float(mean[x]) for x in places),
            "power law": tuple(one.value for one in fitted),
        },
        low=tuple(one.low for one in fitted),
        high=tuple(one.high for one in fitted),
        line=found.goal.score,
        line_label="target",
    )


def _table(found: Found) -> Table:
    rows = tuple(
        (
            f"{point.rows:,}",
            percent(float(np.mean(point.scores))) if point.scores else UNKNOWN,
            f"{percent(min(point.scores))} to {percent(max(point.scores))}"
            if point.scores
            else UNKNOWN,
            f"{percent(point.fitted)} ({percent_at_least(point.low)} to "
            f"{percent_at_most(point.high)})",
        )
        for point in _points(found)
    )
    columns = ("rows", "trained, mean", "over seeds", f"power law ({_SURE})")
    return Table(title="", columns=columns, rows=rows, numeric=columns)


def _points(found: Found) -> tuple[CurvePoint, ...]:
    """The sizes that were trained on, then twice and four times the rows."""
    curve = found.curve
    trained = [tuple(map(float, column)) for column in found.scores.T]
    sizes = [*map(int, curve.sizes), 2 * curve.largest, curve.farthest]
    return tuple(
        CurvePoint(rows=rows, scores=scores, fitted=one.value, low=one.low, high=one.high)
        for rows, scores in zip(sizes, [*trained, (), ()], strict=True)
        for one in (_scored(found, error_at(curve, rows)),)
    )


def _data(found: Found, needed: RowsNeeded | None, gain: Estimate) -> EnoughData:
    return EnoughData(
        tier=found.asked.tier,
        metric=found.goal.metric.name,
        target=found.goal.score,
        reach=None if needed is None else needed.reach.value,
        rows=found.curve.largest,
        rows_needed=None if needed is None else needed.rows,
        rows_low=None if needed is None else needed.low,
        rows_high=None if needed is None else needed.high,
        gain_of_100=(gain.value, gain.low, gain.high),
        price=_price(found, needed),
        points=_points(found),
    )


def _error(found: Found, score: float) -> float:
    return 1 - score if found.goal.metric.higher_is_better else score


def _scored(found: Found, error: Estimate) -> Estimate:
    """An estimate of the error as one of the score."""
    if not found.goal.metric.higher_is_better:
        return error
    return Estimate(1 - error.value, 1 - error.high, 1 - error.low)


def _target(found: Found) -> str:
    return f"{percent(found.goal.score)} of {found.goal.metric.title}"


def _points_range(gain: Estimate) -> str:
    return f"{points_at_least(gain.low)} to {points_at_most(gain.high)}"
