"""What to collect: how many training rows a slice has, how many more, and which of a pool."""

from math import ceil
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core import columns
from surpass.core.records.explanation import Answered, Predicate, Request
from surpass.evaluate.slices.members import Looked, members
from surpass.text.canonical import canonical
from surpass.text.vectors import nearest

_ROUNDED_TO = 10
_MOST = 0.5  # share of valid
_NEIGHBOURS = 15  # validation rows that vote on a row of the pool
_LEAST_RATE = 0.01  # an error rate under this is taken for this


def request(
    predicate: Predicate, train: Looked, share: float, wrong: float, elsewhere: float
) -> Request | None:
    """How many rows like these training has, and how many to add: a rule of thumb.

    As many as give the slice the share of training that it has of valid; or, where it has that
    already, as if errors fell in proportion to rows: so many times more as it errs more often than
    the rest. Rounded up to tens, and never more than doubles the training rows. Of a slice that is
    most of the rows, more of the same is not asked for.

    Args:
        predicate: The slice.
        train: The training examples.
        share: The slice's share of the validation rows.
        wrong: How much goes wrong in it.
        elsewhere: How much goes wrong in the rest.
    """
    if isinstance(predicate, Answered):
        return None  # a flaw of answers is not a kind of input
    inside = members(predicate, train)
    if inside is None or not inside.size:
        return None
    has, total = int(inside.sum()), inside.size
    by_share = (share * total - has) / (1 - share) if share < 1 else 0.0
    by_error = has * (wrong / max(elsewhere, _LEAST_RATE) - 1)
    wanted = by_share if by_share > 0 else by_error
    if share > _MOST:
        wanted = 0.0
    rounded = ceil(max(wanted, 0.0) / _ROUNDED_TO) * _ROUNDED_TO
    return Request(training_rows=has, training_share=has / total, collect=min(rounded, total))


class Chosen(NamedTuple):
    """Rows of a pool that a gap asks for, the best first."""

    places: list[int]  # in the pool
    told: bool  # True: each is in the slice; False: only like its rows


class Shown(NamedTuple):
    """Validation rows, and which of them show a gap: in the slice, and wrong."""

    inputs: pl.Series
    failing: NDArray[np.bool_]


def from_pool(
    predicate: Predicate, pool: Looked, shown: Shown, known: pl.Series, taken: set[int]
) -> Chosen:
    """Rank the rows of a pool for one gap.

    Where the pool can tell which of its rows are in the slice, only those are candidates; else all
    are. Both are ranked by how many of the validation rows most like them failed in the slice.
    Texts that training or valid has already, repeats within the pool and empty texts are left out.

    Args:
        predicate: The slice.
        pool: Rows without answers: ROW, INPUT and attributes.
        shown: The validation rows and which of them failed in the slice.
        known: Inputs of training and valid.
        taken: Places that other gaps have taken.
    """
    inside = members(predicate, pool)
    forms = canonical(pool.frame[columns.INPUT])
    fresh = forms.is_first_distinct() & (forms != "") & ~forms.is_in(canonical(known).to_list())
    allowed = fresh.to_numpy() & (inside if inside is not None else True)
    places = [int(place) for place in np.flatnonzero(allowed) if int(place) not in taken]
    if places:
        texts = pool.frame[columns.INPUT].gather(places)
        count = min(_NEIGHBOURS, shown.inputs.len())
        near = nearest(shown.inputs, texts, count)
        votes = (near.similarity * shown.failing[near.places]).sum(axis=1)
        share = votes / np.maximum(near.similarity.sum(axis=1), 1e-12)
        places = [places[i] for i in np.argsort(-share, kind="stable")]
    return Chosen(places, told=inside is not None)
