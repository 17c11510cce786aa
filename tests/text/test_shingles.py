import polars as pl

from surpass.text.shingles import (
    HASH,
    TEXT,
    character_shingles,
    passages,
    text_hashes,
    word_shingles,
)

NINE = "one two three four five six seven eight nine"


def test_hashes_are_the_same_for_ever():
    texts = pl.Series([NINE])
    assert text_hashes(texts).to_list() == [742410970207358476]
    assert word_shingles(texts)[HASH].to_list()[0] == 143757231720790310
    assert character_shingles(pl.Series(["abcdef"]))[HASH].to_list() == [
        1148371675819203265,
        10353733299739883613,
    ]


def test_positions_are_those_of_the_series():
    texts = pl.Series(["", "short", NINE, "", NINE + " ten"])
    assert word_shingles(texts)[TEXT].unique(maintain_order=True).to_list() == [2, 4]
    assert word_shingles(texts).group_by(TEXT).len().sort(TEXT)["len"].to_list() == [7, 8]
    assert character_shingles(texts)[TEXT].unique(maintain_order=True).to_list() == [1, 2, 4]


def test_a_quoted_text_shares_all_its_passages_with_the_longer_one():
    quoted, longer = passages(
        pl.Series([NINE, f"He said: {NINE}. Then he left the room."])
    ).partition_by(TEXT)
    assert quoted.height == 2
    assert set(quoted[HASH]) <= set(longer[HASH])


def test_no_texts_have_no_shingles():
    nothing = pl.Series([], dtype=pl.String)
    assert word_shingles(nothing).is_empty()
    assert character_shingles(nothing).is_empty()
    assert passages(pl.Series(["", "two words"])).is_empty()
