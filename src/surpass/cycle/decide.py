"""Whether a new model is due: what speaks for it, what holds it back, and what to do. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from surpass.core.settings.cycle import Cycle, Guards, Triggers

WEEK = timedelta(days=7)

Trigger = Literal["floor", "drift", "labels", "schedule", "base", "manual"]
Guard = Literal["running", "cool-down", "runs", "hours", "money", "quiet hours", "stop-loss"]


class Past(NamedTuple):
    """One cycle that was started."""

    started: datetime
    ended: datetime | None  # None: it still runs
    won: bool  # its challenger became champion
    hours: float | None = None  # None: not known
    money: float | None = None


class State(NamedTuple):
    """Everything that the decision rests on; what is not known is None, never 0."""

    past: tuple[Past, ...] = ()  # the oldest first
    floor_broken: bool | None = None
    drift_confirmed: bool | None = None
    drift_rows: int | None = None  # labelled rows of what drifted in
    new_labels: int | None = None  # since the last training
    since: datetime | None = None  # the release of the champion, where no cycle was run yet
    base_changed: bool | None = None
    asked: bool = False  # by a person, now
    approved: bool = False  # by a person, for what speaks for it now


class Reason(NamedTuple):
    """One trigger or guard, with its numbers as a sentence."""

    name: Trigger | Guard
    words: str


class Start(NamedTuple):
    """Run a cycle."""

    reasons: tuple[Reason, ...]


class Ask(NamedTuple):
    """Ask a person to approve a cycle; nothing is started."""

    reasons: tuple[Reason, ...]


class Wait(NamedTuple):
    """Something speaks for a cycle, but it is held back."""

    reasons: tuple[Reason, ...]
    held: tuple[Reason, ...]


class Rest(NamedTuple):
    """Nothing speaks for a cycle."""


Action = Start | Ask | Wait | Rest


def decide(state: State, policy: Cycle, now: datetime) -> Action:
    """What to do now; the same state, policy and moment give the same answer.

    A person who asks needs no other trigger and no approval, and is not held back by the cool-down,
    the quiet hours and the stop-loss; what is running, and the week's limits, hold for people too.

    Args:
        state: What is known.
        policy: [cycle] of surpass.toml.
        now: With a time zone.
    """
    reasons = tuple(_triggers(state, policy.triggers, now))
    if not reasons:
        return Rest()
    held = tuple(_guards(state, policy.guards, now))
    if held:
        return Wait(reasons, held)
    if policy.approval and not (state.approved or state.asked):
        return Ask(reasons)
    return Start(reasons)


def _triggers(state: State, on: Triggers, now: datetime) -> Iterator[Reason]:
    if state.asked:
        yield Reason("manual", "A person asked for it.")
    if on.floor and state.floor_broken:
        yield Reason("floor", "The floor of accuracy is broken.")
    rows, labels = state.drift_rows or 0, state.new_labels or 0
    if on.drift_rows is not None and state.drift_confirmed and rows >= on.drift_rows:
        yield Reason(
            "drift",
            f"Drift is confirmed, with {rows} labelled rows of it ({on.drift_rows} asked for).",
        )
    if on.labels is not None and labels >= on.labels:
        yield Reason("labels", f"{labels} new labels ({on.labels} asked for).")
    last = max((one.started for one in state.past), default=state.since)
    if on.days is not None and last is not None and now - last >= timedelta(days=on.days):
        yield Reason(
            "schedule", f"{(now - last).days} days since the last one ({on.days:g} asked for)."
        )
    if on.base and state.base_changed:
        yield Reason("base", "The base model is another one now.")


def _guards(state: State, guards: Guards, now: datetime) -> Iterator[Reason]:
    if any(one.ended is None for one in state.past):
        yield Reason("running", "A cycle is running.")
    yield from _week(state, guards, now)
    if state.asked:
        return
    ended = max((one.ended for one in state.past if one.ended is not None), default=None)
    if ended is not None and now - ended < timedelta(hours=guards.cooldown_hours):
        waited = (now - ended).total_seconds() / 3600
        yield Reason(
            "cool-down",
            f"{waited:.1f} hours since the last one ended, of {guards.cooldown_hours:g}.",
        )
    if _quiet(guards, now.hour):
        yield Reason(
            "quiet hours",
            f"Nothing starts from {guards.quiet_from} to {guards.quiet_to} o'clock UTC.",
        )
    done = [one.won for one in state.past if one.ended is not None]
    if len(done) >= guards.stop_after and not any(done[-guards.stop_after :]):
        yield Reason(
            "stop-loss", f"The last {guards.stop_after} did not win: look at the data first."
        )


def _week(state: State, guards: Guards, now: datetime) -> Iterator[Reason]:
    """The limits of seven days; what a cycle cost and nobody knows counts as the whole limit."""
    week = [one for one in state.past if now - one.started < WEEK]
    if len(week) >= guards.runs_a_week:
        yield Reason("runs", f"{len(week)} in seven days, of {guards.runs_a_week}.")
    if guards.hours_a_week is not None:
        spent = [one.hours for one in week]
        known = sum(hours for hours in spent if hours is not None)
        if None in spent or known >= guards.hours_a_week:
            yield Reason("hours", _spent("hours of training", known, guards.hours_a_week, spent))
    if guards.money_a_week is not None:
        spent = [one.money for one in week]
        known = sum(money for money in spent if money is not None)
        if None in spent or known >= guards.money_a_week:
            yield Reason("money", _spent("spent", known, guards.money_a_week, spent))


def _spent(what: str, known: float, limit: float, each: list[float | None]) -> str:
    unknown = f", and {each.count(None)} cycles of unknown cost" if None in each else ""
    return f"{known:g} {what} in seven days, of {limit:g}{unknown}."


def _quiet(guards: Guards, hour: int) -> bool:
    """Whether the hour is in the quiet part of the day, which may span midnight."""
    start, end = guards.quiet_from, guards.quiet_to
    if start is None or end is None or start == end:
        return False
    return start <= hour < end if start < end else hour >= start or hour < end
