"""How a model treats groups of people, before and after tuning, as data."""

import msgspec


class SliceRate(msgspec.Struct, frozen=True, kw_only=True):
    """A share or score of one slice; none where too few groups of rows stand behind it."""

    slice: str
    rate: float | None
    low: float | None = None  # two-sided 95 %, by resampling whole groups
    high: float | None = None
    groups: int  # with a row that counts


class GroupGap(msgspec.Struct, frozen=True, kw_only=True):
    """How far the slices lie apart.

    The largest of several noisy rates is too large and the smallest too small, so the difference
    of small slices overstates. Where it is not sure which of the two is higher, `low` is 0.
    """

    rates: tuple[SliceRate, ...]
    lowest: str  # the slice with the lowest rate
    highest: str
    difference: float  # of the highest and the lowest rate
    ratio: float | None  # of the lowest to the highest rate; none where all are 0
    low: float  # of the difference, two-sided 95 %, by resampling whole groups
    high: float
    ratio_low: float | None  # of the ratio, the same way
    ratio_high: float | None

    @property
    def shown(self) -> bool:
        """Whether chance alone does not explain it, at 2.5 %."""
        return self.low > 0

    @property
    def unclear(self) -> tuple[str, ...]:
        """Slices of which nothing can be told."""
        return tuple(one.slice for one in self.rates if one.rate is None)


class Odds(msgspec.Struct, frozen=True, kw_only=True):
    """Equalised odds: whether right and wrong selections are as frequent in each slice."""

    true_positives: GroupGap  # selected among the rows that should be
    false_positives: GroupGap  # selected among the rows that should not

    @property
    def difference(self) -> float:
        """The larger of both differences, as fairlearn's equalized_odds_difference."""
        return max(self.true_positives.difference, self.false_positives.difference)

    @property
    def ratio(self) -> float | None:
        """The smaller of both ratios; none where one is undefined."""
        both = self.true_positives.ratio, self.false_positives.ratio
        found = [one for one in both if one is not None]
        return min(found) if len(found) == len(both) else None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One number by the groups of one column, of both models."""

    column: str  # as the user calls it
    measure: str  # a metric's title, "selected", "rightly selected" or "wrongly selected"
    higher_is_better: bool | None  # none: neither; what counts is that groups are alike
    base: GroupGap | None  # none: cannot tell
    tuned: GroupGap | None
    why_not: str = ""  # why nothing can be told of one of them


class Flips(msgspec.Struct, frozen=True, kw_only=True):
    """How often an answer changes with something that should not matter."""

    flipped: int
    pairs: int
    share: float
    low: float  # two-sided 95 %
    high: float


class Swapped(msgspec.Struct, frozen=True, kw_only=True):
    """One row whose answer changed when terms were swapped."""

    row: str
    input: str
    swapped: str  # the input with the terms swapped
    before: str  # the tuned model's answer to the row
    after: str  # its answer to the swapped row


class Counterfactual(msgspec.Struct, frozen=True, kw_only=True):
    """Rows asked again with terms swapped that should not matter."""

    rows: int  # of valid that contain a term
    asked: int  # of those, drawn at random where there are many
    base: Flips | None  # none: cannot tell
    tuned: Flips | None
    why_not: str = ""  # why nothing can be told of one of them
    examples: tuple[Swapped, ...] = ()


class FairnessData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass fairness`: groups compared and answers to swapped rows, on valid."""

    model: str
    base: str  # the opponent: the best rung, or the one named in the criteria
    rows: int  # of valid
    compared: tuple[Compared, ...]  # the declared columns in their order
    counterfactual: Counterfactual | None  # none: no swaps are declared
