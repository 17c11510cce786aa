"""Prodigy's JSON lines, written after its documentation: Prodigy itself is closed source."""

import json

import msgspec
import pytest

from surpass.core.digest import digest_text
from surpass.core.errors import BadInput
from surpass.people.form import Choose, Fill, Item, Mark, Write
from surpass.people.fresh import fresh
from surpass.people.prodigy import read_export, task_of

NOW = "2026-03-05T00:00:00+00:00"
TEXT = "Ann met Bob in Rome"
ITEM = Item("r1", digest_text(TEXT), TEXT)
CHOOSE = Choose(("bill", "move"))
MARK = Mark(("LOC", "PER"), None)
HASHES = {"_input_hash": -12, "_task_hash": 34, "_annotator_id": "set-ann", "_session_id": "set-1"}


def line(form, item: Item = ITEM, **more: object) -> dict:
    """A task as it goes out, with what Prodigy adds."""
    task = json.loads(msgspec.json.encode(task_of(item, form)))
    return task | HASHES | {"_timestamp": 1772323200, "_view_id": "any", "config": {}} | more


def read(form, *lines: dict):
    content = b"\n".join(json.dumps(one).encode() for one in lines) + b"\n"
    return read_export(content, form, "answers.jsonl", now=NOW)


def said(form, **more: object) -> tuple[str, str | None]:
    [one] = read(form, line(form, **more)).annotations
    return one.verdict, one.value


def test_a_task_has_the_documented_fields():
    assert line(CHOOSE)["options"] == [
        {"id": "bill", "text": "bill"},
        {"id": "move", "text": "move"},
    ]
    assert line(CHOOSE)["meta"] == {"row_id": "r1", "digest": digest_text(TEXT)}
    assert line(CHOOSE, ITEM._replace(proposed="bill"))["accept"] == ["bill"]
    assert line(Write(), ITEM._replace(answer="as it was"))["user_input"] == "as it was"
    assert not {"_input_hash", "_task_hash"} & set(
        json.loads(msgspec.json.encode(task_of(ITEM, CHOOSE)))
    )


def test_an_answer_says_who_when_and_keeps_prodigys_hashes():
    [one] = read(CHOOSE, line(CHOOSE, accept=["move"], answer="accept")).annotations
    assert (one.by, one.row, one.digest) == ("set-ann", "r1", digest_text(TEXT))
    assert one.at == "2026-03-01T00:00:00+00:00"
    assert one.reference.startswith("-12.34@1772323200")


def test_accept_reject_and_ignore_are_three_things():
    assert said(CHOOSE, accept=["move"], answer="accept") == ("answered", "move")
    assert said(CHOOSE, accept=["move"], answer="reject") == ("rejected", None)
    assert said(CHOOSE, accept=["move"], answer="ignore") == ("skipped", None)


def test_no_to_a_label_does_not_mean_that_label_nor_that_the_row_is_bad():
    binary = line(CHOOSE) | {"label": "bill", "options": []}
    [yes] = read(CHOOSE, binary | {"answer": "accept"}).annotations
    [no] = read(CHOOSE, binary | {"answer": "reject"}).annotations
    assert (yes.verdict, yes.value) == ("accepted", "bill")
    assert (no.verdict, no.value, no.comment) == ("skipped", None, "not bill")


@pytest.mark.parametrize("accept", [[], ["bill", "move"], ["sell"]])
def test_anything_but_one_known_label_is_said_and_not_taken(accept):
    found = read(CHOOSE, line(CHOOSE, accept=accept, answer="accept"))
    assert found.annotations == []
    assert found.unread[0].startswith("line 1, row 'r1': ")


def test_spans_records_and_texts_come_back_as_targets_hold_them():
    spans = [{"start": 0, "end": 3, "label": "PER", "token_start": 0, "token_end": 0}]
    verdict, value = said(MARK, spans=spans, answer="accept")
    assert json.loads(value) == [{"type": "PER", "start": 0, "end": 3, "text": "Ann"}]
    assert verdict == "answered"
    record = said(Fill(()), user_input='{"sum": 34.50}', answer="accept")
    assert record == ("answered", '{"sum":34.50}')
    assert said(Write(), user_input=" mended ", answer="accept") == ("answered", "mended")


def test_what_was_proposed_and_left_is_accepted():
    item = ITEM._replace(proposed="bill")
    [one] = read(CHOOSE, line(CHOOSE, item, answer="accept")).annotations
    assert (one.verdict, one.value, one.saw) == ("accepted", "bill", True)
    assert not read(CHOOSE, line(CHOOSE, accept=["bill"], answer="accept")).annotations[0].saw


def test_an_answer_without_a_time_is_taken_in_once():
    one = line(CHOOSE, accept=["move"], answer="accept")
    del one["_timestamp"]
    known = read(CHOOSE, one).annotations
    again = read_export(json.dumps(one).encode(), CHOOSE, "a", now="2027-01-01T00:00:00+00:00")
    assert len(fresh(known, [])) == 1
    assert fresh(again.annotations, known) == []


def test_a_task_that_lost_its_digest_is_known_by_its_text():
    one = line(CHOOSE, accept=["move"], answer="accept") | {"meta": {"row_id": "r1"}}
    assert read(CHOOSE, one).annotations[0].digest == digest_text(TEXT)


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b"\xff", b'{"text": "x", "answer": "accept"}', b'{"answer": "perhaps"}',
     b'{"meta": {"row_id": "r"}, "_timestamp": 1e300}'],
)  # fmt: skip
def test_what_is_no_answer_of_ours_is_refused_with_its_line(content):
    with pytest.raises(BadInput, match=r"answers\.jsonl:1 "):
        read_export(content, CHOOSE, "answers.jsonl", now=NOW)
