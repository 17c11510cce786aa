"""Both orders, one reading: what a judge is shown, and what its reply means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.judging import PairVerdict
from surpass.evaluate.judging import (
    LABELS,
    STANDARD_RUBRIC,
    Comparison,
    judge_prompts,
    read_verdict,
    side_of,
)

texts = st.text(max_size=60)


@given(texts, texts, texts)
def test_the_two_orders_differ_in_nothing_but_the_places_of_the_answers(asked, first, second):
    straight, swapped = judge_prompts(Comparison(asked, first, second), STANDARD_RUBRIC)
    assert straight[0] == swapped[0]
    assert sorted(straight[1].content.split("\n")) == sorted(swapped[1].content.split("\n"))
    assert (straight == swapped) == (first == second)


@given(texts, st.text(max_size=200))
def test_no_answer_closes_its_own_marks(asked, hostile):
    prompt = judge_prompts(Comparison(asked, hostile, "b"), STANDARD_RUBRIC)[0][1].content
    mark = prompt.splitlines()[0].removeprefix("[request ").removesuffix("]")
    assert prompt.count(f"[end of answer A {mark}]") == 1


def test_the_expected_answer_is_shown_only_where_it_is_given():
    with_it, without = (
        judge_prompts(Comparison("q", "a", "b", reference), STANDARD_RUBRIC)[0][1].content
        for reference in ("the truth", None)
    )
    assert "the truth" in with_it
    assert "expected answer" not in without


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("A", "A"),
        ("b", "B"),
        ("**B**.", "B"),
        (" Tie.\n", "tie"),
        ("Both are fine.\nVerdict: A", "A"),
        ("The better answer is B", "B"),
        ("It's a tie", "tie"),
        ("", None),
        ("A or B", None),
        ("A, B or tie", None),
        ("Answer A is better than answer B.", None),
        ("I cannot say.", None),
        ("A\nI am not sure, though.", None),
        ("C", None),
    ],
)
def test_a_reply_is_read_by_the_one_verdict_in_its_last_line(reply, verdict):
    assert read_verdict(reply) == verdict


@given(st.sampled_from(LABELS))
def test_a_judge_that_looks_at_places_alone_never_prefers_a_model(label):
    straight, swapped = side_of(label, swapped=False), side_of(label, swapped=True)
    assert PairVerdict("i", "g", straight, swapped).outcome == "tie"


@given(st.sampled_from(["first", "second"]))
def test_a_judge_that_sees_the_better_model_in_both_orders_is_believed(better):
    straight = side_of("A" if better == "first" else "B", swapped=False)
    swapped = side_of("B" if better == "first" else "A", swapped=True)
    assert PairVerdict("i", "g", straight, swapped).outcome == better


@pytest.mark.parametrize("other", ["first", "tie", "unreadable"])
def test_an_unreadable_reply_makes_a_tie(other):
    assert PairVerdict("i", "g", "unreadable", other).outcome == "tie"
