"""When a new model is due: properties that hold for any state and policy."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from surpass.core.settings.cycle import Cycle, Guards, Triggers
from surpass.cycle.decide import Ask, Past, Rest, Start, State, Wait, decide

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
hours_ago = st.floats(0, 2000).map(lambda hours: NOW - timedelta(hours=hours))


@st.composite
def pasts(draw):
    started = draw(hours_ago)
    ended = draw(st.none() | st.just(min(NOW, started + timedelta(hours=draw(st.floats(0, 50))))))
    amount = st.none() | st.floats(0, 20)
    return Past(started, ended, draw(st.booleans()), draw(amount), draw(amount))


maybe = st.none() | st.booleans()
some = st.none() | st.integers(0, 2000)
states = st.builds(
    State,
    past=st.lists(pasts(), max_size=6).map(
        lambda them: tuple(sorted(them, key=lambda p: p.started))
    ),
    floor_broken=maybe,
    drift_confirmed=maybe,
    drift_rows=some,
    new_labels=some,
    since=st.none() | hours_ago,
    base_changed=maybe,
    asked=st.booleans(),
    approved=st.booleans(),
)
count = st.integers(1, 500)
policies = st.builds(
    Cycle,
    triggers=st.builds(
        Triggers,
        floor=st.booleans(),
        drift_rows=st.none() | count,
        labels=st.none() | count,
        days=st.none() | st.floats(0.5, 60),
        base=st.booleans(),
    ),
    guards=st.builds(
        Guards,
        cooldown_hours=st.floats(0, 100),
        runs_a_week=st.integers(1, 5),
        hours_a_week=st.none() | st.floats(0.5, 40),
        money_a_week=st.none() | st.floats(0.5, 40),
        quiet_from=st.none() | st.integers(0, 23),
        quiet_to=st.none() | st.integers(0, 23),
        stop_after=st.integers(1, 4),
    ),
    approval=st.booleans(),
)


@given(states, policies)
def test_nothing_starts_without_a_person_where_approval_is_asked_for(state, policy):
    if isinstance(decide(state, policy, NOW), Start):
        assert not policy.approval or state.approved or state.asked


@given(states, policies)
def test_two_cycles_never_run_at_once(state, policy):
    if any(one.ended is None for one in state.past):
        assert isinstance(decide(state, policy, NOW), Wait | Rest)


@given(states, policies)
def test_the_weeks_limit_holds_for_everybody(state, policy):
    week = [one for one in state.past if NOW - one.started < timedelta(days=7)]
    if len(week) >= policy.guards.runs_a_week:
        assert not isinstance(decide(state, policy, NOW), Start | Ask)


@given(states, policies)
def test_every_action_but_rest_says_why(state, policy):
    match decide(state, policy, NOW):
        case Wait(reasons, held):
            assert reasons
            assert held
        case Start(reasons) | Ask(reasons):
            assert reasons


@given(states, policies)
def test_a_person_who_asks_is_never_told_that_nothing_is_due(state, policy):
    assert not isinstance(decide(state._replace(asked=True), policy, NOW), Rest)


@given(states, policies)
def test_what_is_not_known_starts_nothing(state, policy):
    ignorant = State(past=state.past)
    if policy.triggers.days is None or not state.past:
        assert decide(ignorant, policy, NOW) == Rest()


@given(states, policies)
def test_more_evidence_never_turns_a_start_into_rest(state, policy):
    if not isinstance(decide(state, policy, NOW), Rest):
        more = state._replace(floor_broken=True, new_labels=10**6)
        assert not isinstance(decide(more, policy, NOW), Rest)


@given(states, policies)
def test_the_last_losses_in_a_row_stop_the_machine_but_no_person(state, policy):
    ended = [one for one in state.past if one.ended is not None]
    losses = [not one.won for one in ended[-policy.guards.stop_after :]]
    lost = len(losses) == policy.guards.stop_after and all(losses)
    match decide(state, policy, NOW):
        case Start() | Ask():
            assert not lost or state.asked


def test_quiet_hours_may_span_midnight():
    state = State(floor_broken=True, approved=True)
    night = Cycle(guards=Guards(quiet_from=22, quiet_to=6))
    assert isinstance(decide(state, night, NOW.replace(hour=23)), Wait)
    assert isinstance(decide(state, night, NOW.replace(hour=5)), Wait)
    assert isinstance(decide(state, night, NOW.replace(hour=6)), Start)


def test_a_confirmed_drift_waits_for_its_rows():
    few = State(drift_confirmed=True, drift_rows=99)
    assert decide(few, Cycle(), NOW) == Rest()
    assert isinstance(decide(few._replace(drift_rows=100), Cycle(), NOW), Ask)


def test_the_words_have_the_numbers():
    action = decide(State(new_labels=700), Cycle(), NOW)
    assert isinstance(action, Ask)
    assert action.reasons[0].words == "700 new labels (500 asked for)."
