import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from surpass.core.account import Table
from surpass.show.as_csv import table_csv

words = st.text(st.characters(categories=["L", "N", "Zs"]), max_size=8)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(*[words] * width), min_size=1, max_size=5)
)


@given(tables)
def test_a_table_comes_back_row_by_row(rows):
    head, *body = rows
    table = Table(title="t", columns=head, rows=tuple(body))
    assert [tuple(row) for row in csv.reader(io.StringIO(table_csv(table), newline=""))] == rows


def test_signed_numbers_stay_numbers_and_formulas_do_not():
    table = Table(title="t", columns=("a", "b"), rows=(("-0.5", "=1+1"),))
    assert table_csv(table) == '"a","b"\r\n"-0.5","\'=1+1"\r\n'


def test_a_semicolon_cannot_start_a_cell_of_its_own():
    table = Table(title="t", columns=("a",), rows=(("x;=1+1",),))
    assert '"x;=1+1"' in table_csv(table)
