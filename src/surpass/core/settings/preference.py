"""[[criteria.preference]]: people must prefer the tuned model's answers."""

from typing import Annotated, Literal

from msgspec import Meta

from surpass.core.settings.section import Count, Section


class Preference(Section, frozen=True, kw_only=True):
    """The tuned model's answers must be sure to be preferred to the base's best rung's.

    Told by `surpass rate`, of rows on which the two models answer differently; ties count half.
    """

    at_least: Annotated[float, Meta(gt=0, lt=1)] = 0.5  # what the lower bound must clear
    by: Literal["people", "judge"] = "people"  # "judge": [judge], corrected by people's judgements
    raters: Count = 3  # people who must have judged; fewer: it cannot be told
