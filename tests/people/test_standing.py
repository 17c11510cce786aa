"""Where a person stands."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.rating import (
    Behind,
    Label,
    Labelled,
    Pairwise,
    Preferred,
    Rating,
    Scaled,
    Scales,
    Skipped,
    Task,
    Undone,
)
from surpass.core.settings.rating import STANDARD_SCALES
from surpass.people.standing import fits, in_force, standing

TASKS = tuple(
    Task(
        id=f"t{n}",
        item=f"i{n}",
        purpose="rate",
        payload=Pairwise(asked="?", left="a", right="b"),
        behind=Behind(),
    )
    for n in range(4)
)
FULL = {scale.name: 3 for scale in STANDARD_SCALES}


def rating(task: int, said) -> Rating:
    return Rating(
        at="2026-03-01T12:00:00+00:00",
        queue="q",
        task=f"t{task}",
        item=f"i{task}",
        rater="r",
        purpose="rate",
        behind=Behind(),
        said=said,
    )


said = st.sampled_from(
    [Preferred(choice="left"), Preferred(choice="tie"), Skipped(reason="x"), Undone()]
)
events = st.lists(st.builds(rating, st.integers(0, 3), said), max_size=15)


@given(events)
def test_only_the_last_word_on_each_task_counts(given_events):
    last = {one.task: one for one in given_events}
    expected = {task: one for task, one in last.items() if not isinstance(one.said, Undone)}
    assert in_force(given_events) == expected


@given(events)
def test_what_is_done_and_what_comes_next_make_the_whole(given_events):
    answered = in_force(given_events)
    place = standing(TASKS, answered)
    assert place.done == len(answered)
    assert (place.next is None) == (place.done == place.total)
    assert (place.last is None) == (place.done == 0)
    if place.next:
        assert place.next.id not in answered


@given(events.filter(in_force))
def test_undo_brings_the_last_task_back(given_events):
    before = standing(TASKS, in_force(given_events))
    number = int(before.last.id[1:])
    after = standing(TASKS, in_force([*given_events, rating(number, Undone())]))
    assert after.done == before.done - 1
    assert before.last.id not in in_force([*given_events, rating(number, Undone())])


@pytest.mark.parametrize(
    ("payload", "answer", "is_one"),
    [
        (Pairwise(asked="", left="", right=""), Preferred(choice="both bad"), True),
        (Pairwise(asked="", left="", right=""), Scaled(scores=FULL), False),
        (Scales(asked="", answer="", scales=STANDARD_SCALES), Scaled(scores=FULL), True),
        (
            Scales(asked="", answer="", scales=STANDARD_SCALES),
            Scaled(scores=FULL | {"coherence": 6}),
            False,
        ),
        (
            Scales(asked="", answer="", scales=STANDARD_SCALES),
            Scaled(scores={"coherence": 1}),
            False,
        ),
        (Label(asked="", labels=("x", "y")), Labelled(label="y"), True),
        (Label(asked="", labels=("x", "y")), Labelled(label="z"), False),
        (Label(asked="", labels=("x", "y")), Skipped(reason="unclear"), True),
        (Label(asked="", labels=("x", "y")), Skipped(reason=" "), False),
    ],
)
def test_an_answer_must_fit_its_task(payload, answer, is_one):
    assert fits(msgspec.structs.replace(TASKS[0], payload=payload), answer) == is_one
