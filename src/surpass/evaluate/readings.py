"""How one model's label scores are read, as a record that is stored with its valid evaluation."""

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How one model's label scores are read; found on valid, used on test."""

    scoring: str
    prior: tuple[float, ...]  # average probability of each label on the validation inputs
