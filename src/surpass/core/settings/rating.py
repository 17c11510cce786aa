"""[rating]: what people are asked when they rate answers, and how the tasks are dealt out."""

from typing import Annotated

from msgspec import Meta

from surpass.core.settings.section import Count, Section, Share


class Scale(Section, frozen=True, kw_only=True):
    """A question answered from 1 to 5, with words for 1, 3 and 5 so that all mean the same."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]  # what is rated, such as "tone"
    question: str  # asked above the five buttons
    one: str  # what 1 means
    three: str  # what 3 means
    five: str  # what 5 means


STANDARD_SCALES = (
    Scale(
        name="coherence",
        question="Does the answer hang together?",
        one="Hard to follow: parts contradict each other or do not connect.",
        three="Can be followed; some parts are loose or out of order.",
        five="Clear from beginning to end; each part follows from the one before.",
    ),
    Scale(
        name="factual accuracy",
        question="Is what the answer says true, given what was asked?",
        one="Wrong in what matters, or invented.",
        three="Right in the main; a detail is wrong or missing.",
        five="Everything it says is right, and nothing that matters is missing.",
    ),
    Scale(
        name="conciseness",
        question="Is it as long as it needs to be?",
        one="Most of it could go, or most of what is needed is not there.",
        three="Some of it repeats or wanders.",
        five="Nothing could go without losing something.",
    ),
)


class Rating(Section, frozen=True, kw_only=True):
    """Blind comparison of two models' answers by people."""

    items: Count = 100  # rows whose two answers are compared, drawn from the validation side
    raters: Count = 3  # people who rate; each gets a link of their own
    overlap: Share = 0.2  # share of the rows that `overlap_raters` people see, for agreement
    overlap_raters: Annotated[int, Meta(ge=2)] = 3  # or all, where there are fewer people
    gold: Annotated[float, Meta(ge=0, le=0.2)] = 0.04  # share of added tasks whose answer is known
    repeats: Annotated[float, Meta(ge=0, le=0.2)] = 0.04  # share of tasks asked again, swapped
    scaled: Annotated[int, Meta(ge=0)] = 20  # of those rows: both answers also rated on the scales
    scales: tuple[Scale, ...] = ()  # empty: coherence, factual accuracy, conciseness
    strata: tuple[str, ...] = ()  # columns whose values keep their shares; empty: [data] slices
    link_days: Count = 14  # how long a link works
    seed: Annotated[int, Meta(ge=0)] = 0  # same rows and seed, same tasks
    guideline: str | None = None  # file with what raters should know, shown before the first task

    @property
    def scales_in_force(self) -> tuple[Scale, ...]:
        """The declared scales, or the standard ones."""
        return self.scales or STANDARD_SCALES
