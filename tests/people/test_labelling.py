"""Rows as tasks of the page, and what is said there as answers."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.core.records.rating import (
    Draft,
    Filled,
    Label,
    Labelled,
    Marked,
    Preferred,
    Record,
    Rejected,
    Skipped,
    Spans,
    Undone,
    Written,
)
from surpass.core.settings import Labelling
from surpass.people.form import Choose, Field, Fill, Item, Mark, Write
from surpass.people.labelling import Picked, answer_of, dealt, payload_of, showed_an_answer
from surpass.people.standing import fits

FILL = Fill((Field("topic", ("bill", "move")), Field("count", is_text=False), Field("who")))
MARK = Mark(("ORG", "PER"), field="spans")
FORMS = (Choose(("a", "b")), FILL, MARK, Write())


def item(number=0, **more) -> Item:
    return Item(f"row{number}", f"digest{number}", f"text {number}", **more)


def picked(count: int) -> list[Picked]:
    return [Picked(item(number), "random") for number in range(count)]


@given(st.integers(0, 40), st.integers(1, 5), st.floats(0, 1), st.integers(2, 4), st.integers(0, 9))
def test_every_row_goes_to_somebody_and_the_shared_ones_to_several(
    rows, annotators, overlap, together, seed
):
    section = Labelling(
        annotators=annotators, overlap=overlap, overlap_annotators=together, seed=seed
    )
    tasks = dealt(picked(rows), FORMS[0], section)
    assert len(tasks) == annotators
    seen = [task.item for hand in tasks.values() for task in hand]
    for hand in tasks.values():
        assert len({task.item for task in hand}) == len(hand)  # nobody sees a row twice
    several = min(together, annotators)
    counts = sorted(seen.count(f"row{number}") for number in range(rows))
    shared = -(-overlap * rows // 1)
    assert counts == sorted([several] * int(shared) + [1] * (rows - int(shared)))
    assert dealt(picked(rows), FORMS[0], section) == tasks


def test_who_sees_a_row_with_whom_is_drawn_not_the_first_that_were_picked():
    tasks = dealt(picked(50), FORMS[0], Labelling(overlap=0.2))
    seen = [task.item for hand in tasks.values() for task in hand]
    shared = {name for name in seen if seen.count(name) > 1}
    assert len(shared) == 10
    assert shared != {f"row{number}" for number in range(10)}


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_a_model_is_shown_without_a_proposal(form):
    payload = payload_of(item(), form)
    assert not showed_an_answer(payload)


@pytest.mark.parametrize(
    ("form", "proposed", "untouched"),
    [
        (FORMS[0], "b", Labelled(label="b")),
        (FILL, '{"who": "Mara"}', Filled(values={"who": "Mara"})),
        (
            MARK,
            '{"spans": [{"type": "PER", "start": 0, "end": 4}]}',
            Marked(spans=((0, 4, "PER"),)),
        ),
        (Write(), "An answer.", Written(text="An answer.")),
    ],
)
def test_a_proposal_that_is_left_as_it_is_is_accepted(form, proposed, untouched):
    payload = payload_of(item(answer=proposed, proposed=proposed), form)
    assert showed_an_answer(payload)
    said = answer_of(payload, untouched)
    assert (said.verdict, said.value) == ("accepted", proposed)


@pytest.mark.parametrize(
    ("form", "proposed"), [(FORMS[0], "z"), (FILL, "no record"), (MARK, '[{"type": "LOC"}]')]
)
def test_a_proposal_that_the_form_cannot_hold_is_not_shown(form, proposed):
    assert not showed_an_answer(payload_of(item(proposed=proposed), form))


def test_fields_become_a_record_and_empty_ones_are_left_out():
    payload = payload_of(item(), FILL)
    said = answer_of(payload, Filled(values={"topic": "bill", "count": "3", "who": " "}))
    assert said.value == '{"topic":"bill","count":3}'
    assert said.verdict == "answered"


def test_without_known_fields_one_json_object_is_asked_for():
    payload = payload_of(item(), Fill(()))
    assert answer_of(payload, Filled(values={"": '{"a": 1}'})).value == '{"a":1}'
    for wrong in ("", "[]", "{", "7"):
        with pytest.raises(BadInput, match="no JSON object"):
            answer_of(payload, Filled(values={"": wrong}))


def test_marked_words_carry_their_place():
    payload = payload_of(item(), MARK)
    said = answer_of(payload, Marked(spans=((5, 6, "ORG"), (0, 4, "PER"))))
    assert [span["text"] for span in json.loads(said.value)["spans"]] == ["text", "0"]


def test_skipping_taking_back_and_rejecting():
    payload = payload_of(item(answer="there"), Write())
    assert answer_of(payload, Skipped(reason="unclear")) == ("skipped", None, "unclear")
    assert answer_of(payload, Undone()).verdict == "undone"
    assert answer_of(payload, Rejected()).verdict == "rejected"


PAYLOADS = (
    Label(asked="text", labels=("a", "b")),
    Record(asked="text", fields=payload_of(item(), FILL).fields),
    Spans(asked="text", kinds=("ORG",)),
    Draft(asked="text"),
)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "said",
    [
        Preferred(choice="left"),
        Labelled(label="c"),
        Filled(values={"other": "x"}),
        Marked(spans=((0, 9, "ORG"),)),
        Marked(spans=((2, 2, "ORG"),)),
        Marked(spans=((0, 1, "LOC"),)),
        Written(text=" \n"),
    ],
)
def test_an_answer_of_another_form_does_not_fit(payload, said):
    task = dealt(picked(1), FORMS[0], Labelling())["annotator-1"][0]
    assert not fits(msgspec.structs.replace(task, payload=payload), said)
