"""What every section of surpass.toml has in common: frozen, keyword-only, closed, and checked."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Share = Annotated[float, Meta(gt=0, lt=1)]
Count = Annotated[int, Meta(ge=1)]
Auto = Literal["auto"]
OptionValue = bool | int | float | str | tuple[str, ...]
"""A value under [checks.NAME] or [criteria.metrics.NAME]; the one that is named converts it."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all sections; unknown keys are errors."""
