"""Which candidate on its test a model is: looks are counted for the life of the test's rows."""

from collections.abc import Iterator
from typing import NamedTuple

from surpass.core.records.decisions import Judgement, Opening, Seal
from surpass.steps.ladder import RUNGS
from surpass.steps.project import Project


class Look(NamedTuple):
    """One model put to the test under one seal."""

    candidate: str  # its run and what is in its adapter, or its name and the digest of its answers
    seal: str  # digest of the ledger's entry


def candidate_number(project: Project, block: str, look: Look, answers: str = "") -> int:
    """k: how many times this test has been looked at for a gate, this one included.

    Every model that was scored on any of the block's rows counts once for each seal under which it
    was scored or judged, whether or not a verdict followed, and once more whenever the same model
    or its baselines come with other answers. Baselines of the seal that was in force when they
    were scored are no candidates. What was seen on a test without a row in common does not count:
    the test was extended to start afresh.

    Args:
        project: The project.
        block: The test block.
        look: The model that is judged now, and the seal by which it is judged.
        answers: Digest of all answers that the verdict rests on; empty: not known yet.
    """
    related = project.sealed.related(block)
    judged = [body for _, body in project.ledger.bodies(Judgement) if body.block in related]
    for body in judged:
        if (body.block, body.run, body.seal) == (block, *look) and answers in (body.answers, ""):
            return body.candidate_number
    verdicts = {(body.run, body.seal, body.answers) for body in judged}
    with_verdict = {Look(body.run, body.seal) for body in judged}
    without = set(_looks(project, related)) - with_verdict - {look}
    return len(verdicts) + len(without) + 1


def next_candidate_number(project: Project, block: str) -> int:
    """The number of a model that has not been scored yet."""
    return candidate_number(project, block, Look("", ""))


def _looks(project: Project, related: set[str]) -> Iterator[Look]:
    """Every opening of these blocks to score a candidate, with the seal in force at that time."""
    digest, seal = "", None
    for entry_digest, entry in project.ledger.entries():
        match entry.body:
            case Seal() as found:
                digest, seal = entry_digest, found
            case Opening(block=block, candidate=candidate, purpose="score") if block in related:
                if not _is_rung(candidate, seal):
                    yield Look(candidate, digest)
            case _:
                pass


def _is_rung(candidate: str, seal: Seal | None) -> bool:
    """Whether a model was a baseline of the seal, with the content that was sealed."""
    if candidate in RUNGS or seal is None:
        return candidate in RUNGS
    return any(candidate.startswith(f"{rung}:") for rung in seal.ladder.rungs)
