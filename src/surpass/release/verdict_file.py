"""Read a verdict file and find out whether it contradicts itself."""

import math
from collections.abc import Iterator
from pathlib import Path

import msgspec

from surpass.core.digest import digest_record
from surpass.core.errors import BadInput
from surpass.core.records.verdict import Gate, Outcome
from surpass.core.records.verdict_file import FORMAT, Decided, Signed, VerdictFile
from surpass.prove.exposure import level_in_force


def read_signed(path: Path) -> Signed:
    """The file, as it claims to be.

    Raises:
        BadInput: it is missing, or no verdict file of ours.
    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise BadInput(
            f"There is no file {path}.", fix="Name the verdict.json of a released model."
        ) from None
    try:
        found = msgspec.json.decode(content, type=Signed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{path} is no verdict file ({error}).",
            fix="Name the verdict.json that `surpass release` wrote.",
        ) from None
    if found.statement.format != FORMAT:
        raise BadInput(
            f"{path} has the format {found.statement.format!r}, not {FORMAT!r}.",
            fix="Check it with the version of surpass that wrote it.",
        )
    return found


def contradictions(found: Signed) -> tuple[str, ...]:
    """What in the file cannot be true together; empty: nothing.

    The digest must be the statement's, every gate's outcome must follow from its bounds and its
    margin, the verdict from its gates, the level from alpha and the candidate's number, and the
    approval from the verdict.
    """
    return tuple(_contradictions(found))


def _contradictions(found: Signed) -> Iterator[str]:
    statement = found.statement
    if found.digest != digest_record(statement):
        yield "the digest is not that of the statement: it was edited"
    decided = statement.decided
    passed = decided is not None and decided.outcome == Outcome.PASS
    if not passed and statement.approval.forced is None:
        yield "it was released without a PASS and without a reason"
    if passed and statement.approval.forced is not None:
        yield "it was released by force in spite of a PASS"
    if not statement.model.endswith(f"@{statement.digests.model[:12]}"):
        yield "the model's name is not that of its digest"
    if decided is not None:
        yield from _of_verdict(decided, statement)


def _of_verdict(decided: Decided, statement: VerdictFile) -> Iterator[str]:
    yield from (f"{gate.name} cannot be {gate.outcome}" for gate in decided.gates if _wrong(gate))
    if decided.outcome != _together(decided.gates):
        yield f"the gates do not add up to {decided.outcome}"
    number, alpha = decided.candidate_number, statement.sealed.criteria.alpha
    if number < 1 or not math.isclose(decided.alpha, level_in_force(alpha, number)):
        yield f"the level {decided.alpha:.4g} is not that of candidate {number} at alpha {alpha:g}"


def _wrong(gate: Gate) -> bool:
    """Whether a gate's outcome does not follow from its bounds, by the rules of prove/gates.py."""
    if gate.role not in _ROLES:
        return False  # other evidence, other rules: its numbers are shown, not followed
    low, high, margin = gate.bounds.low, gate.bounds.high, gate.margin
    if gate.role == "ceiling":
        passes = high is not None and high < margin
        fails = low is not None and low > margin
    else:
        passes = low is not None and low > margin
        fails = high is not None and high < margin
    if gate.level == "no harm shown":
        return gate.outcome is not (Outcome.FAIL if fails else Outcome.PASS)
    if gate.outcome is Outcome.PASS:
        return not passes
    if gate.outcome is Outcome.FAIL:
        return passes or not fails
    return passes or fails


_ROLES = ("primary", "guard", "floor", "ceiling")


def _together(gates: tuple[Gate, ...]) -> str:
    """FAIL before INCONCLUSIVE before PASS; no gates, no verdict."""
    found = {gate.outcome for gate in gates}
    order = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS)
    return next((outcome.value for outcome in order if outcome in found), "none")
