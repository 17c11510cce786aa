"""[training.pairs]: learn which of two answers is better, instead of the answers themselves."""

from typing import Annotated

from msgspec import Meta

from surpass.core.settings.section import Section

Beta = Annotated[float, Meta(gt=0, le=10)]


class Dpo(Section, frozen=True, kw_only=True, tag_field="objective", tag="dpo"):
    """Make the chosen answer likelier than the rejected one, against the base (2305.18290)."""

    rejected: str = "rejected"  # the column with the worse answer; [task] output has the better one
    beta: Beta = 0.1  # the higher, the closer to the base


class Kto(Section, frozen=True, kw_only=True, tag_field="objective", tag="kto"):
    """Judge each answer alone: the chosen ones good, the rejected ones bad (2402.01306)."""

    rejected: str = "rejected"  # the column with the worse answer; [task] output has the better one
    beta: Beta = 0.1  # the higher, the closer to the base


class Orpo(Section, frozen=True, kw_only=True, tag_field="objective", tag="orpo"):
    """Learn the chosen answer, and to prefer it, in one; the base is not asked (2403.07691)."""

    rejected: str = "rejected"  # the column with the worse answer; [task] output has the better one
    beta: Beta = 0.1  # weight of the preference beside the answer's own loss


Pairs = Dpo | Kto | Orpo


def objective_of(pairs: Pairs) -> str:
    """Its name in [training.pairs] objective."""
    return str(pairs.__struct_config__.tag)
