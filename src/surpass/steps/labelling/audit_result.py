"""What a random audit amounts to, for whatever tells of the quality of the rows."""

from surpass.core.records.audit import AuditData
from surpass.core.wording import counted
from surpass.people.audited import audited
from surpass.steps.dataset import current_version
from surpass.steps.project import Project
from surpass.steps.tell.numbers import percent, percent_at_least, percent_at_most
from surpass.store.annotations import Annotations, in_force
from surpass.store.audits import Audits


def last_audit(project: Project) -> AuditData | None:
    """What the newest audit amounts to now; none: nothing was ever drawn."""
    audits = Audits(project.folder).all()
    if not audits:
        return None
    annotations = in_force(Annotations(project.folder).all())
    current = audits[-1].version == current_version(project).digest
    return audited(audits[-1], annotations, current=current)


def audit_sentence(project: Project) -> tuple[str, ...]:
    """One sentence about the newest audit, wherever the quality of the rows is told."""
    found = last_audit(project)
    return () if found is None else (said_of_audit(found),)


def said_of_audit(found: AuditData) -> str:
    """The audit in words: the one absolute error rate that is ever told."""
    what = (
        f"Random audit of {found.at[:10]}, of {counted(found.drawn, 'training row')} drawn from "
        f"{found.population:,}"
    )
    if found.share is None:
        state = f"{found.judged} judged, {found.waiting} waiting"
        return f"{what}: {state}; the rate of wrong answers is told when all are judged."
    unknown = f", {found.unknown} could not be judged" if found.unknown else ""
    changed = "" if found.current else " The rows have changed since."
    return (
        f"{what}: {found.wrong} of {found.judged} judged answers are wrong{unknown}: "
        f"{percent(found.share)} ({percent_at_least(found.low)} to {percent_at_most(found.high)}, "
        f"95 % Clopper-Pearson).{changed}"
    )
