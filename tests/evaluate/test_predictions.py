import numpy as np
import polars as pl

from surpass.evaluate.predictions import label_predictions, text_predictions, with_prompts

ROWS = pl.DataFrame(
    {
        "row": ["a", "b"],
        "group": ["g", "g"],
        "input": ["one", "two"],
        "target": ["x", "y"],
        "time": [None, None],
        "@channel": ["chat", "phone"],
    }
)


def test_the_likeliest_label_is_the_answer_and_slices_come_along():
    found = label_predictions(ROWS, ("x", "y"), np.array([[0.2, 0.8], [0.9, 0.1]]))
    assert found["answer"].to_list() == ["y", "x"]
    assert found["@channel"].to_list() == ["chat", "phone"]
    assert found["probabilities"].to_list() == [[0.2, 0.8], [0.9, 0.1]]


def test_an_answer_cut_at_the_cap_is_marked_and_kept():
    found = text_predictions(ROWS, [" done \n", "not do"], [False, True], [2, 8])
    assert found["answer"].to_list() == ["done", "not do"]
    assert found["status"].to_list() == ["ok", "truncated"]


def test_tokens_of_prompts_are_kept_and_seconds_of_a_batch_are_unknown():
    found = with_prompts(text_predictions(ROWS, ["a", "b"], [False, False], [1, 1]), [7, 9])
    assert found["in_tokens"].to_list() == [7, 9]
    assert found["seconds"].to_list() == [None, None]
    assert found["seconds"].dtype == pl.Float64
