"""Alerts are opened once, raised, reminded of, resolved and silenced."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.signal import Alert, AlertEvent, Signal
from surpass.monitor.alerting import silence, silences, still_open, turn

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def alert(severity="page", window=3, kind="terms"):
    signal = Signal(
        kind=kind,
        window=window,
        start="2026-05-01 10:00:00",
        end="2026-05-01 11:00:00",
        p=0.001,
        level=0.01,
        effect=0.1,
        words="New words.",
    )
    return Alert(name=f"demo:r1:{kind}", severity=severity, since=signal.start, signal=signal)


def events_after(*alerts, history=(), now=NOW, last=3):
    return turn(history, alerts, last, now, 24)


def test_the_same_alert_is_sent_once():
    first = events_after(alert())
    second = events_after(alert(), history=first.events, now=NOW + timedelta(hours=1))
    assert [one.name for one in first.send] == ["demo:r1:terms"]
    assert second.send == ()
    assert second.events == ()


def test_a_notice_that_becomes_a_page_is_sent_again():
    first = events_after(alert("notice"))
    second = events_after(alert("page", 4), history=first.events, now=NOW + timedelta(hours=1))
    assert second.events[0].event == "raised"
    assert len(second.send) == 1


def test_after_the_cool_down_a_page_that_is_seen_again_is_recalled():
    first = events_after(alert())
    day = NOW + timedelta(hours=25)
    assert events_after(alert(window=3), history=first.events, now=day).send == ()
    again = events_after(alert(window=5), history=first.events, now=day, last=5)
    assert again.events[0].event == "reminded"


def test_two_windows_without_it_end_an_alert():
    first = events_after(alert())
    assert events_after(history=first.events, last=4).resolved == ()
    over = events_after(history=first.events, last=5)
    assert over.resolved == ("demo:r1:terms",)
    assert still_open([*first.events, *over.events]) == {}


def test_a_silence_holds_for_its_hours_and_the_history_goes_on():
    quiet = silence("terms", 2, "a planned test", "ann", NOW)
    held = events_after(alert(), history=(quiet,), now=NOW + timedelta(hours=1))
    assert held.send == ()
    assert held.events[0].event == "opened"
    assert silences((quiet,), NOW + timedelta(hours=3)) == ()


def test_a_silence_of_another_kind_changes_nothing():
    quiet = silence("floor", 2, "known", "ann", NOW)
    assert len(events_after(alert(), history=(quiet,)).send) == 1


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 30)), max_size=30))
def test_no_alert_is_sent_twice_within_the_cool_down(passes):
    history: list[AlertEvent] = []
    now, last, sent = NOW, 1, []
    for present, hours in passes:
        now, last = now + timedelta(hours=hours), last + 1
        found = turn(history, [alert(window=last)] if present else [], last, now, 24)
        sent += [(now, event.event) for event in found.events if event.event != "resolved"]
        history += found.events
    for (one, _), (two, what) in pairwise(sent):
        assert what == "opened" or two - one >= timedelta(hours=24)
