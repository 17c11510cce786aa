"""surpass status: what is done, what is stale, what the ledger proves."""

from surpass.core.account import Account, Chapter, Table
from surpass.core.digest import short
from surpass.core.errors import SurpassError
from surpass.core.records.decisions import (
    Judgement,
    Seal,
)
from surpass.core.records.results import LedgerLine, StatusData, StoredResult
from surpass.steps import (
    answer_recipe,
    bring,
    counterfactual,
    dataset,
    explain,
    extension,
    forgetting,
    noise_floor,
    split,
    train,
    verdict,
)
from surpass.steps.labelling.audit_result import audit_sentence
from surpass.steps.project import Project
from surpass.steps.releasing.read import forced_releases, tenures
from surpass.steps.releasing.tell import champions_chapter
from surpass.steps.report import REPORT_NAME
from surpass.steps.seal_in_force import (
    differences,
    last_seal,
    listed,
    present_seal,
    retired,
)
from surpass.steps.tell.entries import entry_words
from surpass.store.ledger import verify

_REVISIONS = {
    "dataset": dataset.REVISION,
    "split": split.REVISION,
    "extension": extension.REVISION,
    "brought": bring.REVISION,
    "run": train.REVISION,
    "evaluation": answer_recipe.REVISION,
    "loss": forgetting.REVISION,
    "verdict": verdict.REVISION,
    "explanation": explain.REVISION,
    "counterfactual": counterfactual.REVISION,
    "noise": noise_floor.REVISION,
}
"""Stages whose results are told of; what is measured of the machine (probe, rate) is none."""


def status_account(project: Project, *, check_ledger: bool, head: str | None) -> Account:
    """What `surpass status` says; runs no model.

    Args:
        project: The project.
        check_ledger: Follow the chain of digests.
        head: A digest printed earlier that must still be in the ledger.
    """
    results = tuple(
        StoredResult(stage=stage, digest=digest, current=revision == now)
        for stage, now in _REVISIONS.items()
        for digest, revision in project.objects.revisions(stage)
    )
    proof = (verify(project.ledger, head),) if check_ledger or head else ()
    entries = _ledger_lines(project)
    champions = tenures(project)
    shown = (champions_chapter(champions),) if champions else ()
    done, following = _next(project)
    return Account(
        title="Status",
        headline=done,
        text=(*proof, *audit_sentence(project)),
        chapters=(*shown, *_chapters(results, entries)),
        warnings=forced_releases(project),
        next_command=following,
        data=StatusData(
            results=results,
            ledger=entries,
            heads=tuple(project.ledger.heads()),
            verified=proof[0] if proof else None,
            champion=champions[-1].name if champions else None,
            champions=champions,
        ),
    )


def _chapters(
    results: tuple[StoredResult, ...], entries: tuple[LedgerLine, ...]
) -> tuple[Chapter, ...]:
    stored = tuple(
        (r.stage, short(r.digest), "current" if r.current else "stale: made by an older version")
        for r in results
    )
    told = tuple((short(line.digest), line.at, line.what) for line in entries)
    tables = {
        "Results": Table(title="", columns=("stage", "name", "is"), rows=stored),
        "Ledger": Table(title="", columns=("entry", "when", "what"), rows=told),
    }
    return tuple(
        Chapter(title=title, tables=(table,))
        for title, table in tables.items()
        if table.rows or title == "Results"
    )


def _ledger_lines(project: Project) -> tuple[LedgerLine, ...]:
    return tuple(
        LedgerLine(
            digest=digest,
            at=entry.at,
            kind=str(entry.body.__struct_config__.tag),
            what=entry_words(entry.body),
        )
        for digest, entry in project.ledger.entries()
    )


def _next(project: Project) -> tuple[str, str]:
    """The furthest thing done, in words, and the command that follows it."""
    try:
        if not split.is_split(project):
            return "These rows are not split yet.", "surpass check"
        sealed = last_seal(project)
        if sealed is None:
            return "Not sealed yet.", "surpass check"
        done, following = _after_seal(project, sealed[1])
        over = retired(project, sealed[1].block)
    except SurpassError as error:
        return f"Not ready: {error}", "surpass check"
    return " ".join((done, *over)), "surpass split --extend-test FILE" if over else following


def _after_seal(project: Project, sealed: Seal) -> tuple[str, str]:
    if changed := differences(sealed, present_seal(project)):
        return f"{listed(changed)} changed after the seal.", "surpass seal --amend REASON"
    run = train.finished_run(project)
    if run is None:
        return "Sealed, not trained.", "surpass train"
    judged = [body for _, body in project.ledger.bodies(Judgement)]
    ours = [body for body in judged if body.run.startswith(run.recipe_name)]
    if not ours:
        return "Trained, not judged.", "surpass verdict"
    written = (project.folder / REPORT_NAME).exists()
    return f"The verdict on this run is {ours[-1].outcome}.", "" if written else "surpass report"
