"""Which candidate on its test a model is: looks are counted for the life of the test's rows."""

from collections.abc import Iterator
from typing import NamedTuple

from surpass.core.digest import short
from surpass.core.records.brought import ENDPOINT
from surpass.core.records.decisions import Judgement, Opening, Seal
from surpass.steps.ladder import RUNGS
from surpass.steps.project import Project


class Look(NamedTuple):
    """One model put to the test under one seal."""

    candidate: str  # its run and what is in its adapter, or its name and the digest of its answers
    seal: str  # digest of the ledger's entry


class Seen(NamedTuple):
    """What a verdict rests on, by digest; empty: not known yet."""

    answers: str = ""  # of all models on the test
    said: str = ""  # of people and of a judge about them


_NOTHING = Seen()


def candidate_number(project: Project, block: str, look: Look, seen: Seen = _NOTHING) -> int:
    """k: how many times this test has been looked at for a gate, this one included.

    Every model that was scored on any of the block's rows counts once for each seal under which it
    was scored or judged, whether or not a verdict followed, and once more whenever the same model
    or its baselines come with other answers, or people with other ratings. A baseline is no
    candidate if it was one when it was scored and still is one now. What was seen on a test without
    a row in common does not count: the test was extended to start afresh.

    Args:
        project: The project.
        block: The test block.
        look: The model that is judged now, and the seal by which it is judged.
        seen: What the verdict rests on.
    """
    related = project.sealed.related(block)
    judged = [body for _, body in project.ledger.bodies(Judgement) if body.block in related]
    if known := _known_number(judged, block, look, seen):
        return known
    with_verdict = {Look(body.run, body.seal) for body in judged}
    without = set(_looks(project, related, look.seal)) - with_verdict - {look}
    return _verdicts(judged) + len(without) + 1


def _known_number(judged: list[Judgement], block: str, look: Look, seen: Seen) -> int | None:
    """The number that this very look has already; ratings that come first cost nothing."""
    same = [
        body
        for body in judged
        if (body.block, body.run, body.seal) == (block, *look)
        and seen.answers in (body.answers, "")
    ]
    rated = [body for body in same if body.said]
    fitting = [body for body in rated if body.said == seen.said] if seen.said and rated else same
    return fitting[0].candidate_number if fitting else None


def next_candidate_number(project: Project, block: str) -> int:
    """The number of a model that has not been scored yet."""
    return candidate_number(project, block, Look("", ""))


def _verdicts(judged: list[Judgement]) -> int:
    """Different ones: a verdict from before anybody rated is the same as the first one after."""
    said: dict[tuple[str, str, str], set[str]] = {}
    for body in judged:
        said.setdefault((body.run, body.seal, body.answers), set()).add(body.said)
    return sum(max(1, len(ratings - {""})) for ratings in said.values())


def _looks(project: Project, related: set[str], present: str) -> Iterator[Look]:
    """Every opening of these blocks to score a candidate, with the seal in force at that time.

    Which seal that was is told by the entries that an entry follows, so that the order of a merged
    ledger's lines changes nothing.
    """
    entries = project.ledger.entries()
    place = {digest: number for number, (digest, _) in enumerate(entries)}
    seals = {d: entry.body for d, entry in entries if isinstance(entry.body, Seal)}
    now = seals.get(present) or (list(seals.values())[-1] if seals else None)
    in_force: dict[str, str] = {}
    for digest, entry in entries:
        before = [in_force[parent] for parent in entry.parents if in_force[parent]]
        newest = max(before, key=lambda seal: place[seal], default="")
        in_force[digest] = digest if digest in seals else newest
        match entry.body:
            case Opening(block=block, candidate=candidate, purpose="score") if block in related:
                then = seals.get(newest)
                if not (_is_rung(candidate, then) and _is_rung(candidate, now)):
                    yield Look(candidate, newest)
            case _:
                pass


def _is_rung(candidate: str, seal: Seal | None) -> bool:
    """Whether a model was a baseline of the seal, with the content that was sealed."""
    if candidate in RUNGS or seal is None:
        return candidate in RUNGS
    brought = {f"{rung}:{short(digest)}" for rung, digest in seal.brought.items()}
    elsewhere = [rung for rung in seal.ladder.rungs if rung.startswith(ENDPOINT)]
    return candidate in brought or any(candidate.startswith(f"{rung}:") for rung in elsewhere)
