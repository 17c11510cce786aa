"""What some checks need beside the rows they look at."""

import msgspec
import polars as pl

from surpass.core.settings.data import Source

NEEDS = ("annotations", "lengths", "reviews", "slices", "sources", "told", "traffic")
"""What a check may name; the fields of Beside."""


class Beside(msgspec.Struct, frozen=True, eq=False):
    """Each check reads only what it names in its NEEDS; what is absent makes it say so."""

    annotations: pl.DataFrame | None = None  # ROW, ANNOTATOR, TARGET, TIME: who said what
    lengths: pl.DataFrame | None = None  # ROW, IN_TOKENS, OUT_TOKENS of the model's template
    longest: int | None = None  # tokens of prompt and answer that training keeps
    reviews: pl.DataFrame | None = None  # ROW, GIVEN, TARGET: what people say of labels they saw
    slices: tuple[str, ...] = ()  # the user's columns that are judged apart
    sources: dict[str, Source | None] = msgspec.field(default_factory=dict)  # by file
    told: frozenset[str] = frozenset()  # rows of train after the seal: a model's view may be told
    traffic: pl.DataFrame | None = None  # ROW, INPUT and attributes of what production is asked
