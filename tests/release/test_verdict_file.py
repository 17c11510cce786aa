"""A verdict file cannot say PASS where its own numbers say otherwise."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.verdict import Outcome
from surpass.core.records.verdict_file import Signed, VerdictFile, signed
from surpass.prove.gates import _no_harm, _proved, _stays_below
from surpass.release.verdict_file import contradictions
from verdict_files import gate, statement

replace = msgspec.structs.replace
NUMBERS = st.one_of(st.none(), st.floats(-1, 1))


def test_a_true_file_holds_also_after_a_trip_through_json():
    written = msgspec.json.encode(signed(statement()))
    assert contradictions(msgspec.json.decode(written, type=Signed)) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (statement(outcome="FAIL", forced="x"), "do not add up"),
        (statement(gates=(gate(low=0.01),)), "cannot be PASS"),
        (statement(gates=(), outcome="PASS"), "do not add up"),
        (statement(forced="why not"), "in spite of a PASS"),
        (statement(gates=(gate(low=-1, high=0, outcome=Outcome.FAIL),), outcome="FAIL"), "without"),
        (replace(statement(), decided=None), "without a PASS and without a reason"),
        (replace(statement(), model="small@bbbbbbbbbbbb"), "name is not that of its digest"),
        (
            replace(statement(), decided=replace(statement().decided, alpha=0.05)),
            "level 0.05 is not that of candidate 1",
        ),
        (
            replace(statement(), decided=replace(statement().decided, candidate_number=0)),
            "candidate 0",
        ),
    ],
)
def test_what_cannot_be_true_together_is_said(changed, said):
    assert any(said in one for one in contradictions(signed(changed)))


@given(st.sampled_from(sorted(VerdictFile.__struct_fields__)))
def test_a_statement_under_another_digest_is_said(field):
    changed = replace(signed(statement()), digest="0" * 64)
    assert any("was edited" in one for one in contradictions(changed))
    other = replace(statement(), **{field: None if field != "format" else "other"})
    assert signed(other).digest != signed(statement()).digest or getattr(statement(), field) is None


@given(
    NUMBERS, NUMBERS, st.floats(-1, 1), st.sampled_from(["floor", "ceiling", "guard", "no harm"])
)
def test_the_judges_own_gates_never_contradict_themselves(low, high, margin, kind):
    low, high = (high, low) if None not in (low, high) and low > high else (low, high)
    rule = {"ceiling": _stays_below, "no harm": _no_harm}.get(kind, _proved)
    role = "guard" if kind == "no harm" else kind
    level = "no harm shown" if kind == "no harm" else "proved"
    made = gate(low, high, margin, role=role, level=level)
    outcome = rule(made.bounds, margin)
    made = replace(made, outcome=outcome)
    forced = None if outcome is Outcome.PASS else "x"
    assert contradictions(signed(statement((made,), outcome.value, forced))) == ()
    for other in set(Outcome) - {outcome}:
        told = statement((replace(made, outcome=other),), other.value, "x")
        assert any("cannot be" in one for one in contradictions(signed(told)))
