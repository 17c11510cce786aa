"""A tracker that is down loses nothing, and nothing is told that it was told."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surpass.core.records.tracking import Scored, known
from surpass.release.outbox import Outbox, name_of
from surpass.release.tracker import Undelivered
from told_events import RUN, Shelf, points, story


@settings(max_examples=8)
@given(st.integers(0, 3), st.integers(0, 3), st.integers(1, 5))
def test_however_often_it_is_down_everything_arrives_in_order(down, after, count):
    with tempfile.TemporaryDirectory() as folder:
        box, shelf = Outbox(Path(folder)), Shelf(down, after)
        told = [points(step, run) for run in (RUN, "adopted:x") for step in range(1, count + 1)]
        assert all(box.add(event) for event in told)
        for _ in range(down):
            with pytest.raises(Undelivered):
                box.deliver(shelf)
            assert len(box.waiting()) == len(told)
        shelf.kept.clear()
        assert box.deliver(shelf) == len(told)
        assert shelf.kept == told
        assert not box.waiting()
        assert not any(box.add(event) for event in told)


def test_what_was_told_is_never_told_again(tmp_path):
    box, shelf = Outbox(tmp_path / "box"), Shelf()
    told = story(tmp_path)
    for event in told:
        box.add(event)
        assert not box.add(event)
    box.deliver(shelf)
    assert [box.add(event) for event in told] == [False] * len(told)
    assert box.deliver(shelf) == 0
    assert [name_of(event) for event in shelf.kept] == [name_of(event) for event in told]
    assert set(box.told("points", RUN)) == {"1", "2"}


def test_two_senders_do_not_send_at_once(tmp_path):
    box, second = Outbox(tmp_path), []

    class Nosy(Shelf):
        def deliver(self, events):
            second.append(Outbox(tmp_path).deliver(Shelf()))
            super().deliver(events)

    box.add(points(1))
    assert box.deliver(Nosy()) == 1
    assert second == [0]


@pytest.mark.parametrize("content", [b"", b"{", b'{"event": "of a later version"}', b"\xff"])
def test_a_file_that_is_no_event_keeps_nothing_else_waiting(tmp_path, content):
    box, shelf = Outbox(tmp_path), Shelf()
    box.add(points(1))
    odd = tmp_path / "waiting" / "00000000000000000000-points-x-1.json"
    odd.write_bytes(content)
    assert box.deliver(shelf) == 1
    assert box.waiting() == [odd]


def test_names_of_files_hold_no_text_of_users(tmp_path):
    box = Outbox(tmp_path)
    box.add(points(1, run="adopted:../../etc/passwd\n"))
    (file,) = box.waiting()
    assert file.parent == tmp_path / "waiting"
    assert "passwd" not in file.name


def test_what_is_no_number_keeps_no_event_from_arriving(tmp_path):
    box, shelf = Outbox(tmp_path), Shelf()
    odd = Scored(run=RUN, key="x", at=1, values={"a": float("nan"), "b": float("inf"), "c": 0.5})
    box.add(odd)
    assert box.deliver(shelf) == 1
    assert known(shelf.kept[0].values) == known(odd.values) == {"c": 0.5}
