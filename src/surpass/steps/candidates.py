"""Which candidate on its test a model is: looks are counted for the life of the test's rows."""

from surpass.core.records.brought import is_brought
from surpass.core.records.decisions import Judgement
from surpass.steps.ladder import RUNGS
from surpass.steps.project import Project


def candidate_number(project: Project, block: str, candidate: str, seal: str) -> int:
    """k: how many times this test has been looked at for a gate, this one included.

    Every model that was scored on any of the block's rows counts once, and once more for every
    further seal under which it was judged: new criteria after a look are a new look. What was seen
    on a test without a row in common does not count: the test was extended to start afresh.

    Args:
        project: The project.
        block: The test block.
        candidate: Name of the model that is judged now: its run and what is in its adapter.
        seal: Digest of the seal's entry by which it is judged.
    """
    related = project.sealed.related(block)
    judged = [body for _, body in project.ledger.bodies(Judgement) if body.block in related]
    for body in judged:
        if (body.block, body.run, body.seal) == (block, candidate, seal):
            return body.candidate_number
    opened = _looked_at(project, block) - {candidate}
    pairs = {(body.run, body.seal) for body in judged if body.run in opened | {candidate}}
    again = len(pairs) - len({run for run, _ in pairs if run != candidate})
    return len(opened) + again + 1


def next_candidate_number(project: Project, block: str) -> int:
    """The number of a model that has not been scored yet."""
    return candidate_number(project, block, "", "")


def _looked_at(project: Project, block: str) -> set[str]:
    """Models whose test scores were seen, but for the rungs that are sealed as such."""
    rungs = tuple(f"{rung}:" for rung in project.settings.ladder.rungs if is_brought(rung))
    return {c for c in project.sealed.candidates(block, RUNGS) if not c.startswith(rungs)}
