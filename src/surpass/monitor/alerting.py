"""The history of alerts: opened, raised to a page, reminded of, resolved, silenced. Pure folds."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from surpass.core.records.signal import Alert, AlertEvent, EventKind

_RESOLVED_AFTER = 2  # windows without the signal


class Open(NamedTuple):
    """An alert that goes on."""

    name: str
    severity: str
    since: str
    told: str  # when it was last sent
    window: int  # in which it was last seen


class Turn(NamedTuple):
    """What one pass adds."""

    events: tuple[AlertEvent, ...]  # to be written down
    send: tuple[Alert, ...]  # to be sent, as one message
    resolved: tuple[str, ...]  # names that are over


def still_open(events: Iterable[AlertEvent]) -> dict[str, Open]:
    """The alerts that go on, by name."""
    found: dict[str, Open] = {}
    for one in events:
        if one.event == "resolved":
            found.pop(one.name, None)
        elif one.event != "silenced":
            found[one.name] = Open(one.name, one.severity, one.since, one.at, one.window)
    return found


def silences(events: Iterable[AlertEvent], now: datetime) -> tuple[AlertEvent, ...]:
    """The silences in force; a later one of the same name replaces the earlier."""
    last = {one.name: one for one in events if one.event == "silenced"}
    return tuple(one for one in last.values() if datetime.fromisoformat(one.until) > now)


def silenced(name: str, in_force: Iterable[AlertEvent]) -> bool:
    """Whether nobody is to be told of this alert: its name, its trouble, or all are silenced."""
    trouble = name.rpartition(":")[2]
    return any(one.name in {name, trouble, "all"} for one in in_force)


def turn(
    events: Sequence[AlertEvent],
    alerts: Sequence[Alert],
    last_window: int,
    now: datetime,
    cooldown_hours: float,
) -> Turn:
    """What changes with the present alerts.

    A new alert is sent, and one that became a page; one that goes on is sent again after the
    cool-down, if it is a page. One that two windows did not show is over. What is silenced is
    written down and not sent.

    Args:
        events: The history.
        alerts: Of this pass.
        last_window: Number of the last tested window.
        now: With a time zone.
        cooldown_hours: Between two messages on the same alert.
    """
    known, quiet = still_open(events), silences(events, now)
    at = now.isoformat(timespec="seconds")
    added, send = [], []
    for one in alerts:
        event = _event_of(known.get(one.name), one, now, cooldown_hours)
        if event is None:
            continue
        added.append(
            AlertEvent(
                at=at,
                event=event,
                name=one.name,
                severity=one.severity,
                since=one.since,
                window=last_window,
            )
        )
        if not silenced(one.name, quiet):
            send.append(one)
    present = {one.name for one in alerts}
    over = tuple(
        name
        for name, one in known.items()
        if name not in present and last_window - one.window >= _RESOLVED_AFTER
    )
    added += [AlertEvent(at=at, event="resolved", name=name, window=last_window) for name in over]
    told = tuple(name for name in over if not silenced(name, quiet))
    return Turn(tuple(added), tuple(send), told)


def silence(name: str, hours: float, reason: str, who: str, now: datetime) -> AlertEvent:
    """Nobody is told of these alerts for so long; it is written down who wanted that, and why."""
    return AlertEvent(
        at=now.isoformat(timespec="seconds"),
        event="silenced",
        name=name,
        until=(now + timedelta(hours=hours)).isoformat(timespec="seconds"),
        reason=reason,
        who=who,
    )


def _event_of(
    known: Open | None, alert: Alert, now: datetime, cooldown_hours: float
) -> EventKind | None:
    """What happens to this alert; None: nothing new."""
    if known is None:
        return "opened"
    if alert.severity == "page" and known.severity != "page":
        return "raised"
    waited = now - datetime.fromisoformat(known.told) >= timedelta(hours=cooldown_hours)
    seen_again = alert.signal.window > known.window
    return "reminded" if waited and seen_again and alert.severity == "page" else None
