"""What `surpass enough` answers a program: rows needed, gain and price, and the points behind."""

import msgspec


class CurvePoint(msgspec.Struct, frozen=True, kw_only=True):
    """One size of subset: what its trainings scored on valid, and what the law says there."""

    rows: int  # trained on
    scores: tuple[float, ...]  # of each seed; empty where nothing was trained
    fitted: float  # by the law
    low: float  # of the mean of many trainings
    high: float  # of the mean of many trainings


class EnoughData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass enough`: how many rows the target takes, as a learning curve on valid has it."""

    tier: str  # proxy: a linear model on words; real: the declared model
    metric: str  # a name from the page of metrics
    target: float | None  # score; null: none was said and none follows from the criteria
    reach: str | None  # reached, needed, not reachable or beyond; null: no target
    rows: int  # training rows there are
    rows_needed: int | None  # in all; null: not reachable, or beyond four times the rows there are
    rows_low: int | None  # lower end of the interval; null: not reachable
    rows_high: int | None  # upper end; null: it lies beyond, or nowhere
    gain_of_100: tuple[float, float, float]  # by 100 rows more: estimate, low, high; a share
    price: float | None  # of the rows still needed; null: no price, or no number of rows
    points: tuple[CurvePoint, ...]  # ascending, the last ones extrapolated
