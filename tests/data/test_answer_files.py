import polars as pl
import pytest

from surpass.core.errors import BadInput
from surpass.data.answer_files import Named, side_by_side
from surpass.data.rows import rows_of


def file(name, **columns):
    return rows_of(pl.DataFrame(columns), name)


BASE = {"id": ["1", "2"], "label": ["a", "b"], "prediction": ["a", "a"]}


def test_rows_are_joined_by_their_id_whatever_their_order():
    tuned = file("tuned", id=["2", "1"], output=["b", "a"])
    joined = side_by_side(file("base", **BASE), tuned, Named())
    assert joined.select("row", "expected", "base", "tuned").rows() == [
        ("1", "a", "a", "a"),
        ("2", "b", "a", "b"),
    ]


def test_without_an_id_rows_are_joined_in_order():
    joined = side_by_side(
        file("base", label=["a", "b"], answer=["x", "y"]),
        file("tuned", answer=["p", "q"]),
        Named(),
    )
    assert joined["row"].to_list() == ["1", "2"]
    assert joined["tuned"].to_list() == ["p", "q"]


def test_other_columns_are_kept_to_group_and_slice_by():
    joined = side_by_side(file("base", **BASE, region=["n", "s"]), file("tuned", **BASE), Named())
    assert joined["region"].to_list() == ["n", "s"]


def test_a_missing_answer_is_an_empty_answer():
    tuned = file("tuned", id=["1", "2"], answer=["a", None])
    assert side_by_side(file("base", **BASE), tuned, Named())["tuned"].to_list() == ["a", ""]


@pytest.mark.parametrize(
    ("tuned", "named", "said"),
    [
        ({"id": ["1"], "answer": ["a"]}, Named(), "answered in one file only"),
        ({"id": ["1", "1"], "answer": ["a", "b"]}, Named(), "more than once"),
        ({"id": ["1", None], "answer": ["a", "b"]}, Named(), "rows without id"),
        ({"id": ["1", "2"], "said": ["a", "b"]}, Named(), "no column that looks like"),
        ({"answer": ["a"]}, Named(), "no column names the questions"),
        ({"id": ["1", "2"], "answer": ["a", "b"], "label": ["b", "b"]}, Named(), "expect differ"),
        ({"id": ["1", "2"], "answer": ["a", "b"]}, Named(id="key"), "no column `key`"),
        ({"id": ["1", "2"], "answer": ["a", "b"]}, Named(expected="gold"), "Neither base nor"),
        ({"id": ["1", "2"], "answer": ["a", "b"]}, Named(answer="best"), "no column `best`"),
    ],
)
def test_what_does_not_belong_together_is_refused_in_one_sentence(tuned, named, said):
    with pytest.raises(BadInput, match=said) as refused:
        side_by_side(file("base", **BASE), file("tuned", **tuned), named)
    assert refused.value.fix
