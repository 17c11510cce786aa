"""Numbers that were measured while a model answered; a frame may lack them."""

import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.errors import CannotTell
from surpass.measure.statistics import Floats

_WHERE = {
    columns.SECONDS: "Bring answers from a file with a column `seconds`: the wall seconds of each "
    "request. Rows that were answered in batches here have no latency of their own.",
    columns.COST: "Bring answers from a file with a column `cost`: the price of each request.",
    columns.IN_TOKENS: "Evaluate again, or bring answers from a file with a column `in_tokens`.",
    columns.OUT_TOKENS: "Bring answers from a file with a column `out_tokens`.",
    columns.SAMPLES: 'Run the answers\' tests first: [task] kind = "code".',
    columns.PASSED: 'Run the answers\' tests first: [task] kind = "code".',
}


def measured(predictions: pl.DataFrame, column: str, title: str) -> Floats:
    """One number of every row, shape (rows,).

    Raises:
        CannotTell: the column is not there, or a row has no number or none from 0 up.
    """
    fix = _WHERE.get(column, "Measure it.")
    if column not in predictions.columns:
        raise CannotTell(f"{title} needs `{column}` of each row, which was not measured.", fix=fix)
    found = predictions[column].cast(pl.Float64, strict=False).to_numpy()
    unknown = np.flatnonzero(~(np.isfinite(found) & (found >= 0)))
    if unknown.size:
        first = predictions[columns.ROW][int(unknown[0])]
        raise CannotTell(
            f"{title} needs `{column}` of each row; {unknown.size} of {found.size} rows have none "
            f"(first: {first!r}).",
            fix=fix,
        )
    return np.asarray(found, dtype=np.float64)
