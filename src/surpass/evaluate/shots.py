"""Which solved examples stand in the few-shot prompt: picked from training rows by seed alone."""

import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.model.turns import Asked, asked_of
from surpass.text.vectors import nearest

Shot = tuple[Asked, str]  # input and answer of a solved example

MOST_LABEL_SHOTS = 12  # more labels than this: the prompt would be longer than most inputs
_LONGEST_SHARE = 0.75  # quantile of input length; long examples cost every later token


def pick_shots(train: pl.DataFrame, count: int, labels: tuple[str, ...], seed: int) -> list[Shot]:
    """Pairs of input and answer for the few-shot prompt.

    With labels: one for each label (at most 12), so that none is favoured by absence. Without: the
    first `count` in seeded order, of inputs not longer than three quarters of the others.

    Args:
        train: Training examples.
        count: Examples wanted where there are no labels.
        labels: The closed label set, or empty.
        seed: Same seed, same examples.
    """
    order = pl.Series([digest_text(f"{seed}:{row}") for row in train[columns.ROW]])
    length = train[columns.INPUT].str.len_chars()
    longest = length.quantile(_LONGEST_SHARE, "higher") or 0
    pool = train.with_columns(order.alias("order")).filter(length <= longest).sort("order")
    if labels:
        pool = pool.unique(columns.TARGET, keep="first", maintain_order=True)
        pool = pool.head(max(count, MOST_LABEL_SHOTS))
    else:
        pool = pool.head(count)
    return list(zip(asked_of(pool), pool[columns.TARGET].to_list(), strict=True))


def nearest_shots(train: pl.DataFrame, inputs: pl.Series, count: int) -> list[list[Shot]]:
    """For each input the solved training examples most like it, the nearest last.

    Args:
        train: Training examples.
        inputs: What will be asked.
        count: Examples wanted for each.

    Source:
        Liu et al. 2022 (arXiv:2101.06804); by words instead of a sentence encoder, which would
        have to be fetched.
    """
    found = nearest(train[columns.INPUT], inputs, min(count, train.height))
    asked, answers = asked_of(train), train[columns.TARGET].to_list()
    return [[(asked[i], answers[i]) for i in reversed(places)] for places in found.places]
