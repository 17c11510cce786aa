"""What one row alone scores; a row without anything to score has no score, not 0."""

import polars as pl

from answers import answers
from surpass.measure.row_scores import row_scores


def test_labels_are_right_or_wrong():
    assert row_scores("classify", answers(["a", "b"], ["a", "a"])).to_list() == [1, 0]


def test_records_score_their_own_facts():
    frame = answers(['{"a": 1, "b": 2}', '{"a": 1}'], ['{"a": 1}', '{"b": 1}'])
    assert row_scores("extract", frame).to_list() == [2 / 3, 0]


def test_a_text_scores_1_only_if_it_is_written():
    scores = row_scores("generate", answers(["a plain text", "other"], ["a plain text", "xyz"]))
    assert scores.to_list() == [1, 0]


def test_nothing_to_score_is_no_score():
    assert row_scores("extract", answers(["{}"], ["{}"])).to_list() == [None]
    assert row_scores("generate", answers([""], ["something"])).to_list() == [None]
    code = pl.DataFrame({"samples": [4, 0], "passed": [3, 0]})
    assert row_scores("code", code).to_list() == [0.75, None]
