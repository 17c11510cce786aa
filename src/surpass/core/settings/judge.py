"""[judge]: a model that compares answers as raters do, to make their judgements go further."""

from typing import Literal

from surpass.core.settings.section import Count, Section


class Judge(Section, frozen=True, kw_only=True):
    """Who compares the answers, by what rubric; called by no command but `rate judge`."""

    endpoint: str  # a name from [ladder.endpoints]; better not the model that is tuned
    rubric: str | None = None  # file with what makes an answer better; none: the standard one
    items: Count = 500  # rows that it compares at most, those that raters were dealt first
    reference: bool = False  # True: it sees the expected answer too
    max_tokens: Count = 64  # of one reply
    people: Literal["experts", "skilled", "crowd"] = "skilled"  # who rates, for the alt-test
