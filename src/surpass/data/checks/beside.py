"""What some checks need beside the rows they look at."""

import msgspec
import polars as pl

from surpass.core.settings.data import Source

NEEDS = (
    "annotations",
    "later",
    "lengths",
    "prompt",
    "reviews",
    "side_of",
    "slices",
    "sources",
    "told",
    "traffic",
)
"""What a check may name; the fields of Beside."""


class LaterSide(msgspec.Struct, frozen=True, eq=False):
    """Validation or test rows that are not among the rows a check looks at, as far as is open."""

    name: str  # "valid" or "test"
    prints: pl.DataFrame  # their hashes, as data/leaks.py makes them: enough to see a leak
    times: tuple[str | None, ...] = ()  # when each row came about; none of a sealed test
    sealed: bool = False


class Beside(msgspec.Struct, frozen=True, eq=False):
    """Each check reads only what it names in its NEEDS; what is absent makes it say so."""

    annotations: pl.DataFrame | None = None  # ROW, ANNOTATOR, TARGET, TIME: who said what
    later: tuple[LaterSide, ...] = ()  # the user's own valid and test files, or the sealed test
    lengths: pl.DataFrame | None = None  # ROW, IN_TOKENS, OUT_TOKENS of the model's template
    longest: int | None = None  # tokens of prompt and answer that training keeps
    prompt: str | None = None  # the user's instruction, as it is written
    reviews: pl.DataFrame | None = None  # ROW, GIVEN, TARGET: what people say of labels they saw
    side_of: dict[str, str] = msgspec.field(default_factory=dict)  # of rows that were dealt out
    slices: tuple[str, ...] = ()  # the user's columns that are judged apart
    sources: dict[str, Source | None] = msgspec.field(default_factory=dict)  # by file
    told: frozenset[str] = frozenset()  # rows of train after the seal: a model's view may be told
    traffic: pl.DataFrame | None = None  # ROW, INPUT and attributes of what production is asked
