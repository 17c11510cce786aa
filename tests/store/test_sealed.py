import polars as pl
import pytest

from surpass.core.errors import BadMachine, Refused
from surpass.core.records.decisions import Opening
from surpass.store.ledger import Ledger
from surpass.store.sealed import SealedTest

RUNGS = ("zero-shot", "few-shot")


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


@pytest.fixture
def sealed(tmp_path, ledger):
    return SealedTest(tmp_path, tmp_path / ".surpass" / "cache", ledger)


def rows(*numbers):
    names = [f"r{n}" for n in numbers]
    return pl.DataFrame({"row": names, "input": [f"text {n}" for n in names], "target": names})


def test_an_opening_is_in_the_ledger_before_the_rows_are_read(sealed, ledger):
    block = sealed.put(rows(1, 2))
    assert ledger.bodies(Opening) == []
    opened = sealed.open(block, candidate="run-a", purpose="score")
    assert opened.height == 2
    assert [body.candidate for _, body in ledger.bodies(Opening)] == ["run-a"]


def test_the_name_of_a_block_is_its_content_in_any_order(sealed):
    assert sealed.put(rows(1, 2)) == sealed.put(rows(2, 1))
    assert sealed.put(rows(1, 2)) != sealed.put(rows(1, 3))


def test_candidates_are_counted_once_and_rungs_are_none(sealed):
    block = sealed.put(rows(1, 2))
    for candidate in ("zero-shot", "run-a", "run-b", "run-a"):
        sealed.open(block, candidate=candidate, purpose="score")
    assert sealed.candidates(block, RUNGS) == ["run-a", "run-b"]


def test_exposure_survives_a_new_block_that_shares_a_row(sealed):
    old, new = sealed.put(rows(1, 2, 3)), sealed.put(rows(3, 4, 5))
    apart = sealed.put(rows(6, 7))
    sealed.open(old, candidate="run-a", purpose="score")
    assert sealed.candidates(new, RUNGS) == ["run-a"]
    assert sealed.candidates(apart, RUNGS) == []


def test_a_block_that_was_shown_gates_nothing(sealed):
    block = sealed.put(rows(1, 2))
    sealed.open(block, candidate="someone", purpose="show")
    with pytest.raises(Refused, match="shown row by row"):
        sealed.open(block, candidate="run-a", purpose="score")


def test_rows_missing_from_the_cache_are_asked_for(sealed):
    with pytest.raises(BadMachine, match="surpass split"):
        sealed.open("f" * 64, candidate="run-a", purpose="score")


def test_the_committed_manifest_of_a_block_holds_no_text(tmp_path, sealed):
    sealed.put(rows(1, 2))
    kept = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "versions").iterdir())
    assert "text" not in kept
