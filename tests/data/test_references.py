"""Rows with several accepted answers."""

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.columns import REFERENCES
from surpass.core.errors import BadInput
from surpass.core.settings import Data, Generate
from surpass.data.examples import read_examples, to_examples
from surpass.data.references import reference_lists
from surpass.data.rows import rows_of
from surpass.evaluate.predictions import text_predictions
from surpass.measure.metrics import metric
from surpass.measure.scores import score

TASK = Generate(name="t", input="asked", output="said")
DATA = Data(train=("rows.jsonl",), references="also")
texts = st.text(st.characters(exclude_categories=("Cs",)))


@given(st.lists(st.one_of(st.none(), st.lists(texts, max_size=3)), min_size=1, max_size=5))
def test_lists_come_back_as_they_were_written(lists):
    frame = pl.DataFrame({"also": [None if one is None else json.dumps(one) for one in lists]})
    found = reference_lists(rows_of(frame.cast(pl.String), "rows.csv"), "also")
    assert found.to_list() == lists


@pytest.mark.parametrize("text", ["plain", '{"a": 1}', "[1]", '["a"', '["a", null]', "[" * 5000])
def test_what_is_no_list_of_texts_is_named_with_its_line(text):
    frame = pl.DataFrame({"also": ["[]", text]})
    with pytest.raises(BadInput, match=r"rows\.csv:2: 'also' holds no list of texts"):
        reference_lists(rows_of(frame, "rows.csv"), "also")


def test_an_answer_like_any_of_the_accepted_ones_is_right(tmp_path):
    rows = [
        {"asked": "q1", "said": "one", "also": ["uno", "eins"]},
        {"asked": "q2", "said": "two", "also": None},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    examples = read_examples(tmp_path, ("rows.jsonl",), DATA, TASK)[0]
    assert examples[REFERENCES].to_list() == [["uno", "eins"], None]
    assert "@also" not in examples.columns
    answers = text_predictions(examples, ["eins", "dos"], [False] * 2, [1] * 2)
    assert score(metric("exact_match"), answers, ()) == 0.5
    assert score(metric("exact_match"), answers.drop(REFERENCES), ()) == 0


def test_undeclared_lists_are_a_column_like_any_other():
    frame = pl.DataFrame({"asked": ["q"], "said": ["a"], "also": ['["b"]']})
    plain = to_examples(rows_of(frame, "rows.csv"), Data(train=("rows.csv",)), TASK)
    assert REFERENCES not in plain.columns
    assert plain["@also"].to_list() == ['["b"]']


def test_a_declared_column_that_is_not_there_is_named():
    frame = pl.DataFrame({"asked": ["q"], "said": ["a"]})
    with pytest.raises(BadInput, match="no column 'also'"):
        to_examples(rows_of(frame, "rows.csv"), DATA, TASK)
