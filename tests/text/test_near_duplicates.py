import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from all_pairs import all_pairs, plain_jaccard
from surpass.text.canonical import canonical_text
from surpass.text.near_duplicates import JACCARD, LEFT, RIGHT, clusters, components, near_duplicates

WORDS = st.sampled_from(
    ["please", "cancel", "my", "order", "late", "and", "i", "want", "money", "card"]
)
sentences = st.lists(WORDS, min_size=0, max_size=14).map(" ".join)


def pairs_of(texts, **options):
    return {
        (left, right): share
        for left, right, share in near_duplicates(
            pl.Series(texts, dtype=pl.String), **options
        ).iter_rows()
    }


@settings(max_examples=30, deadline=None)
@given(st.lists(sentences, max_size=25, unique=True))
def test_the_pairs_are_those_of_comparing_all_with_all(texts):
    assert pairs_of(texts) == pytest.approx(all_pairs(texts, 0.8))


@settings(max_examples=30, deadline=None)
@given(st.lists(sentences, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_change_the_clusters(texts, rng):
    order = list(range(len(texts)))
    rng.shuffle(order)
    before, after = (
        clusters(pl.Series(texts, dtype=pl.String)),
        clusters(pl.Series([texts[i] for i in order], dtype=pl.String)),
    )
    together = {frozenset(np.flatnonzero(before == head)) for head in before}
    shuffled = {frozenset(np.array(order)[after == head]) for head in after}
    assert together == shuffled


@settings(max_examples=30, deadline=None)
@given(st.lists(sentences, max_size=20))
def test_every_member_is_near_its_representative(texts):
    for row, head in enumerate(clusters(pl.Series(texts, dtype=pl.String))):
        if row != head:
            same = canonical_text(texts[row]) == canonical_text(texts[head])
            assert same or plain_jaccard(texts[row], texts[head]) >= 0.8


def test_empty_texts_are_never_near_duplicates_of_each_other():
    assert pairs_of(["", "", "  ", None, "\u1000"]) == {}
    assert clusters(pl.Series(["", "", "a"])).tolist() == [0, 1, 2]


def test_no_texts_have_no_pairs():
    assert pairs_of([]) == {}
    assert clusters(pl.Series([], dtype=pl.String)).size == 0


def test_very_short_texts_pair_only_when_they_say_the_same():
    assert pairs_of(["yes", "Yes", "no", "yes!", "ok", "hi you"]) == {(0, 1): 1.0}


def test_a_pair_across_the_border_of_words_and_characters_is_found():
    seven = "please cancel my subscription number 123456 immediately"
    assert list(pairs_of([seven, seven + " ok"])) == [(0, 1)]


def test_texts_without_spaces_are_compared_by_characters():
    one = "私の荷物はいつ届きますか、昨日から待っていますが連絡がありません"
    assert list(
        pairs_of([one, one + "。", "返金をお願いします、カードに二重に請求されています"])
    ) == [(0, 1)]


def test_punctuation_and_case_do_not_hide_a_long_duplicate():
    one = "The parcel arrived late, and the box was open: please send me a new one!"
    assert pairs_of([one, one.lower().replace(",", "").replace("!", "")]) == {(0, 1): 1.0}


def test_a_text_on_many_rows_is_paired_with_its_first_row_only():
    found = near_duplicates(pl.Series(["same text here"] * 2000))
    assert found[LEFT].unique().to_list() == [0]
    assert found[RIGHT].to_list() == list(range(1, 2000))
    assert found[JACCARD].min() == 1.0


def test_members_of_one_template_stay_connected_though_not_all_pairs_are_compared():
    text = " ".join(f"word{number}" for number in range(60))
    texts = pl.Series([f"{text} ticket{number}" for number in range(1000)])
    found = near_duplicates(texts)
    assert found.height < 1000 * 100
    linked = components(1000, found[LEFT].to_numpy(), found[RIGHT].to_numpy())
    assert (linked == 0).all()


def test_planted_twins_are_all_found_among_many_texts():
    rng = random.Random(0)
    vocabulary = [f"w{number}" for number in range(3000)]
    texts = [" ".join(rng.choices(vocabulary, k=rng.randint(25, 40))) for _ in range(5_000)]
    twins = [text + " indeed" for text in texts[:500]]
    assert set(pairs_of(texts + twins)) == {(row, 5_000 + row) for row in range(500)}


def test_components_follow_chains():
    assert components(6, np.array([4, 1, 3]), np.array([5, 3, 5])).tolist() == [0, 1, 2, 1, 1, 1]
