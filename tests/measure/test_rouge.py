"""ROUGE as published, and as the package rouge-score 0.1.2 counts it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import answers
from surpass.measure.metrics import metric
from surpass.measure.metrics.texts.overlap import common_by_sentence, common_subsequence
from surpass.measure.metrics.texts.stem import stem
from surpass.measure.scores import score

CONTRACT = (
    "The contract was signed on 3 March.\nBoth parties agreed to it.\nIt ends in two years.",
    "Both parties signed the contract.\nThe contract ends in two years, on 3 March.",
)
SIGNS = ("Grüße an alle: 3.5 % more, isn't it?", "more than 3,5 % isn't much")
BACKWARDS = ("one two three four", "four three two one")
sentences = st.lists(st.sampled_from("abcdefgh"), max_size=12)


def measured(name, expected, answered):
    """Precision, recall and F1."""
    frame = answers([expected], [answered])
    return [
        score(metric(name, {"measure": measure}), frame, ())
        for measure in ("precision", "recall", "f1")
    ]


@pytest.mark.parametrize(
    ("name", "expected", "answered", "published"),
    [
        ("rouge_1", "testing one two", "testing", (1, 1 / 3, 1 / 2)),
        ("rouge_2", "testing one two", "testing one", (1, 1 / 2, 2 / 3)),
        ("rouge_l", "testing one two", "testing two", (1, 2 / 3, 4 / 5)),
        ("rouge_lsum", "w1 w2 w3 w4 w5", "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", (0.4, 0.8, 0.533333)),
        ("rouge_lsum", "w1 w2 w3 w4 w5", "/", (0, 0, 0)),
    ],
)
def test_the_examples_of_lin_and_of_rouge_scores_tests(name, expected, answered, published):
    assert measured(name, expected, answered) == pytest.approx(published, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "pair", "theirs"),
    [
        ("rouge_1", CONTRACT, (0.8571428571428571, 0.7058823529411765, 0.7741935483870968)),
        ("rouge_2", CONTRACT, (0.5384615384615384, 0.4375, 0.4827586206896552)),
        ("rouge_l", CONTRACT, (0.42857142857142855, 0.35294117647058826, 0.3870967741935484)),
        ("rouge_lsum", CONTRACT, (0.7857142857142857, 0.6470588235294118, 0.7096774193548386)),
        ("rouge_1", SIGNS, (0.7142857142857143, 0.5, 0.588235294117647)),
        ("rouge_2", SIGNS, (0.3333333333333333, 0.2222222222222222, 0.26666666666666666)),
        ("rouge_l", SIGNS, (0.5714285714285714, 0.4, 0.47058823529411764)),
        ("rouge_1", BACKWARDS, (1, 1, 1)),
        ("rouge_2", BACKWARDS, (0, 0, 0)),
        ("rouge_lsum", BACKWARDS, (0.25, 0.25, 0.25)),
    ],
)
def test_they_are_those_of_the_package_rouge_score(name, pair, theirs):
    assert measured(name, *pair) == pytest.approx(theirs, abs=1e-9)


STEMMED = (
    "The parties agreed to the terms.\nPayments are delayed, relational skies lying.",
    "A party agrees on terms of payment.\nThe delay relates to a sky that lies.",
)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("rouge_1", 0.7407407407407408),
        ("rouge_2", 0.16),
        ("rouge_l", 0.5925925925925926),
        ("rouge_lsum", 0.7407407407407408),
    ],
)
def test_with_stems_they_are_those_of_the_package_rouge_score(name, theirs):
    frame = answers([STEMMED[0]], [STEMMED[1]])
    assert score(metric(name, {"stem": True}), frame, ()) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(
    ("word", "stem_of_it"),
    [
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("plastered", "plaster"),
        ("hopping", "hop"),
        ("filing", "file"),
        ("relational", "relat"),
        ("triplicate", "triplic"),
        ("adjustment", "adjust"),
        ("controll", "control"),
        ("feed", "feed"),
        ("skies", "sky"),
        ("ties", "tie"),
    ],
)
def test_stems_are_those_of_porters_paper_and_of_nltk(word, stem_of_it):
    assert stem(word) == stem_of_it


@given(st.text("abcdeilnostuyz", max_size=14))
def test_a_stem_is_never_longer_than_its_word(word):
    assert len(stem(word)) <= len(word)


@given(sentences, sentences)
def test_of_one_sentence_the_aligned_words_are_as_many_as_the_sequence_is_long(answer, expected):
    once = list(dict.fromkeys(answer))  # a word that repeats is counted once by sentence
    by_sentence = common_by_sentence([once], [expected])
    assert by_sentence.common == common_subsequence(once, expected).common


@given(st.lists(sentences, max_size=4), st.lists(sentences, max_size=4))
def test_by_sentence_nothing_counts_more_often_than_it_is_there(answer, expected):
    found = common_by_sentence(answer, expected)
    assert 0 <= found.common <= min(found.answered, found.expected)
    assert common_by_sentence(expected, expected).common == found.expected


def test_words_of_other_alphabets_count_only_if_asked_for():
    frame = answers(["Всё хорошо"], ["всё хорошо!"])
    assert score(metric("rouge_1"), frame, ()) == 0
    assert score(metric("rouge_1", {"letters": "all"}), frame, ()) == 1


def test_the_closest_reference_counts():
    others = pl.Series("references", [["x", "a b c d"]])
    frame = answers(["no such thing"], ["a b c"]).with_columns(others)
    assert score(metric("rouge_1"), frame, ()) == pytest.approx(6 / 7)
