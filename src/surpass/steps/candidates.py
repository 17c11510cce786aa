"""Which candidate on its test a model is: looks are counted for the life of the test's rows."""

from surpass.core.records.decisions import Judgement
from surpass.steps.ladder import RUNGS
from surpass.steps.project import Project


def candidate_number(project: Project, block: str, candidate: str, seal: str) -> int:
    """k: how many times this test has been looked at for a gate, this one included.

    Every model that was scored on any of the block's rows counts once, and once more for every
    further seal under which it was judged: new criteria after a look are a new look.

    Args:
        project: The project.
        block: The test block.
        candidate: Name of the model that is judged now: its run and what is in its adapter.
        seal: Digest of the seal's entry by which it is judged.
    """
    judged = [body for _, body in project.ledger.bodies(Judgement)]
    for body in judged:
        if (body.block, body.run, body.seal) == (block, candidate, seal):
            return body.candidate_number
    opened = set(project.sealed.candidates(block, RUNGS)) - {candidate}
    pairs = {(body.run, body.seal) for body in judged if body.run in opened | {candidate}}
    again = len(pairs) - len({run for run, _ in pairs if run != candidate})
    return len(opened) + again + 1


def next_candidate_number(project: Project, block: str) -> int:
    """The number of a model that has not been scored yet."""
    return candidate_number(project, block, "", "")
