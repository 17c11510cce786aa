"""What `surpass experiment` says: the decision in words, bands over time, guards, split, slices."""

from surpass.core.account import Account, Chapter, Curve, Fact, Standing, Table
from surpass.core.records.experiment import (
    Band,
    Conclusion,
    ExperimentData,
    ExperimentEnd,
    MismatchData,
    RunningExperiment,
)
from surpass.core.wording import counted
from surpass.steps.experimenting import standing as known
from surpass.steps.experimenting.numbers import InUnit, days_words, unit_of
from surpass.steps.experimenting.warn import warnings

_STANDINGS = {
    Conclusion.WINS: Standing.HOLDS,
    Conclusion.LOSES: Standing.DOES_NOT_HOLD,
    Conclusion.EQUAL: Standing.DOES_NOT_HOLD,
    Conclusion.KEEP_GOING: Standing.CANNOT_TELL,
    Conclusion.BROKEN: Standing.CANNOT_TELL,
}


def status_account(now: known.Standing, *, all_in: bool = True) -> Account:
    """What `surpass experiment status` says.

    Args:
        now: What is known.
        all_in: Whether the journal has all that other processes said.
    """
    return Account(
        title="Experiment",
        headline=_headline(now),
        standing=_STANDINGS[now.decided.decision],
        text=(now.decided.why, *_going_on(now)),
        facts=_facts(now),
        chapters=(_primary_chapter(now), _guard_chapter(now), *_slice_chapter(now)),
        warnings=warnings(now, all_in=all_in),
        next_command=_next(now),
        data=_data(now),
    )


def started_account(one: RunningExperiment, *, what: str) -> Account:
    """What `start` and `ramp` say afterwards."""
    started, share = one.started, one.periods[-1].share
    plan = started.plan
    guards = ", ".join(guard.metric for guard in plan.guards) or "none"
    return Account(
        title="Experiment",
        headline=f"{what} {started.challenger} has {share:.0%} of the units, "
        f"{started.champion} the rest.",
        text=(
            f"Sealed in the ledger: {started.primary} decides; its gain must be sure to exceed "
            f"{plan.margin:g} (alpha {plan.alpha:g} over all looks, {plan.bounds} bounds). "
            f"Guards: {guards}.",
            f"A unit counts once its {plan.window_hours:g} hours are over. Look as often as you "
            "like.",
        ),
        next_command="surpass experiment status",
        data=ExperimentData(
            experiment=started.experiment,
            champion=started.champion,
            challenger=started.challenger,
            share=share,
            running=True,
            decision=None,
        ),
    )


def ended_account(
    now: known.Standing, ended: ExperimentEnd, *, promoted: bool, how: str
) -> Account:
    """What `stop` says.

    Args:
        now: What was known at the end.
        ended: The ledger's entry.
        promoted: The challenger is champion now.
        how: The command that makes it champion; empty where it shall not be.
    """
    started = now.experiment.started
    live = started.challenger if promoted else "The champion"
    return Account(
        title="Experiment",
        headline=f"{started.experiment} is over: {ended.decision}. {live} has all traffic.",
        standing=_STANDINGS[ended.decision],
        text=(ended.headline, *((f"Stopped because: {ended.reason}",) if ended.reason else ())),
        facts=_facts(now),
        chapters=(_primary_chapter(now), _guard_chapter(now)),
        next_command="" if promoted else how,
        data=_data(now),
    )


def none_account() -> Account:
    """What `status` says where no experiment ever ran."""
    return Account(
        title="Experiment",
        headline="No experiment was started yet.",
        next_command="surpass experiment start --challenger RELEASE --primary NAME",
        data=ExperimentData(
            experiment=None,
            champion=None,
            challenger=None,
            share=None,
            running=False,
            decision=None,
        ),
    )


def _headline(now: known.Standing) -> str:
    decision = now.decided.decision
    said = f"{decision[0].upper()}{decision[1:]}"
    if decision is Conclusion.KEEP_GOING:
        return f"{said}: {days_words(now.days_left)}."
    over = "" if now.experiment.ended is None else ", and the experiment is over"
    return f"{said}{over}."


def _going_on(now: known.Standing) -> tuple[str, ...]:
    started = now.experiment.started
    window = f"{started.plan.window_hours:g} hours"
    parts = [
        f"{started.challenger} ({now.experiment.periods[-1].share:.0%}) against {started.champion} "
        f"since {now.days:.1f} days."
    ]
    if now.waiting:
        parts.append(f"{counted(now.waiting, 'unit')} met it in the last {window} and will count.")
    return (" ".join(parts),)


def _facts(now: known.Standing) -> tuple[Fact, ...]:
    band, unit = now.primary.band, _unit(now, now.primary.band)
    gain = unit.gain(band.gain)
    return (
        Fact(label=f"gain in {band.metric}", value=gain, note=unit.between(band.low, band.high)),
        Fact(label="champion", value=unit.level(band.champion), note=_units(band.champion_units)),
        Fact(
            label="challenger",
            value=unit.level(band.challenger),
            note=_units(band.challenger_units),
        ),
    )


def _primary_chapter(now: known.Standing) -> Chapter:
    """The band at every look: it only narrows, and may be read at any time."""
    band, unit, looks = now.primary.band, _unit(now, now.primary.band), now.primary.looks
    figures: tuple[Curve, ...] = ()
    if len(looks) > 1:
        figures = (
            Curve(
                title=f"Gain in {band.metric}, and its bounds at every look",
                x_label="days since the start",
                y_label=unit.name,
                x=tuple(look.days for look in looks),
                lines={"gain": tuple(unit.scale * look.gain for look in looks)},
                low=tuple(unit.scale * look.low for look in looks),
                high=tuple(unit.scale * look.high for look in looks),
                line=unit.scale * now.experiment.started.plan.margin,
                line_label="margin",
            ),
        )
    level = now.experiment.started.plan.alpha
    return Chapter(
        title="The metric that decides",
        text=(
            f"Each bound is ever wrong, at any look, with a chance of at most {level:.1%}.",
            *((f"No bounds yet: {band.unknown}",) if band.unknown else ()),
        ),
        figures=figures,
    )


def _guard_chapter(now: known.Standing) -> Chapter:
    """Guards, and the split of units."""
    guards = now.experiment.started.plan.guards
    rows = tuple(
        (
            guard.metric,
            _unit(now, one.band).level(one.band.champion),
            _unit(now, one.band).level(one.band.challenger),
            one.band.unknown or _unit(now, one.band).between(one.band.low, one.band.high),
            f"{guard.level}, margin {guard.margin:g}",
        )
        for guard, one in zip(guards, now.guards, strict=True)
    )
    split = now.mismatch
    arms = tuple(
        (name, f"{count:,}", f"{expected:,.1f}")
        for name, count, expected in zip(
            ("champion", "challenger"), split.assigned, split.expected, strict=True
        )
    )
    return Chapter(
        title="Guards and split",
        tables=(
            Table(
                title="Guards: a gain above 0 is better",
                columns=("guard", "champion", "challenger", "gain is between", "asked for"),
                rows=rows,
            ),
            Table(
                title="Units that met the experiment",
                columns=("arm", "units", "expected"),
                rows=arms,
                numeric=("units", "expected"),
                note=f"p {split.p:.2g} at all looks together; below "
                f"{now.experiment.started.plan.mismatch_alpha:g} the split is broken.",
            ),
        ),
    )


def _slice_chapter(now: known.Standing) -> tuple[Chapter, ...]:
    if not now.slices:
        return ()
    rows = tuple(
        (
            name,
            f"{band.champion_units + band.challenger_units:,}",
            _unit(now, band).gain(band.gain),
            band.unknown or _unit(now, band).between(band.low, band.high),
        )
        for name, band in now.slices.items()
    )
    table = Table(
        title="",
        columns=("slice", "units", "gain", "is between"),
        rows=rows,
        numeric=("units", "gain"),
        note="Shown to look for harm, not corrected for their number, never decisive.",
    )
    return (Chapter(title="Slices", tables=(table,)),)


def _next(now: known.Standing) -> str:
    if now.experiment.ended is not None:
        return "surpass status"
    going = now.decided.decision is Conclusion.KEEP_GOING
    return "surpass experiment status" if going else "surpass experiment stop"


def _data(now: known.Standing) -> ExperimentData:
    started, split = now.experiment.started, now.mismatch
    return ExperimentData(
        experiment=started.experiment,
        champion=started.champion,
        challenger=started.challenger,
        share=now.experiment.periods[-1].share,
        running=now.experiment.ended is None,
        decision=now.decided.decision,
        primary=now.primary.band,
        guards=tuple(one.band for one in now.guards),
        slices=now.slices,
        mismatch=MismatchData(
            champion=split.assigned[0],
            challenger=split.assigned[1],
            champion_expected=split.expected[0],
            challenger_expected=split.expected[1],
            p=split.p,
        ),
        days_left=now.days_left,
        looks=now.primary.looks,
    )


def _unit(now: known.Standing, band: Band) -> InUnit:
    return unit_of(now.experiment.started.metrics[band.metric])


def _units(count: int) -> str:
    return counted(count, "unit")
