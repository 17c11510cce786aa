"""Rows that belong together: one group, or nearly the same input, through any chain of those."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from surpass.core.columns import GROUP, INPUT
from surpass.text.near_duplicates import LEFT, NEAR_DUPLICATE, RIGHT, components, near_duplicates

Members = npt.NDArray[np.int64]


class Atoms(NamedTuple):
    """Which rows may never be parted; each array has one entry a row."""

    atom: Members  # position of the atom's first row
    cluster: Members  # the same for near duplicates alone
    group: Members  # the same for groups alone

    @property
    def joined_clusters(self) -> int:
        """Clusters of near duplicates with more than one row."""
        return int((np.bincount(self.cluster) > 1).sum())


def find_atoms(examples: pl.DataFrame, threshold: float = NEAR_DUPLICATE) -> Atoms:
    """Connected components over group keys and near-duplicate pairs of the inputs."""
    pairs = near_duplicates(examples[INPUT], threshold=threshold)
    left, right = pairs[LEFT].to_numpy().astype(np.int64), pairs[RIGHT].to_numpy().astype(np.int64)
    rows = np.arange(examples.height, dtype=np.int64)
    numbered = examples.select(GROUP).with_row_index("row")
    group = numbered.select(pl.col("row").min().over(GROUP))["row"].to_numpy().astype(np.int64)
    return Atoms(
        atom=joined(group, left, right), cluster=components(rows.size, left, right), group=group
    )


def joined(atom: Members, left: Members, right: Members) -> Members:
    """The atoms that remain when the rows of each pair are put together."""
    rows = np.arange(atom.size, dtype=np.int64)
    return components(atom.size, np.concatenate([rows, left]), np.concatenate([atom, right]))
