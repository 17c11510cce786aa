"""Gates that rest on something else than the answers on the test; one field a kind of evidence.

A new kind adds its criteria to `Criteria`, its evidence here, and a file of its own that makes the
gate. What could not be had is `Unknown` with the reason, and its gate is INCONCLUSIVE.
"""

import msgspec
import polars as pl

from surpass.core.records.verdict import Gate
from surpass.core.settings import Criteria
from surpass.measure.bootstrap import Levels
from surpass.prove.forgetting import forgetting_gate, unknown_forgetting
from surpass.prove.preference import Preferences, preference_gate, unknown_preference


class Unknown(msgspec.Struct, frozen=True):
    """Evidence that cannot be had."""

    reason: str  # why, without a full stop
    fix: str = ""  # what would help, as a sentence


class Evidence(msgspec.Struct, frozen=True, eq=False):
    """For each criterion of a kind what it rests on, in the order of the criteria."""

    forgetting: tuple[pl.DataFrame | Unknown, ...] = ()  # losses, see `forgetting_gate`
    preference: Preferences | Unknown | None = None  # the same for all criteria of preference


NOTHING_ELSE = Evidence()
"""Only the answers on the test are known."""

_NOT_BROUGHT = Unknown("only the answers on the test are known")


def other_gates(criteria: Criteria) -> int:
    """How many gates `answer_others` will give."""
    return len(criteria.forgetting) + len(criteria.preference)


def answer_others(criteria: Criteria, evidence: Evidence, levels: Levels) -> list[Gate]:
    """One gate for each criterion that does not rest on the answers on the test.

    Args:
        criteria: As sealed.
        evidence: Where a kind is missing altogether, its gates are INCONCLUSIVE.
        levels: Of a bound that proves (low) and of one that refutes (high).

    Raises:
        ValueError: there is evidence for another number of criteria.
    """
    losses = evidence.forgetting or (_NOT_BROUGHT,) * len(criteria.forgetting)
    gates = []
    for criterion, found in zip(criteria.forgetting, losses, strict=True):
        if isinstance(found, Unknown):
            gates.append(unknown_forgetting(criterion, found.reason, levels, remedy=found.fix))
        else:
            gates.append(forgetting_gate(criterion, found, levels))
    said = evidence.preference or _NOT_BROUGHT
    for wanted in criteria.preference:
        if isinstance(said, Unknown):
            gates.append(unknown_preference(wanted, said.reason, levels, remedy=said.fix))
        else:
            gates.append(preference_gate(wanted, said, levels))
    return gates
