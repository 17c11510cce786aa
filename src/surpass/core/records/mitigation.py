"""What mitigation changed in the training rows, for programs."""

import msgspec


class BiasMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """One number about groups in the rows that are trained on."""

    name: str  # in words
    before: float | None  # share of 0 to 1; null: there is nothing to measure
    after: float | None
