"""The rate of a random audit: exact bounds, told when nothing is open any more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from surpass.core.digest import digest_text
from surpass.core.records.annotation import Annotation
from surpass.core.records.audit import Audit, AuditedRow
from surpass.people.adjudicate import ADJUDICATOR
from surpass.people.audited import audited

DRAWN, LATER, BEFORE = "2026-03-01T12:00:00", "2026-03-01T13:00:00", "2026-02-01T12:00:00"


def audit_of(count):
    rows = tuple(
        AuditedRow(row=f"r{n}", digest=f"d{n}", answer=digest_text("right")) for n in range(count)
    )
    return Audit(at=DRAWN, queue="q", version="v", seed=0, population=1000, rows=rows)


def said(number, value, *, by="Ada", verdict="answered", **more):
    row, digest = f"r{number}", f"d{number}"
    there = {"at": LATER, "queue": "q"} | more
    return Annotation(by=by, row=row, digest=digest, verdict=verdict, value=value, **there)


def judge(count, *annotations):
    return audited(audit_of(count), annotations, current=True)


@given(st.lists(st.sampled_from(["right", "wrong"]), min_size=1, max_size=60))
def test_bounds_are_the_exact_ones_of_a_share(answers):
    found = judge(len(answers), *(said(n, value) for n, value in enumerate(answers)))
    exact = binomtest(answers.count("wrong"), len(answers)).proportion_ci(0.95, "exact")
    assert found.share == answers.count("wrong") / len(answers)
    assert [found.low, found.high] == pytest.approx([exact.low, exact.high])


@given(st.integers(1, 20), st.data())
def test_nothing_is_told_while_a_row_is_waiting(count, data):
    seen = data.draw(st.sets(st.integers(0, count - 1)))
    found = judge(count, *(said(n, "right") for n in seen))
    assert (found.waiting, found.judged) == (count - len(seen), len(seen))
    assert (found.share is None) == (len(seen) < count)


def test_who_cannot_tell_widens_the_interval_on_both_sides():
    plain = judge(20, *(said(n, "right") for n in range(20)))
    skipped = said(0, None, verdict="skipped")
    found = judge(20, skipped, *(said(n, "right") for n in range(1, 20)))
    assert (found.judged, found.unknown, found.wrong, found.share) == (19, 1, 0, 0)
    assert found.low == plain.low == 0
    assert found.high > plain.high


def test_what_people_differ_about_is_unknown_until_it_is_settled():
    differ = (said(0, "right"), said(0, "wrong", by="Bea"))
    assert judge(1, *differ).unknown == 1
    assert judge(1, *differ, said(0, "wrong", by=ADJUDICATOR)).wrong == 1


def test_only_what_was_said_blind_and_to_the_audit_or_later_elsewhere_counts():
    assert judge(1, said(0, "right", queue="another")).waiting == 1
    elsewhere = {"via": "label-studio", "queue": ""}
    assert judge(1, said(0, "right", at=BEFORE, **elsewhere)).waiting == 1
    assert judge(1, said(0, "right", **elsewhere)).judged == 1
    assert judge(1, said(0, "right", saw=True)).waiting == 1
    assert judge(1, said(0, None, verdict="rejected")).wrong == 1
    assert judge(1, said(7, "wrong")).waiting == 1


def test_the_interval_covers_the_rate_of_a_population_that_is_drawn_from():
    draw, inside = np.random.default_rng(0), 0
    for _ in range(400):
        wrong = draw.permutation(np.arange(1000) < 60)[:50]
        found = judge(50, *(said(n, "wrong" if bad else "right") for n, bad in enumerate(wrong)))
        inside += found.low <= 0.06 <= found.high
    assert inside >= 400 * 0.95 - 4 * (400 * 0.95 * 0.05) ** 0.5
