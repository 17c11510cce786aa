"""Who is asked what."""

from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.rating import Pairwise, Scales
from surpass.core.settings.rating import Rating
from surpass.people.candidates import candidates, drawn
from surpass.people.deal import dealt, hands

MODELS = ("few-shot", "tuned")


def tasks_of(predictions, rating):
    frame = candidates(predictions(60, "base says"), predictions(60, "we say"), []).frame
    return dealt(drawn(frame, rating.items, rating.seed), MODELS, rating)


@given(
    items=st.integers(1, 80),
    raters=st.integers(1, 9),
    overlap=st.floats(0.01, 0.99),
    together=st.integers(2, 5),
)
def test_loads_are_even_and_overlap_is_as_declared(items, raters, overlap, together):
    rating = Rating(raters=raters, overlap=overlap, overlap_raters=together)
    found = hands(items, rating)
    loads = [len(hand) for hand in found]
    seen = Counter(item for hand in found for item in hand)
    assert max(loads) - min(loads) <= 1
    assert all(len(set(hand)) == len(hand) for hand in found)
    assert set(seen) == set(range(items))
    several = sum(count > 1 for count in seen.values())
    assert several == (0 if raters == 1 else -(-overlap * items // 1))
    assert max(seen.values()) <= min(together, raters)


@given(raters=st.integers(1, 6), items=st.integers(10, 60), seed=st.integers(0, 9))
def test_every_rater_sees_each_model_left_equally_often(predictions, raters, items, seed):
    rating = Rating(raters=raters, items=items, seed=seed)
    for tasks in tasks_of(predictions, rating).values():
        left = Counter(
            task.behind.left
            for task in tasks
            if task.purpose == "rate" and isinstance(task.payload, Pairwise)
        )
        assert abs(left["few-shot"] - left["tuned"]) <= 1


@given(seed=st.integers(0, 20))
def test_what_is_asked_again_was_asked_before_with_the_sides_swapped(predictions, seed):
    rating = Rating(raters=2, seed=seed)
    for tasks in tasks_of(predictions, rating).values():
        place = {task.id: number for number, task in enumerate(tasks)}
        again = [task for task in tasks if task.purpose == "repeat"]
        assert again
        for task in again:
            first = tasks[place[task.behind.repeats]]
            assert place[first.id] < place[task.id]
            assert (first.payload.left, first.payload.right) == (
                task.payload.right,
                task.payload.left,
            )


def test_three_to_five_in_a_hundred_are_gold_and_as_many_repeated(predictions):
    tasks = tasks_of(predictions, Rating(raters=1, items=50))["rater-1"]
    count = Counter(task.purpose for task in tasks if isinstance(task.payload, Pairwise))
    assert (count["rate"], count["gold"], count["repeat"]) == (50, 2, 2)


def test_the_known_side_of_gold_is_the_expected_answer(predictions):
    tasks = [task for hand in tasks_of(predictions, Rating()).values() for task in hand]
    gold = [task for task in tasks if task.purpose == "gold"]
    assert gold
    for task in gold:
        number = task.payload.asked.split()[1]
        assert getattr(task.payload, task.behind.known) == f"expected {number}"


def test_no_payload_names_a_model(predictions):
    rating = Rating(scaled=10)
    for tasks in tasks_of(predictions, rating).values():
        for task in tasks:
            shown = msgspec.json.encode(task.payload).decode()
            assert not any(name in shown for name in MODELS)


def test_who_scores_one_answer_to_a_row_scores_the_other_too(predictions):
    for tasks in tasks_of(predictions, Rating(scaled=10)).values():
        scored = [task for task in tasks if isinstance(task.payload, Scales)]
        assert scored
        by_item = Counter(task.item for task in scored)
        assert set(by_item.values()) == {2}


def test_the_same_seed_deals_the_same_tasks(predictions):
    assert tasks_of(predictions, Rating(seed=4)) == tasks_of(predictions, Rating(seed=4))
    assert tasks_of(predictions, Rating(seed=4)) != tasks_of(predictions, Rating(seed=5))


def test_ids_are_unique(predictions):
    tasks = [task.id for hand in tasks_of(predictions, Rating()).values() for task in hand]
    assert len(set(tasks)) == len(tasks)
