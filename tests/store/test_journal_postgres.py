"""The same journal in PostgreSQL."""

from datetime import timedelta

import pytest

from journals import NOON, a_day, finished, postgres, postgres_programs, started
from surpass.core.errors import BadMachine
from surpass.store.journal import Journal

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def address():
    with postgres(postgres_programs()) as address:
        yield address


def test_both_databases_give_equal_frames(address, tmp_path):
    with (
        Journal.open(address, writer=True) as large,
        Journal.open(tmp_path, writer=True) as small,
    ):
        large.forget_before(NOON + timedelta(days=9))  # what another test left
        for journal in (large, small):
            journal.write(*a_day())
        assert large.requests("small").equals(small.requests("small"))
        assert large.feedback("small").equals(small.feedback("small"))
        assert large.exposures("e").equals(small.exposures("e"))
        assert large.asked_in("s", "k") == small.asked_in("s", "k")
        with Journal.open(address) as reader:
            assert reader.requests().equals(small.requests())
        with pytest.raises(BadMachine, match="Another process"):
            Journal.open(address, writer=True)
        assert large.forget_unit("u") == small.forget_unit("u")
        assert large.requests().equals(small.requests())


def test_what_a_crash_left_is_interrupted_and_the_next_may_write(address):
    for expected in ("started", "interrupted"):
        with Journal.open(address, writer=True) as journal:
            if expected == "started":
                journal.write(started(7), started(8), finished(8))
            statuses = {
                row["request"]: row["status"] for row in journal.requests().rows(named=True)
            }
        assert statuses["r0007"] == expected
        assert statuses["r0008"] == "finished"
