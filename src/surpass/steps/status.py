"""surpass status: what is done, what is stale, what the ledger proves."""

from surpass.core.account import Account, Chapter, Table
from surpass.core.digest import short
from surpass.core.errors import SurpassError
from surpass.core.records.decisions import Judgement, Opening, Seal
from surpass.steps import answer_recipe, split, train, verdict
from surpass.steps.project import Project
from surpass.steps.seal_in_force import differences, last_seal, listed, present_seal
from surpass.store.ledger import verify

_REVISIONS = {
    "split": split.REVISION,
    "run": train.REVISION,
    "evaluation": answer_recipe.REVISION,
    "verdict": verdict.REVISION,
}


def status_account(project: Project, *, check_ledger: bool, head: str | None) -> Account:
    """What `surpass status` says; runs no model.

    Args:
        project: The project.
        check_ledger: Follow the chain of digests.
        head: A digest printed earlier that must still be in the ledger.
    """
    results = tuple(
        (stage, short(digest), "current" if revision == now else "stale: made by an older version")
        for stage, now in _REVISIONS.items()
        for digest, revision in project.objects.revisions(stage)
    )
    proof = (verify(project.ledger, head),) if check_ledger or head else ()
    chapters = [
        Chapter(
            title="Results",
            tables=(Table(title="", columns=("stage", "name", "is"), rows=results),),
        )
    ]
    if entries := _ledger_rows(project):
        table = Table(title="", columns=("entry", "when", "what"), rows=entries)
        chapters.append(Chapter(title="Ledger", tables=(table,)))
    done, following = _next(project)
    return Account(
        title="Status",
        headline=done,
        text=proof,
        chapters=tuple(chapters),
        next_command=following,
    )


def _ledger_rows(project: Project) -> tuple[tuple[str, str, str], ...]:
    said = []
    for digest, entry in project.ledger.entries():
        body = entry.body
        match body:
            case Seal(reason=None):
                what = f"sealed: {body.test_rows} test rows, block {short(body.block)}"
            case Seal():
                what = f"amended: {body.reason}"
            case Opening():
                what = f"test opened to {body.purpose} {short(body.candidate)}"
            case Judgement():
                what = f"{body.outcome}, candidate {body.candidate_number}"
        said.append((short(digest), entry.at, what))
    return tuple(said)


def _next(project: Project) -> tuple[str, str]:
    """The furthest thing done, in words, and the command that follows it."""
    try:
        run = train.finished_run(project)
        sealed = last_seal(project)
        if sealed is not None and (changed := differences(sealed[1], present_seal(project))):
            return f"{listed(changed)} changed after the seal.", "surpass seal --amend REASON"
        if run is None:
            done = ("Sealed, not trained.", "surpass train")
            return done if sealed else ("Not sealed yet.", "surpass check")
    except SurpassError as error:
        return f"Not ready: {error}", "surpass check"
    judged = [body for _, body in project.ledger.bodies(Judgement)]
    ours = [body for body in judged if body.run.startswith(run.digest)]
    if ours:
        return f"The verdict on this run is {ours[-1].outcome}.", "surpass report"
    return "Trained, not judged.", "surpass verdict"
