"""What production asks, in groups of like questions, and how many rows are near each group."""

import msgspec
import numpy as np
import polars as pl

from surpass.core.columns import INPUT, ROW
from surpass.text.canonical import canonical
from surpass.text.shingles import text_hashes
from surpass.text.terms import distinctive_terms

_MOST, _SMALLEST = 60, 20  # clusters, and texts a cluster has on average
_NEAR = 0.1  # a row is near if it is as near as all but this share of the cluster's own texts
_MOST_TRAFFIC, _MOST_ROWS = 5_000, 20_000  # drawn by a hash of their ids where there are more


class TrafficCluster(msgspec.Struct, frozen=True, kw_only=True):
    """Questions of production that use the same words."""

    terms: tuple[str, ...]  # that set it apart
    share: float  # of the traffic
    near: int  # rows of ours
    asked: tuple[str, ...]  # rows of the traffic, the most typical first


def traffic_clusters(
    examples: pl.DataFrame, traffic: pl.DataFrame, *, seed: int = 0
) -> tuple[TrafficCluster, ...]:
    """Groups of the traffic, the largest first; none where it has too few texts to group.

    A row belongs to the group that it resembles most, if it resembles it as much as nine in ten of
    the group's own texts do. Where rows were drawn, their number is scaled up to all rows.
    """
    from surpass.text.clusters import centres, encoded, similarity  # it loads scikit-learn

    asked, rows = _drawn(traffic, _MOST_TRAFFIC), _drawn(examples, _MOST_ROWS)
    if asked.is_empty() or rows.is_empty():
        return ()
    encoding = encoded(asked[INPUT].to_list())
    found = centres(encoding, seed, most=_MOST, smallest=_SMALLEST)
    if not found:
        return ()
    middle = [(centre.places, centre.weights) for centre in found]
    theirs = np.stack([similarity(encoding, *one) for one in middle])
    ours_encoded = encoded(rows[INPUT].to_list())
    ours = np.stack([similarity(ours_encoded, *one) for one in middle])
    member, nearest = theirs.argmax(axis=0), ours.argmax(axis=0)
    scale = examples.height / rows.height
    clusters = []
    for number in range(len(found)):
        inside = np.flatnonzero(member == number)
        if not inside.size:
            continue
        at_least = max(float(np.quantile(theirs[number, inside], _NEAR)), 1e-9)
        near = (nearest == number) & (ours[number] >= at_least)
        typical = inside[np.argsort(-theirs[number, inside], kind="stable")]
        clusters.append(
            TrafficCluster(
                terms=distinctive_terms(asked[INPUT][inside].to_list(), asked[INPUT].to_list()),
                share=inside.size / asked.height,
                near=round(int(near.sum()) * scale),
                asked=tuple(asked[ROW][typical].to_list()),
            )
        )
    return tuple(sorted(clusters, key=lambda one: (-one.share, one.terms)))


def _drawn(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """At most so many rows with an input, in an order of their own."""
    kept = rows.select(ROW, INPUT).filter(canonical(rows[INPUT]) != "")
    return kept.with_columns(text_hashes(kept[ROW]).alias("hash")).sort("hash", ROW).head(most)
