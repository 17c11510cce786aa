"""Which solved examples stand in the few-shot prompt: picked from training rows by seed alone."""

import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text

MOST_LABEL_SHOTS = 12  # more labels than this: the prompt would be longer than most inputs
_LONGEST_SHARE = 0.75  # quantile of input length; long examples cost every later token


def pick_shots(
    train: pl.DataFrame, count: int, labels: tuple[str, ...], seed: int
) -> list[tuple[str, str]]:
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
    return list(zip(pool[columns.INPUT].to_list(), pool[columns.TARGET].to_list(), strict=True))
