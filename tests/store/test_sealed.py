import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput, BadMachine, Refused
from surpass.core.records.decisions import Opening
from surpass.store.ledger import Ledger
from surpass.store.sealed import SealedTest, marks

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


def put(sealed, frame):
    prints = frame.select("row", pl.lit("text").alias("unit"), pl.col("input").hash().alias("hash"))
    return sealed.put(frame, prints)


def test_an_opening_is_in_the_ledger_before_the_rows_are_read(sealed, ledger):
    block = put(sealed, rows(1, 2))
    assert ledger.bodies(Opening) == []
    opened = sealed.open(block, candidate="run-a", purpose="score")
    assert opened.height == 2
    assert [body.candidate for _, body in ledger.bodies(Opening)] == ["run-a"]


def test_the_name_of_a_block_is_its_content_in_any_order(sealed):
    assert put(sealed, rows(1, 2)) == put(sealed, rows(2, 1))
    assert put(sealed, rows(1, 2)) != put(sealed, rows(1, 3))


def test_candidates_are_counted_once_and_rungs_are_none(sealed):
    block = put(sealed, rows(1, 2))
    for candidate in ("zero-shot", "run-a", "run-b", "run-a"):
        sealed.open(block, candidate=candidate, purpose="score")
    assert sealed.candidates(block, RUNGS) == ["run-a", "run-b"]


def test_exposure_survives_a_new_block_that_shares_a_row(sealed):
    old, new = put(sealed, rows(1, 2, 3)), put(sealed, rows(3, 4, 5))
    apart = put(sealed, rows(6, 7))
    sealed.open(old, candidate="run-a", purpose="score")
    assert sealed.candidates(new, RUNGS) == ["run-a"]
    assert sealed.candidates(apart, RUNGS) == []


def test_a_block_that_was_shown_gates_nothing(sealed):
    block = put(sealed, rows(1, 2))
    sealed.open(block, candidate="someone", purpose="show")
    with pytest.raises(Refused, match="shown row by row"):
        sealed.open(block, candidate="run-a", purpose="score")


def test_rows_missing_from_the_cache_are_asked_for(sealed):
    with pytest.raises(BadMachine, match="surpass split"):
        sealed.open("f" * 64, candidate="run-a", purpose="score")


def test_the_committed_manifest_of_a_block_holds_no_text(tmp_path, sealed):
    put(sealed, rows(1, 2))
    kept = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "versions").iterdir())
    assert "text" not in kept


def test_what_is_asked_without_an_opening_is_hashes_only(sealed, ledger):
    block = put(sealed, rows(1, 2))
    prints = sealed.fingerprints(block)
    assert prints.columns == ["row", "unit", "hash"]
    assert sealed.digests(block) == frozenset(mark for row in marks(rows(2, 1)) for mark in row)
    assert ledger.entries() == []
    with pytest.raises(BadMachine, match="surpass split"):
        sealed.fingerprints("f" * 64)


def test_a_block_without_its_hashes_is_laid_down_again(tmp_path, sealed):
    block = put(sealed, rows(1, 2))
    (hashes,) = (tmp_path / ".surpass" / "cache" / "sealed").glob("*.hashes.parquet")
    hashes.unlink()
    assert not sealed.holds(block)
    assert put(sealed, rows(1, 2)) == block
    assert sealed.holds(block)


def test_an_opened_block_whose_manifest_is_gone_is_named(tmp_path, sealed):
    block = put(sealed, rows(1, 2))
    sealed.open(block, candidate="run-a", purpose="score")
    assert sealed.opened() == {block}
    (tmp_path / "versions" / f"block-{block[:16]}.json").unlink()
    with pytest.raises(BadInput, match="Restore versions"):
        sealed.candidates(block, RUNGS)


@given(st.text(max_size=20))
def test_case_and_spaces_make_no_new_row(text):
    texts = [text, f"  {text} ", text.replace(" ", "  ")]
    forms = pl.DataFrame({"row": ["a", "b", "c"], "input": texts})
    assert len(set(marks(forms))) == 1


def known(row: str, text: str, source: str) -> set[str]:
    frame = pl.DataFrame({"row": [row], "input": [text], "source": [source]})
    return set(marks(frame)[0])


def test_a_row_is_known_again_by_its_letters_and_by_its_id():
    first = known("m7", "The line is dead.", "data/rows.csv:8")
    assert first & known("m9", "the line is dead !", "other.csv:2")
    assert first & known("m7", "wholly rewritten", "rows.csv:9")
    assert not first & known("m8", "another line", "rows.csv:8")


def test_a_name_that_is_only_a_place_is_no_id():
    first = known("rows:8", "The line is dead.", "data/rows.csv:8")
    assert not first & known("rows:8", "another row now stands there", "data/rows.csv:8")


def test_a_door_behind_which_other_rows_lie_stays_shut(tmp_path, sealed):
    block = put(sealed, rows(1, 2))
    path = tmp_path / ".surpass" / "cache" / "sealed" / f"{block}.parquet"
    pl.read_parquet(path).with_columns(pl.lit("as the model says").alias("target")).write_parquet(
        path
    )
    with pytest.raises(BadMachine, match="not those that were sealed"):
        sealed.open(block, candidate="run-a", purpose="score")


def test_a_rated_block_judges_whom_it_knew_and_nobody_who_comes_later(sealed):
    block = put(sealed, rows(1, 2))
    for candidate in ("zero-shot", "run-a", "run-b"):
        sealed.open(block, candidate=candidate, purpose="score")
    sealed.open(block, candidate="run-b", purpose="rate")
    assert sealed.rated(block) == ["run-b"]
    for known in ("zero-shot", "run-a", "run-b"):
        assert sealed.open(block, candidate=known, purpose="score").height == 2
    shares_a_row = put(sealed, rows(2, 3))
    for where in (block, shares_a_row):
        with pytest.raises(Refused, match="no model that comes later"):
            sealed.open(where, candidate="run-c", purpose="score")
    assert sealed.candidates(block, RUNGS) == ["run-a", "run-b"]
