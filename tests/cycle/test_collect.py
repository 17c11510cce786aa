"""Both files of a cycle come from the journal once; a slice's users give no training rows."""

import json
from datetime import timedelta

import pytest

from served_projects import START, served
from small_projects import make_project, rows
from surpass.core.errors import BadInput, CannotTell
from surpass.cycle.collect import Ask, collect


@pytest.fixture
def asked(tmp_path, tiny_base):
    """A project with sixty requests of thirty users in its journal, every third voted against."""
    project = make_project(tmp_path / "project", tiny_base)
    served(project, [row["text"] for row in rows(60, seed=5)])
    return project


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_slice_and_the_gathered_rows_share_no_user(asked):
    said = collect(asked, Ask(slice=10, gather=20))
    drawn = lines(asked.folder / "requests" / "slice-1.jsonl")
    gathered = lines(asked.folder / "requests" / "gathered-1.jsonl")
    assert len({row["customer"] for row in drawn}) == len(drawn) == 10
    assert not {row["customer"] for row in drawn} & {row["customer"] for row in gathered}
    assert set(drawn[0]) == {"id", "text", "customer", "at"}
    assert all("voted against" in row["why"] for row in gathered[:3])
    assert (said.data.slice_rows, said.data.gathered_rows) == (10, len(gathered))


def test_a_file_that_is_there_stays_as_it_was_drawn(asked):
    collect(asked, Ask(slice=10))
    path = asked.folder / "requests" / "slice-1.jsonl"
    before = path.read_bytes()
    collect(asked, Ask(slice=25, gather=5))
    assert path.read_bytes() == before


def test_what_cannot_be_collected_is_said(asked, tmp_path, tiny_base):
    with pytest.raises(BadInput, match="Nothing is to be collected"):
        collect(asked, Ask())
    with pytest.raises(CannotTell, match="0 requests of small"):
        collect(asked, Ask(slice=5, since=START + timedelta(days=90)))
    with pytest.raises(CannotTell):
        collect(make_project(tmp_path / "other", tiny_base), Ask(slice=5))


def test_the_slice_comes_first(asked):
    collect(asked, Ask(gather=5))
    with pytest.raises(BadInput, match="was gathered already"):
        collect(asked, Ask(slice=5))
