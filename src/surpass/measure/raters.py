"""What can be said of the raters themselves: consistency, care, leniency."""

import msgspec
import numpy as np
import polars as pl

from surpass.core.judgements import (
    CHOICE,
    ITEM,
    KNOWN,
    LEFT,
    PURPOSE,
    RATER,
    REPEATS,
    RIGHT,
    SCALE,
    SCORE,
    TASK,
)

MODEL = "model"


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many of how many; the share of nothing is unknown."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """0 to 1, or none where there is nothing to count."""
        return self.hits / self.of if self.of else None


class RaterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One rater."""

    rater: str
    compared: int
    ties: int  # of those, "tie" or "both bad"
    left: Counted  # of the decided ones
    consistent: Counted  # repeated comparisons answered alike
    gold: Counted  # comparisons with a known answer that were answered so
    leniency: float | None  # how much higher than others they score the same answers


def rater_rows(comparisons: pl.DataFrame, scores: pl.DataFrame) -> tuple[RaterRow, ...]:
    """Every rater, in the order of their names.

    Args:
        comparisons: All comparisons, whatever their purpose.
        scores: All scores on scales.
    """
    names = sorted({*comparisons[RATER], *scores[RATER]})
    lenient = leniencies(scores)
    found = []
    for name in names:
        mine = comparisons.filter(pl.col(RATER) == name)
        rated = mine.filter(pl.col(PURPOSE) == "rate")
        choices = rated[CHOICE].to_list()
        left, right = choices.count("left"), choices.count("right")
        found.append(
            RaterRow(
                rater=name,
                compared=rated.height,
                ties=rated.height - left - right,
                left=Counted(hits=left, of=left + right),
                consistent=consistency(mine),
                gold=gold_hits(mine),
                leniency=lenient.get(name),
            )
        )
    return tuple(found)


def with_model(comparisons: pl.DataFrame) -> pl.DataFrame:
    """The same with a column MODEL of what was chosen: a model's name, "tie" or "both bad"."""
    chosen = (
        pl.when(pl.col(CHOICE) == "left")
        .then(pl.col(LEFT))
        .when(pl.col(CHOICE) == "right")
        .then(pl.col(RIGHT))
        .otherwise(pl.col(CHOICE))
    )
    return comparisons.with_columns(chosen.alias(MODEL))


def consistency(comparisons: pl.DataFrame) -> Counted:
    """Comparisons that were asked twice, sides swapped, and answered alike both times."""
    chosen = with_model(comparisons)
    first = chosen.select(pl.col(TASK).alias(REPEATS), pl.col(MODEL).alias("before"))
    pairs = chosen.filter(pl.col(REPEATS).is_not_null()).join(first, on=REPEATS, how="inner")
    return Counted(hits=int((pairs[MODEL] == pairs["before"]).sum()), of=pairs.height)


def gold_hits(comparisons: pl.DataFrame) -> Counted:
    """Comparisons with a known answer that were answered so; a tie is a miss."""
    known = comparisons.filter(pl.col(KNOWN).is_not_null())
    return Counted(hits=int((known[KNOWN] == known[CHOICE]).sum()), of=known.height)


def leniencies(scores: pl.DataFrame) -> dict[str, float]:
    """How much higher each rater scores than the others on the same answers; 0 on average.

    Least squares with an effect for each answer on each scale and for each rater. Only answers that
    several people scored count; people who share none with anybody are left out.
    """
    unit = pl.concat_str([ITEM, LEFT, SCALE], separator="\x1f")
    shared = scores.with_columns(unit.alias("unit")).filter(
        pl.col(RATER).n_unique().over("unit") > 1
    )
    if shared.is_empty():
        return {}
    names, rater = np.unique(shared[RATER].to_numpy(), return_inverse=True)
    units = np.unique(shared["unit"].to_numpy(), return_inverse=True)[1]
    score = shared[SCORE].to_numpy().astype(np.float64)
    # Within each unit, deviations of scores against deviations of rater indicators.
    size = np.bincount(units).astype(np.float64)
    indicator = np.eye(names.size)[rater]
    means = np.zeros((size.size, names.size))
    np.add.at(means, units, indicator)
    centred = indicator - (means / size[:, None])[units]
    target = score - (np.bincount(units, score) / size)[units]
    effect = np.linalg.lstsq(centred, target, rcond=None)[0]
    return dict(zip(names.tolist(), (effect - effect.mean()).tolist(), strict=True))
