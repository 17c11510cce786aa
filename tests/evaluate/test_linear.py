import numpy as np
import polars as pl
import pytest

from surpass.evaluate.linear import linear_probabilities

LABELS = ("bill", "outage", "unseen")
TRAIN = pl.DataFrame(
    {
        "input": ["my bill is wrong", "you charged me twice", "no internet", "line is dead"] * 5,
        "target": ["bill", "bill", "outage", "outage"] * 5,
    }
)


def test_words_decide():
    rows = pl.DataFrame({"input": ["charged for a wrong bill", "the internet line is dead"]})
    found = linear_probabilities(TRAIN, rows, LABELS, seed=0)
    assert [LABELS[i] for i in found.argmax(axis=1)] == ["bill", "outage"]
    assert found.sum(axis=1) == pytest.approx(np.ones(2))
    assert found[:, 2] == pytest.approx(np.zeros(2))


def test_with_one_label_there_is_nothing_to_learn():
    rows = pl.DataFrame({"input": ["anything"]})
    found = linear_probabilities(TRAIN.filter(pl.col("target") == "bill"), rows, LABELS, seed=0)
    assert found.tolist() == [[1.0, 0.0, 0.0]]
