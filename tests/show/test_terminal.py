import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from surpass.core.account import Account, Chapter, Pair, Standing, Table
from surpass.show.terminal import print_account


def shown(account: Account, width: int = 100) -> str:
    stream = io.StringIO()
    print_account(account, Console(file=stream, width=width))
    return stream.getvalue()


def with_table(table: Table) -> Account:
    return Account(title="t", headline="h", chapters=(Chapter(title="c", tables=(table,)),))


def test_the_verdict_comes_first_and_the_next_command_last(sample):
    lines = shown(sample).strip().splitlines()
    assert "PASS" in lines[1]
    assert lines[-1].strip() == "Next: surpass release run-20260303-1412"


@pytest.mark.parametrize("standing", Standing)
def test_the_standing_is_a_word_and_not_only_a_colour(standing):
    account = Account(title="t", headline="Something.", standing=standing)
    assert standing.value.upper() in shown(account)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_every_line_fits_the_terminal(sample, width):
    assert all(len(line.rstrip()) <= width for line in shown(sample, width).splitlines())


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_number_is_cut_at_any_width(sample, width):
    text = shown(sample, width)
    rows = [
        row for chapter in sample.chapters for table in chapter.tables for row in table.rows[:20]
    ]
    numbers = {cell for row in rows for cell in row if cell.lstrip("+-0.").isdigit()}
    assert not {number for number in numbers if number not in text}


def test_facts_warnings_and_gates_are_all_told(sample):
    text = shown(sample, 140)
    assert all(fact.value in text for fact in sample.facts)
    assert text.count("Warning:") == len(sample.warnings)
    assert "declared margin +0.050" in text


WORDS = st.text(st.sampled_from("abcde "), min_size=1, max_size=150).map(str.strip).filter(bool)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=4), st.sampled_from([40, 80]))
def test_no_cell_is_cut_but_excerpts(rows, width):
    table = Table(title="t", columns=("row", "why", "what"), rows=tuple(rows))
    text = shown(with_table(table), width)
    assert "…" not in text
    for letter in "abcde":
        inside = sum(cell.count(letter) for row in rows for cell in row)
        assert text.count(letter) >= inside


def test_a_row_number_at_the_end_of_a_long_reason_is_shown():
    reason = (
        "Answers 'bill', but the majority of 7 rows with the same input answers 'move': row 31."
    )
    table = Table(title="", columns=("row", "why", "text"), rows=(("r:2", reason, "x " * 90),))
    told = shown(with_table(table), 80)
    assert "31" in told


def test_an_excerpt_is_cut_with_an_ellipsis():
    table = Table(title="t", columns=("a",), rows=(("x" * 500,),), excerpts=("a",))
    text = shown(with_table(table))
    assert "…" in text
    assert text.count("x") < 100


def test_a_cell_of_megabytes_does_not_flood_the_terminal():
    text = shown(with_table(Table(title="t", columns=("a",), rows=(("x" * 10**6,),))))
    assert "…" in text
    assert len(text) < 10_000


def test_a_long_table_says_how_many_rows_are_missing():
    table = Table(title="t", columns=("a",), rows=tuple((str(row),) for row in range(50)))
    assert "… 30 more" in shown(with_table(table))


def test_an_empty_table_is_a_heading_and_nothing_else():
    assert "column" in shown(with_table(Table(title="t", columns=("column",), rows=())))


def test_five_pairs_are_shown_and_the_others_counted():
    pair = Pair(row="r", asked="a", expected="e", base="b", tuned="t", won=True)
    account = Account(title="t", headline="h", chapters=(Chapter(title="c", pairs=(pair,) * 8),))
    text = shown(account)
    assert text.count("WON") == 5
    assert "… 3 more" in text
