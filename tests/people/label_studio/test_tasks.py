"""Rows to Label Studio tasks, and its export back."""

import json
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.digest import digest_text
from surpass.core.errors import BadInput
from surpass.people.form import Choose, Field, Fill, Item, Mark, Write
from surpass.people.label_studio.configuration import configuration, missing_from
from surpass.people.label_studio.tasks import proposal, read_export, task_of

TEXT = "Ann met Bob in Rome"
CHOOSE = Choose(("bill", "move"))
FILL = Fill((Field("topic", ("bill", "move")), Field("note"), Field("sum", is_text=False)))
MARK = Mark(("LOC", "PER"), "entities")
FORMS = {"choose": CHOOSE, "fill": FILL, "mark": MARK, "write": Write()}
PLACED = '{"entities":[{"type":"PER","start":0,"end":3,"text":"Ann"}]}'


def item(**more: str | None) -> Item:
    return Item("r1", digest_text(TEXT), TEXT)._replace(**more)


def result(name: str, **value: object) -> dict:
    return {"from_name": name, "to_name": "text", "type": "any", "value": value}


def export(one: Item, form, *results: dict, **more: object) -> bytes:
    """The export of one task with one annotation, in the shape that Label Studio writes."""
    annotation = {"id": 4, "completed_by": 7, "result": list(results), "was_cancelled": False}
    annotation |= {"created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-02T12:00:00.5Z"}
    task = json.loads(msgspec.json.encode(task_of(one, form)))
    task |= {"id": 9, "annotations": [annotation | more], "meta": {}, "inner_id": 1}
    return json.dumps([task]).encode()


def said(one: Item, form, *results: dict, **more: object) -> tuple[str, str | None]:
    [annotation] = read_export(export(one, form, *results, **more), form, "export.json").annotations
    return annotation.verdict, annotation.value


def refused(one: Item, form, *results: dict) -> str:
    read = read_export(export(one, form, *results), form, "export.json")
    assert not read.annotations
    return read.unread[0]


def test_an_annotation_says_who_when_on_which_input_and_which_state_of_it_this_is():
    read = read_export(export(item(), CHOOSE, result("label", choices=["bill"])), CHOOSE, "e.json")
    [one] = read.annotations
    assert (one.by, one.row, one.digest) == ("label-studio-7", "r1", digest_text(TEXT))
    assert (one.via, one.reference) == ("label-studio", "4@2026-03-02T12:00:00.5Z")


def test_a_chosen_label_is_the_answer():
    assert said(item(), CHOOSE, result("label", choices=["move"])) == ("answered", "move")


def test_agreement_with_what_was_proposed_is_known_as_such():
    one = item(proposed="move")
    assert said(one, CHOOSE, result("label", choices=["move"])) == ("accepted", "move")
    assert said(one, CHOOSE, result("label", choices=["bill"])) == ("answered", "bill")


@pytest.mark.parametrize("proposed", ["move", None])
def test_who_saw_a_models_answer_is_known(proposed):
    one = export(item(proposed=proposed), CHOOSE, result("label", choices=["bill"]))
    [annotation] = read_export(one, CHOOSE, "e.json").annotations
    assert annotation.saw == (proposed is not None)


def test_what_the_form_could_not_show_was_not_proposed():
    task = task_of(item(proposed="no such label"), CHOOSE)
    assert task.predictions == ()
    assert task.data.proposed is None


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_skipped_task_is_not_a_rejected_one(form):
    no = result("verdict", choices=["reject"])
    assert said(item(), form, was_cancelled=True) == ("skipped", None)
    assert said(item(), form, no, was_cancelled=True) == ("skipped", None)
    assert said(item(), form, no) == ("rejected", None)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_empty_submission_says_nothing(form):
    assert "r1" in refused(item(), form)


def test_a_label_that_the_task_no_longer_has_is_said_and_not_taken():
    assert "'sell' is no label" in refused(item(), CHOOSE, result("label", choices=["sell"]))


def test_a_record_is_put_together_in_the_order_of_the_form_with_its_numbers_untouched():
    results = (
        result("field:sum", text=["34.50"]),
        result("field:note", text=['say "so"']),
        result("field:topic", choices=["bill"]),
    )
    verdict, value = said(item(), FILL, *results)
    assert verdict == "answered"
    assert value == '{"topic":"bill","note":"say \\"so\\"","sum":34.50}'


def test_nothing_to_state_is_an_answer():
    nothing = result("verdict", choices=["nothing to state"])
    assert said(item(), FILL, nothing) == ("answered", "{}")
    assert said(item(), MARK, nothing) == ("answered", '{"entities":[]}')


def test_a_record_written_as_json_is_taken_as_it_is_and_refused_if_it_is_none():
    form = Fill(())
    value = said(item(), form, result("record", text=['{"a": 1.50, "b": "x"}']))[1]
    assert value == '{"a":1.50,"b":"x"}'
    assert "no JSON object" in refused(item(), form, result("record", text=["[1]"]))


def test_marked_spans_are_the_answer_in_the_order_of_the_text():
    marked = (
        result("spans", start=15, end=19, labels=["LOC"], text="Rome"),
        result("spans", start=0, end=3, labels=["PER"], text="Ann"),
    )
    value = json.loads(said(item(), MARK, *marked)[1])
    assert value == {
        "entities": [
            {"type": "PER", "start": 0, "end": 3, "text": "Ann"},
            {"type": "LOC", "start": 15, "end": 19, "text": "Rome"},
        ]
    }
    assert "does not fit" in refused(item(), MARK, result("spans", start=0, end=99, labels=["PER"]))


@pytest.mark.parametrize(
    ("verdict", "text", "expected"),
    [
        ("accept", "as it was", ("accepted", "as it was")),
        ("accept", None, ("accepted", "as it was")),  # the box was not touched
        ("accept", "mended", ("answered", "mended")),
        ("fix", "mended", ("answered", "mended")),
        ("fix", "as it was", ("answered", "as it was")),
    ],
)
def test_an_edited_text_is_the_answer(verdict, text, expected):
    results = [result("verdict", choices=[verdict])]
    results += [result("answer", text=[text])] if text else []
    assert said(item(answer="as it was"), Write(), *results) == expected


@pytest.mark.parametrize(
    ("form", "answer"),
    [(CHOOSE, "bill"), (FILL, '{"topic":"move","note":"x","sum":3}'), (MARK, PLACED)],
)
def test_what_is_proposed_and_submitted_untouched_is_accepted(form, answer):
    results = json.loads(msgspec.json.encode(proposal(form, TEXT, answer)))
    assert said(item(proposed=answer), form, *results) == ("accepted", answer)


@given(answer=st.text() | st.sampled_from(["{}", "[]", "null", '{"topic":"x"}', PLACED, "bill"]))
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_proposal_names_only_what_the_interface_has(form, answer):
    interface = configuration(form)
    for one in proposal(form, TEXT, answer):
        assert f'name="{one.from_name}"' in interface
        assert all(f'value="{choice}"' in interface for choice in one.value.choices)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1]", b'[{"data": {"text": "x"}}]'])
def test_what_is_no_export_of_ours_is_refused(content):
    with pytest.raises(BadInput, match=r"export\.json"):
        read_export(content, CHOOSE, "export.json")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_interface_has_all_that_its_form_needs_and_another_forms_has_not(form):
    assert missing_from(configuration(form), form) == []
    others = [other for other in FORMS.values() if other != form]
    assert all(missing_from(configuration(other), form) for other in others)


def test_labels_are_escaped_and_what_cannot_be_shown_is_refused():
    interface = configuration(Choose(('say "so"', "<b>&", "a\tb")))
    assert "<b>" not in interface
    assert "a&#9;b" in interface
    with pytest.raises(BadInput, match="control character"):
        configuration(Choose(("a\x1bb",)))
    with pytest.raises(BadInput, match=r"begins with \$"):
        configuration(Choose(("$text",)))


@given(st.lists(st.text(min_size=1), min_size=1, unique=True))
def test_whatever_the_labels_the_interface_is_sound_and_holds_them_or_is_refused(labels):
    try:
        interface = configuration(Choose(tuple(labels)))
    except BadInput:
        assert any(label.startswith("$") or not label.isprintable() for label in labels)
        return
    shown = ElementTree.fromstring(interface).find("Choices[@name='label']")
    assert [choice.get("value") for choice in shown] == labels
