"""To Label Studio and back."""

import json

import pytest

from surpass.core.errors import BadInput
from surpass.core.records.rating import Pairwise, Queue
from surpass.core.settings.rating import Rating
from surpass.people.adjudicate import adjudication, disputed, settled
from surpass.people.candidates import candidates, drawn
from surpass.people.deal import dealt
from surpass.people.label_studio.comparisons import CONFIGURATION, exported, imported


@pytest.fixture(scope="module")
def queue(predictions) -> Queue:
    frame = candidates(predictions(30, "base says"), predictions(30, "we say"), []).frame
    tasks = dealt(drawn(frame, 30, 0), ("few-shot", "tuned"), Rating(items=30))
    return Queue(id="q", at="", seed=0, models=("few-shot", "tuned"), tasks=tasks)


def answered(queue: Queue, says) -> bytes:
    """Two annotators' export, in the shape that Label Studio writes."""
    tasks = []
    for task in exported(queue):
        annotations = [
            {
                "id": 1,
                "completed_by": person,
                "result": says(person, task.data),
                "was_cancelled": False,
                "lead_time": 4.5,
                "created_at": "2026-03-01T12:00:00Z",
            }
            for person in (7, {"id": 8, "email": "b@example.org"})
        ]
        data = {"prompt": task.data.prompt, "task": task.data.task}
        tasks.append({"id": 3, "data": data, "annotations": annotations, "predictions": []})
    return json.dumps(tasks).encode()


def selected(side: str):
    return [
        {
            "from_name": "comparison",
            "to_name": "answer1",
            "type": "pairwise",
            "value": {"selected": side},
        }
    ]


def neither(choice: str):
    return [
        {
            "from_name": "neither",
            "to_name": "prompt",
            "type": "choices",
            "value": {"choices": [choice]},
        }
    ]


def test_each_comparison_is_exported_once_without_a_models_name(queue):
    tasks = exported(queue)
    items = {
        task.item
        for hand in queue.tasks.values()
        for task in hand
        if isinstance(task.payload, Pairwise)
    }
    assert len(tasks) == len(items)
    assert not any(name in str(tasks) + CONFIGURATION for name in queue.models)


@pytest.mark.parametrize(
    ("result", "choice"),
    [
        (selected("left"), "left"),
        (selected("right"), "right"),
        (neither("tie"), "tie"),
        ([*selected("left"), *neither("both bad")], "both bad"),
    ],
)
def test_what_was_chosen_there_comes_back(queue, result, choice):
    ratings = imported(answered(queue, lambda *_: result), queue, "export.json")
    assert len(ratings) == 2 * len(exported(queue))
    assert {rating.said.choice for rating in ratings} == {choice}
    assert {rating.rater for rating in ratings} == {"label-studio-7", "label-studio-8"}
    behind = {task.id: task.behind for hand in queue.tasks.values() for task in hand}
    assert all(rating.behind == behind[rating.task.partition("@")[0]] for rating in ratings)


def test_an_annotation_without_a_choice_says_nothing(queue):
    assert imported(answered(queue, lambda *_: []), queue, "export.json") == []


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'[{"data": {"task": "other"}}]'])
def test_what_is_no_export_of_ours_is_refused(queue, content):
    with pytest.raises(BadInput, match=r"export\.json"):
        imported(content, queue, "export.json")


def test_disagreements_are_settled_by_one_more_person(queue):
    def says(person, data):
        return selected("left" if person == 7 or data.task.endswith("2") else "right")

    ratings = imported(answered(queue, says), queue, "export.json")
    ratings = [one for one in ratings if one.purpose == "rate"]
    open_items = disputed(ratings)
    tasks = adjudication(queue, ratings, seed=0)
    assert {task.item for task in tasks} == set(open_items)
    assert 0 < len(open_items) < 30
    assert {task.purpose for task in tasks} == {"adjudicate"}
    assert settled(ratings) == {}
