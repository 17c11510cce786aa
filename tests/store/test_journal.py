"""The journal: what is acknowledged is on disk, and what is forgotten is nowhere."""

import sqlite3
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journals import NOON, a_day, finished, met, started, voted
from surpass.core.errors import BadInput, BadMachine, CannotTell
from surpass.store.journal import EXPOSURES, FEEDBACK, REQUESTS, Journal


@pytest.fixture
def journal(tmp_path):
    with Journal.open(tmp_path, writer=True) as journal:
        yield journal


def test_a_reader_sees_what_was_written(journal, tmp_path):
    journal.write(*a_day())
    with Journal.open(tmp_path) as reader:
        requests = reader.requests("small")
        assert requests.schema == pl.Schema(REQUESTS)
        assert requests["status"].to_list() == ["finished", "finished", "started"]
        assert requests["at"].to_list() == [NOON + timedelta(seconds=n) for n in (1, 2, 3)]
        assert requests.row(0, named=True)["input"] == "naïve � ? 漢 </script>"
        assert requests.row(1, named=True)["input_tokens"] == 2**40
        assert reader.feedback("small")["request"].to_list() == ["r0001", "r0002"]
        assert reader.exposures("e")["arm"].to_list() == ["challenger", "champion"]
        assert reader.requests("another").is_empty()
        assert reader.feedback("another").is_empty()


def test_an_empty_journal_has_the_same_columns(journal):
    assert journal.requests().schema == pl.Schema(REQUESTS)
    assert journal.feedback().schema == pl.Schema(FEEDBACK)
    assert journal.exposures("e").schema == pl.Schema(EXPOSURES)


@pytest.fixture(scope="module")
def eight(tmp_path_factory):
    """A journal with a request a second."""
    with Journal.open(tmp_path_factory.mktemp("eight"), writer=True) as journal:
        journal.write(*(started(number) for number in range(8)))
        yield journal


@given(st.integers(0, 8), st.integers(0, 8))
def test_a_span_has_its_beginning_and_not_its_end(eight, first, length):
    since = NOON + timedelta(seconds=first)
    found = eight.requests(None, since, since + timedelta(seconds=length))
    expected = [f"r{number:04d}" for number in range(first, min(8, first + length))]
    assert found["request"].to_list() == expected


def test_a_vote_again_replaces_the_earlier_one_and_the_same_changes_nothing(journal):
    later = NOON + timedelta(days=3)
    journal.write(started(1), voted(1, value=1.0), voted(1, value=1.0, at=later))
    assert journal.feedback()["at"].to_list() == [NOON + timedelta(days=2)]
    journal.write(voted(1, value=0.0, at=later), voted(1, unit="another", value=1.0))
    votes = {row["unit"]: row["value"] for row in journal.feedback().rows(named=True)}
    assert votes == {"u": 0.0, "another": 1.0}


def test_one_writes_and_a_second_is_told_who(journal, tmp_path):
    with pytest.raises(BadMachine, match=r"process \d+"):
        Journal.open(tmp_path, writer=True)


def test_a_bad_entry_harms_no_other_of_its_commit(journal):
    journal.write(started(1))
    waiting = [journal.submit(started(number)) for number in (1, *range(2, 40), 1)]
    errors = [future.exception() for future in waiting]
    assert [isinstance(error, BadMachine) for error in errors] == [True, *[False] * 38, True]
    assert journal.requests().height == 39


def test_what_a_crash_left_half_done_is_interrupted_at_the_next_start(tmp_path):
    with Journal.open(tmp_path, writer=True) as journal:
        journal.write(started(1), started(2), finished(1))
    with Journal.open(tmp_path, writer=True) as journal:
        assert journal.requests()["status"].to_list() == ["finished", "interrupted"]


def test_what_the_database_refuses_is_said_and_the_journal_goes_on_afterwards(journal, tmp_path):
    journal.write(started(1))
    with sqlite3.connect(tmp_path / ".surpass" / "journal.db") as other:
        other.execute("ALTER TABLE requests RENAME TO elsewhere")
        with pytest.raises(BadMachine, match="no such table"):
            journal.write(started(2))
        other.execute("ALTER TABLE elsewhere RENAME TO requests")
    journal.write(started(3))
    assert journal.requests()["request"].to_list() == ["r0001", "r0003"]


def test_a_forgotten_unit_is_in_no_byte_of_the_files(journal, tmp_path):
    secret = "xyzzy-plugh"
    journal.write(
        started(1, unit=secret, input=f"I am {secret}" * 500),
        started(2, unit="another", input="kept"),
        voted(1, unit=secret, comment=secret),
        voted(2, unit="another", value=1.0),
        met(secret),
        finished(1, output=secret),
    )
    assert _holding(tmp_path, secret)
    assert journal.forget_unit(secret) == {"feedback": 1, "exposures": 1, "requests": 1}
    assert not _holding(tmp_path, secret)
    assert journal.requests()["input"].to_list() == ["kept"]
    assert journal.feedback().height == 1
    journal.write(started(3))  # it goes on


def test_what_is_old_is_forgotten_and_what_is_young_stays(journal):
    journal.write(*(started(number) for number in range(6)), voted(1, value=1.0), met("u"))
    deleted = journal.forget_before(NOON + timedelta(seconds=3))
    assert deleted == {"feedback": 1, "exposures": 1, "requests": 3}
    assert journal.requests()["request"].to_list() == ["r0003", "r0004", "r0005"]


def test_who_asked_is_found_for_feedback(journal):
    journal.write(started(1, session="s", key="k"), started(2, session="s", key="k"), started(3))
    assert journal.asked("r0001").key == "k"
    assert journal.asked("r0009") is None
    assert journal.asked_in("s", "k").request == "r0002"
    assert journal.asked_in("s", None) is None


def test_where_nothing_was_served_there_is_nothing_to_read(tmp_path):
    with pytest.raises(CannotTell, match="nothing was served"):
        Journal.open(tmp_path)
    assert not (tmp_path / ".surpass").exists()


def test_tables_of_another_version_are_refused(journal, tmp_path):
    journal.close()
    with sqlite3.connect(tmp_path / ".surpass" / "journal.db") as other:
        other.execute("UPDATE about SET version = 7")
    with pytest.raises(BadInput, match="version"):
        Journal.open(tmp_path)


def test_an_address_that_is_none_is_refused():
    with pytest.raises(BadInput, match="address"):
        Journal.open("no address")


def _holding(folder, secret):
    files = (folder / ".surpass").glob("journal.db*")
    return [path.name for path in files if secret.encode() in path.read_bytes()]


def test_whoever_stops_waiting_harms_nobody_else(tmp_path):
    with Journal.open(tmp_path, writer=True) as journal:
        for number in range(50):
            journal.submit(started(number)).cancel()
        journal.write(started(99))
        assert "r0099" in journal.requests()["request"]
