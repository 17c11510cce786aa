"""[fairness]: which rows are about which people, and what must not matter."""

import msgspec

from surpass.core.settings.section import Section


class Fairness(Section, frozen=True, kw_only=True):
    """Groups of people that are compared, and words that must not change an answer.

    Read by `surpass fairness` and by the report; it decides no verdict. A criterion by group is a
    guard with `by`, under [criteria].
    """

    groups: tuple[str, ...] = ()  # columns whose values are groups of people
    positive: str | None = None  # the label that selects a person; for `classify` alone
    swaps: str | dict[str, str] = msgspec.field(default_factory=dict)  # he = "she"; or a CSV file

    @property
    def declared(self) -> bool:
        """Whether anything is asked."""
        return bool(self.groups or self.swaps)
