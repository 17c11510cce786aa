"""What `surpass rate results` answers a program; what cannot be told is null."""

import msgspec


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """So many of so many."""

    hits: int
    of: int


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share, or a difference on a scale, with a two-sided 95 % interval."""

    estimate: float
    low: float | None  # null: too few rows
    high: float | None
    judgements: int
    rows: int
    raters: int


class Alpha(msgspec.Struct, frozen=True, kw_only=True):
    """Krippendorff's alpha with a 95 % interval."""

    alpha: float | None  # null: everybody said the same everywhere
    low: float | None
    high: float | None
    rows: int  # that at least two people judged; of a scale, answers
    people: int


class Votes(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that the second model won and lost by most votes; `p` of the exact sign test."""

    won: int
    lost: int
    tied: int
    p: float


class Biases(msgspec.Struct, frozen=True, kw_only=True):
    """What may have bent the choices."""

    left: Share | None  # how often the left answer is preferred
    length_odds: float | None  # odds of an answer twice as long as the other; 1: no difference
    repeated: Tally  # comparisons asked again, sides swapped, and answered alike
    known: Tally  # comparisons with a known answer, answered so


class ScaleData(msgspec.Struct, frozen=True, kw_only=True):
    """One scale."""

    name: str
    agreement: Alpha | None
    first: float | None  # the first model's mean score
    second: float | None  # the second's
    gain: Share | None  # second minus first, in steps of the scale


class RaterData(msgspec.Struct, frozen=True, kw_only=True):
    """One rater."""

    rater: str
    compared: int
    ties: int
    left: Tally
    repeated: Tally
    known: Tally
    leniency: float | None  # steps above what others give the same answers


class OrderData(msgspec.Struct, frozen=True, kw_only=True):
    """What the order of the answers does to a judge."""

    consistent: Tally  # rows judged alike in both orders
    first_shown: Tally  # of the replies that decided, those for the answer shown first
    unreadable: int  # replies that are no verdict; their rows count as ties


class CorrectedData(msgspec.Struct, frozen=True, kw_only=True):
    """What people would say, from the judge's verdicts and their own; 95 % interval."""

    estimate: float
    low: float
    high: float
    trust: float  # lambda, 0 to 1: how much weight the judge has
    labels: int  # rows that people judged
    groups: int


class AltData(msgspec.Struct, frozen=True, kw_only=True):
    """The alternative annotator test: may the judge stand in for one of these people?"""

    omega: float  # share of people against whom it wins; from 0.5 on it may
    advantage: float  # how often it is as close to the others as the person left out
    people: int
    epsilon: float


class JudgeData(msgspec.Struct, frozen=True, kw_only=True):
    """A judge beside the raters."""

    endpoint: str  # its name
    rubric: str  # digest
    rows: int  # compared, each in both orders
    order: OrderData
    agrees: Tally  # people's judgements that equal the judge's of the same row
    people_agree: Tally  # pairs of people's judgements of one row that are equal
    naive: float  # its win rate for the second model, as if it were never wrong
    corrected: CorrectedData | None
    alt_test: AltData | None
    only_reported: str | None  # why it may not decide; null: corrected by people it may
    tokens: int | None
    cost: float | None


class RateData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass rate results`: whom raters prefer, and how far that can be relied on."""

    first: str  # a model, as a rule the base's best rung
    second: str  # the model that it is compared with, as a rule the tuned one
    agreement: Alpha | None  # null: no two people judged one row
    preferred: Share | None  # wins of the second model and half the ties
    votes: Votes | None
    ties: Tally
    biases: Biases
    scales: tuple[ScaleData, ...]
    raters: tuple[RaterData, ...]
    judge: JudgeData | None  # null: no judge was asked about these answers
