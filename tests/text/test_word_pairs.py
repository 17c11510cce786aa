import random

import numpy as np
import polars as pl
import pytest

from surpass.text.word_pairs import explained, tokens

ASKED = ["red", "green", "blue", "big", "small", "round", "square", "wooden", "paper", "iron"]
SAID = ["rot", "grün", "blau", "gross", "klein", "rund", "eckig", "hölzern", "papieren", "eisern"]


def translations(count, seed=0):
    """Inputs and answers of which each word has one partner, beside words that all have."""
    draw = random.Random(seed)
    drawn = [draw.sample(range(len(ASKED)), 4) for _ in range(count)]
    inputs = ["a thing that is " + " ".join(ASKED[n] for n in row) for row in drawn]
    answers = ["ein Ding so " + " ".join(SAID[n] for n in draw.sample(row, 4)) for row in drawn]
    return inputs, answers


def judged(inputs, answers):
    rows = np.arange(len(inputs))
    return explained(pl.Series(inputs), pl.Series(answers), rows % 5, rows)


def test_answers_follow_from_their_own_input_and_exchanged_ones_do_not():
    inputs, answers = translations(300)
    swapped = list(range(0, 300, 20))
    for one, other in zip(swapped[::2], swapped[1::2], strict=False):
        answers[one], answers[other] = answers[other], answers[one]
    found = judged(inputs, answers)
    exchanged = np.isin(np.arange(300), swapped[: len(swapped) // 2 * 2])
    assert np.median(found.equalled[~exchanged]) < 0.01
    assert np.median(found.equalled[exchanged]) > 0.2
    assert found.loss[exchanged].mean() > found.loss[~exchanged].mean() + 0.1


def test_words_of_the_input_explain_the_same_words_unlearned():
    names = [f"name{n} town{n}" for n in range(100)]
    found = judged([f"{name} asks" for name in names], [f"answer for {name}" for name in names])
    assert (found.equalled < 0.01).all()


def test_rows_that_belong_together_are_not_compared():
    inputs, answers = translations(60)
    together = np.zeros(60, dtype=np.int64)
    found = explained(pl.Series(inputs), pl.Series(answers), np.arange(60) % 5, together)
    assert np.isnan(found.equalled).all()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_rows_and_empty_texts_have_no_loss(count):
    found = judged(["one two"] * count + ["", "a b"], ["", *["three"] * count, "  "])
    assert found.loss.shape == (count + 2,)
    assert np.isnan(found.loss[0])
    assert found.words[0] == 0


def test_texts_without_spaces_are_pairs_of_letters():
    assert tokens(pl.Series(["我的订单", "ok ok then"])) == [
        ["我的", "的订", "订单"],
        ["ok", "then"],
    ]
