"""The probabilities of a frame of predictions, and what stands where a row has none."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.measure.statistics import Floats


def rows_with_probabilities(predictions: pl.DataFrame, title: str) -> NDArray[np.bool_]:
    """Which rows were answered and carry probabilities, shape (rows,).

    Raises:
        CannotTell: none does.
    """
    given = predictions.get_column(columns.PROBABILITIES, default=None)
    if given is not None:
        usable = given.is_not_null() & (predictions[columns.STATUS] == "ok").fill_null(value=False)
        if usable.any():
            return np.asarray(usable.to_numpy(), dtype=bool)
    raise CannotTell(f"{title} needs probabilities, and these predictions have none.")


def probabilities_of(predictions: pl.DataFrame, usable: NDArray[np.bool_], labels: int) -> Floats:
    """Probability of each label on the usable rows, shape (usable rows, labels).

    Labels beyond the closed set have 0.
    """
    given = predictions[columns.PROBABILITIES].filter(pl.Series(usable)).to_list()
    found = np.zeros((len(given), labels))
    found[:, : len(given[0])] = given
    return found
