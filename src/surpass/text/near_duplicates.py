"""Near duplicates: pairs of texts whose shingles mostly agree, each pair verified exactly."""

import numpy as np
import numpy.typing as npt
import polars as pl

from surpass.text.canonical import canonical
from surpass.text.minhash import candidates
from surpass.text.shingles import HASH, TEXT, character_shingles, word_shingles

NEAR_DUPLICATE = 0.8  # Jaccard from which on two texts count as the same text

LEFT = "left"  # u32: position of the earlier text
RIGHT = "right"  # u32
JACCARD = "jaccard"  # f64: shingles in both as a share of the shingles in either

_SHINGLES_AT_ONCE = 5_000_000  # compared in memory at a time

Positions = npt.NDArray[np.int64]


def near_duplicates(
    texts: pl.Series, *, threshold: float = NEAR_DUPLICATE, seed: int = 0
) -> pl.DataFrame:
    """Pairs of texts that are equal or nearly so, in the order of their positions.

    Texts of 8 words and more are compared by runs of 3 words, shorter ones and scripts without
    spaces by runs of 5 characters (texts of 8 to 10 words both ways, the better one counts).
    Empty texts are never near duplicates. A text that stands on several rows takes part with its
    first; its other rows are paired with that one (Jaccard 1), not with each other.

    Returns:
        Columns LEFT < RIGHT, JACCARD. No pair is wrong. A pair over the threshold is missed with a
        chance under 1e-7 at 0.8 (1.2 % at 0.6), more often among many texts of one template.
    """
    firsts, copies = _distinct(canonical(texts))
    views = [word_shingles(firsts["form"]), character_shingles(firsts["form"])]
    pairs = similar_sets(views, threshold, seed)
    first = firsts["row"]
    similar = pairs.select(
        first.gather(pairs[LEFT]).alias(LEFT), first.gather(pairs[RIGHT]).alias(RIGHT), JACCARD
    )
    equal = copies.select(LEFT, RIGHT, pl.lit(1.0).alias(JACCARD))
    return pl.concat([equal, similar]).sort(LEFT, RIGHT)


def similar_sets(views: list[pl.DataFrame], threshold: float, seed: int = 0) -> pl.DataFrame:
    """Pairs of texts whose sets of shingles agree in at least one view, each with its best Jaccard.

    Args:
        views: Frames of shingles (TEXT, HASH), each sorted and without repeats.
        threshold: Smallest Jaccard of a pair.
        seed: Picks the hash functions.
    """
    found = [_similar_in(view, threshold, seed) for view in views]
    pairs = pl.concat(found).group_by(LEFT, RIGHT).agg(pl.col(JACCARD).max())
    return pairs.sort(LEFT, RIGHT)


def clusters(
    texts: pl.Series, threshold: float = NEAR_DUPLICATE, *, seed: int = 0
) -> npt.NDArray[np.int64]:
    """For each text the position of the text that stands for it; its own where it has no twin.

    Every member is a verified near duplicate of its representative (a star: chains A~B~C do not
    join A with C). Representatives are taken from the longest text to the shortest, then in
    alphabetical order: the same texts in another order form the same clusters.
    """
    forms = canonical(texts)
    _, copies = _distinct(forms)
    pairs = near_duplicates(texts, threshold=threshold, seed=seed)
    pairs = pairs.join(copies, on=RIGHT, how="anti").select(LEFT, RIGHT)
    back = pairs.select(pl.col(RIGHT).alias(LEFT), pl.col(LEFT).alias(RIGHT))
    neighbours = dict(pl.concat([pairs, back]).group_by(LEFT).agg(RIGHT).iter_rows())
    longest_first = sorted(neighbours, key=lambda row: (-len(forms[row]), forms[row]))
    heads = np.arange(len(texts), dtype=np.int64)
    taken: set[int] = set()
    for head in longest_first:
        if head not in taken:
            members = [head, *(other for other in neighbours[head] if other not in taken)]
            heads[members] = head
            taken.update(members)
    heads[copies[RIGHT].to_numpy()] = heads[copies[LEFT].to_numpy()]
    return heads


def components(count: int, left: Positions, right: Positions) -> Positions:
    """For each of `count` things the smallest one that a chain of pairs connects it with."""
    smallest = np.arange(count, dtype=np.int64)
    while True:
        before = smallest.copy()
        lower = np.minimum(smallest[left], smallest[right])
        np.minimum.at(smallest, left, lower)
        np.minimum.at(smallest, right, lower)
        smallest = smallest[smallest]  # take over what the smallest one knows: halves the chains
        if np.array_equal(before, smallest):
            return smallest


def _distinct(forms: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """First row of each text that is not empty (row, form), and its further rows (LEFT, RIGHT)."""
    rows = pl.DataFrame({"form": forms}).with_row_index("row").filter(pl.col("form") != "")
    rows = rows.with_columns(pl.col("row").min().over("form").alias(LEFT))
    again = pl.col("row") != pl.col(LEFT)
    return rows.filter(~again), rows.filter(again).select(LEFT, pl.col("row").alias(RIGHT))


def _similar_in(view: pl.DataFrame, threshold: float, seed: int) -> pl.DataFrame:
    """Verified pairs of one view."""
    if view.is_empty():
        return _pairs(np.zeros(0), np.zeros(0), np.zeros(0))
    texts, starts, sizes = np.unique(view[TEXT].to_numpy(), return_index=True, return_counts=True)
    left, right = candidates(view[HASH].to_numpy(), starts, seed)
    smaller = np.minimum(sizes[left], sizes[right])
    possible = smaller >= threshold * np.maximum(sizes[left], sizes[right])  # J <= size ratio
    left, right = left[possible], right[possible]
    shared = _shared(view, texts[left], texts[right], sizes[left])
    jaccard = shared / (sizes[left] + sizes[right] - shared)
    close = jaccard >= threshold
    return _pairs(texts[left][close], texts[right][close], jaccard[close])


def _shared(
    view: pl.DataFrame, left: Positions, right: Positions, sizes: Positions
) -> npt.NDArray[np.int64]:
    """How many shingles the two texts of each pair have in common; `sizes` of the left ones."""
    shared = np.zeros(left.size, dtype=np.int64)
    portion = np.cumsum(sizes) // _SHINGLES_AT_ONCE
    for number in np.unique(portion):
        chosen = np.flatnonzero(portion == number)
        pairs = pl.DataFrame({"pair": chosen, TEXT: left[chosen], "other": right[chosen]})
        others = view.join(pairs.select(pl.col("other").alias(TEXT)), on=TEXT, how="semi")
        common = pairs.join(view, on=TEXT).join(
            others, left_on=["other", HASH], right_on=[TEXT, HASH], how="semi"
        )
        counts = common.group_by("pair").len()
        shared[counts["pair"].to_numpy()] = counts["len"].to_numpy()
    return shared


def _pairs(
    left: npt.NDArray[np.generic], right: npt.NDArray[np.generic], jaccard: npt.NDArray[np.float64]
) -> pl.DataFrame:
    return pl.DataFrame({LEFT: left, RIGHT: right, JACCARD: jaccard}).cast(
        {LEFT: pl.UInt32, RIGHT: pl.UInt32, JACCARD: pl.Float64}
    )
