"""Which test rows training has seen: by text, by a passage, by group.

The comparison needs hashes only, so sealed test rows can be checked without opening them: keep
their `fingerprints`, and compare new training rows with those.
"""

import polars as pl

from surpass.core.columns import GROUP, INPUT, PARTNER, REASON, ROW
from surpass.text.canonical import canonical
from surpass.text.near_duplicates import LEFT, NEAR_DUPLICATE, RIGHT, similar_sets
from surpass.text.shingles import (
    HASH,
    TEXT,
    character_shingles,
    passages,
    text_hashes,
    word_shingles,
)

UNIT = "unit"  # what was hashed: see _UNITS

CONTAINED = 0.8  # share of a test row's passages in one training row from which on it is a leak
_FEWEST_PASSAGES = 3  # a test row under 10 words is judged by near duplicates alone
_COMMON_ROWS = 10  # a passage in more training rows than this, and than 1 %, is boilerplate
_COMMON_SHARE = 0.01

_UNITS = pl.Enum(["text", "group", "word", "character", "passage"])
_KEY, _TEST, _TRAIN = "key", "test", "train"


def fingerprints(examples: pl.DataFrame) -> pl.DataFrame:
    """Hashes of everything that a leak can be seen by: columns ROW, UNIT, HASH (u64).

    Inputs without any text have none but that of their group.
    """
    forms = canonical(examples[INPUT])
    row = examples[ROW]
    whole = pl.DataFrame({ROW: row, HASH: text_hashes(forms)}).filter(forms != "")
    group = pl.DataFrame({ROW: row, HASH: text_hashes(examples[GROUP])})
    shingles = {
        "word": word_shingles(forms),
        "character": character_shingles(forms),
        "passage": passages(forms),
    }
    named = {
        unit: pl.DataFrame({ROW: row.gather(frame[TEXT]), HASH: frame[HASH]})
        for unit, frame in shingles.items()
    }
    parts = {"text": whole, "group": group, **named}
    return pl.concat(
        frame.select(ROW, pl.lit(unit, dtype=_UNITS).alias(UNIT), HASH)
        for unit, frame in parts.items()
    )


def leaks(
    train: pl.DataFrame, test: pl.DataFrame, threshold: float = NEAR_DUPLICATE
) -> pl.DataFrame:
    """Pairs of a test row and a training row that shows it: columns ROW, PARTNER, REASON.

    Every leaking test row and every leaking training row stands in at least one pair; among many
    equal texts not all pairs are listed.
    """
    return leaks_against(train, fingerprints(test), threshold)


def leaks_against(
    train: pl.DataFrame, test: pl.DataFrame, threshold: float = NEAR_DUPLICATE
) -> pl.DataFrame:
    """The same, for test rows of which only the fingerprints are known.

    Source:
        Brown et al. 2020 (arXiv:2005.14165), appendix C, for passages; those that are frequent in
        training are left out.
    """
    mine = fingerprints(train)
    own, theirs = _keys(mine, "text"), _keys(test, "text")
    found = [
        _listed(_equal(_keys(mine, "group"), _keys(test, "group")), mine, test, "group",
                "Another row of its group is in training."),
        _listed(_equal(own, theirs), mine, test, "text", "The same input is in training."),
        _listed(_near(mine, test, threshold), mine, test, "text",
                "Nearly the same input is in training."),
        _listed(_contained(mine, test), mine, test, "text",
                "A training input contains its text."),
    ]  # fmt: skip
    return pl.concat(found).unique([ROW, PARTNER], keep="first", maintain_order=True)


def _keys(prints: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Hash of the text or group of every row: columns ROW, _KEY."""
    return prints.filter(pl.col(UNIT) == unit).select(ROW, pl.col(HASH).alias(_KEY))


def _equal(train: pl.DataFrame, test: pl.DataFrame) -> pl.DataFrame:
    """Keys that both sides have, as pairs (_TEST, _TRAIN)."""
    both = test.select(_KEY).unique().join(train.select(_KEY).unique(), on=_KEY)
    return both.select(pl.col(_KEY).alias(_TEST), pl.col(_KEY).alias(_TRAIN))


def _near(train: pl.DataFrame, test: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Pairs of near duplicates, each text once, named by their keys."""
    own, theirs = _keys(train, "text"), _keys(test, "text")
    texts = pl.concat([theirs, own]).unique(_KEY).sort(_KEY).with_row_index(TEXT)
    both = pl.concat([test, train]).join(texts, on=ROW)
    views = [
        both.filter(pl.col(UNIT) == unit).select(TEXT, HASH).unique().sort(TEXT, HASH)
        for unit in ("word", "character")
    ]
    pairs = similar_sets(views, threshold)
    left, right = texts[_KEY].gather(pairs[LEFT]), texts[_KEY].gather(pairs[RIGHT])
    there = pl.DataFrame({_TEST: left, _TRAIN: right})
    back = pl.DataFrame({_TEST: right, _TRAIN: left})
    crossing = pl.concat([there, back]).join(theirs, left_on=_TEST, right_on=_KEY, how="semi")
    return crossing.join(own, left_on=_TRAIN, right_on=_KEY, how="semi")


def _contained(train: pl.DataFrame, test: pl.DataFrame) -> pl.DataFrame:
    """Pairs in which most passages of the test text stand in the training text."""
    passage = pl.col(UNIT) == "passage"
    sides = []
    for prints in (test, train):
        keyed = prints.filter(passage).join(_keys(prints, "text"), on=ROW)
        sides.append(keyed.select(_KEY, HASH).unique())
    theirs, own = sides
    common = max(_COMMON_ROWS, _COMMON_SHARE * own[_KEY].n_unique())
    telling = own.filter(pl.len().over(HASH) <= common)
    sizes = theirs.group_by(_KEY).len("passages").filter(pl.col("passages") >= _FEWEST_PASSAGES)
    shared = (
        theirs.join(sizes, on=_KEY)
        .join(telling, on=HASH, suffix="_train")
        .group_by(_KEY, f"{_KEY}_train")
        .agg(pl.len().alias("shared"), pl.col("passages").first())
    )
    most = shared.filter(pl.col("shared") >= CONTAINED * pl.col("passages"))
    return most.select(pl.col(_KEY).alias(_TEST), pl.col(f"{_KEY}_train").alias(_TRAIN))


def _listed(
    pairs: pl.DataFrame, train: pl.DataFrame, test: pl.DataFrame, unit: str, reason: str
) -> pl.DataFrame:
    """Rows for pairs of keys: every row once at least, not all combinations of equal texts."""
    own, theirs = _keys(train, unit), _keys(test, unit)
    first = {_TEST: theirs.unique(_KEY, keep="first", maintain_order=True)}
    first[_TRAIN] = own.unique(_KEY, keep="first", maintain_order=True)
    found = []
    for left, right in ((theirs, first[_TRAIN]), (first[_TEST], own)):
        with_test = pairs.join(left, left_on=_TEST, right_on=_KEY)
        found.append(
            with_test.join(right.rename({ROW: PARTNER}), left_on=_TRAIN, right_on=_KEY).select(
                ROW, PARTNER
            )
        )
    return pl.concat(found).unique().sort(ROW, PARTNER).with_columns(pl.lit(reason).alias(REASON))
