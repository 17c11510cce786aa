"""Every test this project ever had, and how the models judged on it ended."""

from surpass.core.account import Table
from surpass.core.digest import short
from surpass.core.records.decisions import Extension, Judgement, Opening, Seal
from surpass.core.wording import counted
from surpass.steps.project import Project


def tests_table(project: Project) -> Table:
    """One line a test, the oldest first, from the ledger: none of them is forgotten."""
    since: dict[str, str] = {}
    source: dict[str, str] = {}
    ended: dict[str, list[str]] = {}
    shown: set[str] = set()
    for _, entry in project.ledger.entries():
        match entry.body:
            case Seal(block=block):
                since.setdefault(block, entry.at)
            case Extension(block=block, file=file, rows=number):
                source[block] = f"{file}, {counted(number, 'row')}"
            case Judgement(block=block, outcome=outcome, candidate_number=place):
                ended.setdefault(block, []).append(f"{outcome} (candidate {place})")
            case Opening(block=block, purpose="show"):
                shown.add(block)
    rows = tuple(
        (
            short(block),
            at,
            source.get(block, "dealt from [data]"),
            ", ".join(ended.get(block, ())) or "none",
            "retired: its rows were shown" if block in shown else "",
        )
        for block, at in since.items()
    )
    return Table(title="Tests", columns=("block", "sealed", "rows from", "verdicts", ""), rows=rows)


def earlier_verdicts(project: Project, block: str) -> tuple[str, ...]:
    """What must be said on a verdict's first screen of verdicts on other tests; nothing if none."""
    bodies = [body for _, body in project.ledger.bodies(Judgement) if body.block != block]
    if not bodies:
        return ()
    counts = {outcome: sum(b.outcome == outcome for b in bodies) for outcome in _OUTCOMES}
    told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number)
    blocks = counted(len({body.block for body in bodies}), "earlier test")
    return (f"Verdicts on {blocks} of this project: {told}.",)


_OUTCOMES = ("PASS", "FAIL", "INCONCLUSIVE")
