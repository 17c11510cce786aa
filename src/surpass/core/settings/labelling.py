"""[labelling]: which rows people are asked to label, and how they are dealt out."""

from typing import Annotated

from msgspec import Meta

from surpass.core.settings.section import Count, Section


class Labelling(Section, frozen=True, kw_only=True):
    """Labelling of rows by people, in our page."""

    rows: Count = 100  # rows to label; fewer where there are fewer
    random_share: Annotated[float, Meta(ge=0, le=1)] = 0.2  # of those: drawn whatever was asked for
    annotators: Count = 2  # people who label; each gets a link of their own
    overlap: Annotated[float, Meta(ge=0, le=1)] = 0.2  # share of rows for `overlap_annotators` each
    overlap_annotators: Annotated[int, Meta(ge=2)] = 2  # or all, where there are fewer people
    suggestions: bool = False  # True: show a model's answer, for training rows after the seal only
    link_days: Count = 14  # how long a link works
    seed: Annotated[int, Meta(ge=0)] = 0  # same rows and seed, same tasks
    guideline: str | None = None  # file with what annotators should know, shown beside each row
