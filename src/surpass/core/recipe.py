"""A recipe is everything one stage may read, in one frozen record; its digest names the result."""

import msgspec

from surpass.core.digest import digest_record


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every stage's recipe.

    A stage raises its `revision` by hand when its results change for the same inputs.
    Library versions, number type and machine are recorded with the result, not keyed here.
    """

    stage: str
    revision: int

    @property
    def digest(self) -> str:
        """Name of the result: 64 hexadecimal digits."""
        return digest_record(self)
