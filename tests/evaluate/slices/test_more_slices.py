"""Slices of days and of rare words, and slices that are nearly all rows."""

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planted import LABELS, answered, chance, examples
from surpass.core import columns
from surpass.core.records.explanation import Dated, Labelled, Length, Predicate, Rare, Written
from surpass.evaluate.slices.candidates import candidates
from surpass.evaluate.slices.find import find_gaps
from surpass.evaluate.slices.members import Looked, members
from surpass.evaluate.slices.samples import pair
from surpass.evaluate.slices.wording import in_words
from surpass.text.terms import common_words, rare_share

DAYS = [f"2024-{1 + i // 28:02}-{1 + i % 28:02}T08:00:00" for i in range(200)]


def dated(frame):
    return frame.with_columns(pl.Series(columns.TIME, DAYS[: frame.height]))


def compared(frame, wrong, seed=2):
    base = answered(frame, chance(frame, 0.5, seed), seed + 1)
    return pair("classify", answered(frame, wrong, seed + 2), base, LABELS)


def asked(frame, train=None):
    both = compared(frame, chance(frame, 0.3, 1))
    return [predicate for predicate, _ in candidates(both, "classify", 0, train)]


def test_every_dated_row_is_in_exactly_one_span_of_days():
    frame = dated(examples(200, 3))
    spans = [one for one in asked(frame) if isinstance(one, Dated)]
    assert len(spans) == 4
    inside = np.array([members(one, Looked(frame)) for one in spans])
    assert (inside.sum(axis=0) == 1).all()


@pytest.mark.parametrize(
    "times", [["03/04/2024"] * 200, [None] * 200, [*DAYS[:150], *["soon"] * 50]]
)
def test_times_that_are_no_days_make_no_slices(times):
    frame = examples(200, 3).with_columns(pl.Series(columns.TIME, times, dtype=pl.String))
    assert not [one for one in asked(frame) if isinstance(one, Dated)]


def test_a_pool_without_times_cannot_tell_its_days():
    span = Dated(low="2024-01-01", high=None)
    pool = pl.DataFrame({columns.INPUT: ["a"], columns.TIME: pl.Series([None], dtype=pl.String)})
    assert members(span, Looked(pool)) is None
    assert members(span, Looked(pool.drop(columns.TIME))) is None


GERMAN = "bitte sagen Sie mir, warum das nicht geht und wann wieder "
ENGLISH = "please tell me why this does not work and when again "


def bilingual(count):
    """Rows of which every third is in German."""
    frame = examples(count, 3)
    said = [GERMAN if n % 3 == 0 else ENGLISH for n in range(count)]
    return frame.with_columns((pl.Series(said) + frame["input"]).alias("input"))


def test_languages_are_slices_where_there_are_two():
    found = [one for one in asked(bilingual(200)) if isinstance(one, Written)]
    assert found == [Written(language="de"), Written(language="en")]
    inside = members(found[0], Looked(bilingual(200)))
    german = np.arange(200) % 3 == 0
    assert inside[german].mean() > 0.8  # the words of the planted rows are English in both
    assert not inside[~german].any()
    assert in_words(found[0]) == "Rows whose input is in German"
    assert not [one for one in asked(examples(200, 3)) if isinstance(one, Written)]
    known = bilingual(200).with_columns(pl.lit("x").alias("@language"))
    assert not [one for one in asked(known) if isinstance(one, Written)]


def test_rows_of_words_that_training_lacks_are_a_slice():
    frame, train = examples(200, 5), examples(200, 6, products=("fibre", "mobile"))
    (rare,) = (one for one in asked(frame, Looked(train)) if isinstance(one, Rare))
    inside = members(rare, Looked(frame))
    assert 20 <= inside.sum() < 200
    assert set(frame.filter(pl.Series(inside))["@product"]) <= {"tv", "email"}
    assert "are rare in training" in in_words(rare)


@given(st.lists(st.text()), st.lists(st.text(), min_size=1))
def test_the_share_of_rare_words_is_a_share_and_none_of_training_repeated(train, texts):
    shares = rare_share(texts, frozenset(common_words(train)))
    assert ((shares >= 0) & (shares <= 1)).all()
    assert (rare_share(texts, frozenset(common_words([*texts, *texts]))) == 0).all()


def test_the_new_slices_can_be_written_down_and_read_again():
    for one in (Dated(low="2024-01-01", high=None), Rare(common=(1, 2), at_least=0.5)):
        assert msgspec.json.decode(msgspec.json.encode(one), type=Predicate) == one


def test_nearly_all_rows_are_a_general_statement_and_ask_for_nothing():
    frame = examples(400, 8).with_columns(
        pl.when(pl.int_range(pl.len()) % 8 == 0)
        .then(pl.lit("rare"))
        .otherwise(pl.lit("usual"))
        .alias("@kind")
    )
    usual = (frame["@kind"] == "usual").to_numpy()
    wrong = np.random.default_rng(1).random(400) < np.where(usual, 0.7, 0.02)
    found = find_gaps(compared(frame, wrong), examples(300, 9), "classify", 0).gaps
    (general,) = (gap for gap in found if gap.general)
    assert general.rows == usual.sum()
    assert general.request is None
    assert found[-1] == general
    assert not isinstance(general.predicate, Labelled | Length)
