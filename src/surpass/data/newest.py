"""Whether the newest rows can be told from the older ones by their words.

It imports scikit-learn, so checks import this file when they run.
"""

from datetime import datetime

import numpy as np
import polars as pl

from surpass.core.columns import INPUT, ROW, TIME
from surpass.data.atoms import find_atoms
from surpass.measure.shift import told_apart
from surpass.text.classifier import FOLDS, guessed
from surpass.text.shingles import text_hashes

_FEWEST = 30  # rows of either side that do not belong together


def newest_told(
    examples: pl.DataFrame, timed: pl.DataFrame, since: datetime, most_rows: int
) -> tuple[float, float] | None:
    """AUC of telling rows since that moment by their inputs, and its standard error by chance.

    Of rows that belong together, by group or by text, the oldest counts: what comes again says
    nothing of change.

    Args:
        examples: ROW, INPUT and GROUP.
        timed: ROW and TIME of those with a time, the oldest first.
        since: Where the newest begin.
        most_rows: With more, that many are compared, drawn by a hash of their ids.

    Returns:
        None: fewer than 30 rows of either side.

    Source:
        The error is that of the rank sum where nothing differs (Mann and Whitney 1947).
    """
    rows = timed.join(examples, on=ROW, how="left", maintain_order="left", suffix="_written")
    rows = rows.filter(pl.col(INPUT).str.strip_chars() != "")
    if rows.is_empty():
        return None
    rows = rows.filter(pl.Series(find_atoms(rows).atom).is_first_distinct())
    rows = rows.with_columns(text_hashes(rows[ROW]).alias("hash")).sort("hash").head(most_rows)
    newest = (rows[TIME] >= since).to_numpy()
    new, old = int(newest.sum()), int((~newest).sum())
    if min(new, old) < _FEWEST:
        return None
    folds = np.arange(rows.height, dtype=np.int64) % FOLDS
    said = guessed(rows[INPUT].to_list(), newest.astype(np.int64), folds).probabilities[:, 1]
    return told_apart(said, newest), float(np.sqrt((new + old + 1) / (12 * new * old)))
