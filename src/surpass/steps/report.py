"""surpass report: one self-contained HTML file that a manager understands on its first screen."""

from pathlib import Path

import msgspec

from surpass.core.account import Account, Chapter, Fact
from surpass.core.digest import short
from surpass.core.progress import Progress
from surpass.core.records.brought import ADOPTED
from surpass.core.records.run import Run
from surpass.core.records.verdict import Outcome
from surpass.measure.metrics import metric
from surpass.steps.dataset import current_version
from surpass.steps.evaluate import Evaluated, evaluate
from surpass.steps.explain import explain_chapters
from surpass.steps.fairness import fairness_chapters
from surpass.steps.ladder import TUNED
from surpass.steps.noise_floor import noise_floor
from surpass.steps.passages import passages
from surpass.steps.project import Project
from surpass.steps.rating.report import rating_chapters
from surpass.steps.releasing.read import forced_releases
from surpass.steps.seal_in_force import amendments, require_seal, retired
from surpass.steps.split import current_split
from surpass.steps.tell.errors import confusion_chapter, fields_chapter, pairs_chapter
from surpass.steps.tell.forgetting import forgetting_chapter
from surpass.steps.tell.history import earlier_verdicts
from surpass.steps.tell.ladder import ladder_chapter
from surpass.steps.tell.lineage import (
    data_chapter,
    elsewhere_chapter,
    integrity_chapter,
    lineage_chapter,
    run_chapter,
)
from surpass.steps.tell.numbers import counted, gigabytes, minutes, percent, points
from surpass.steps.tell.seeds import seeds_chapter
from surpass.steps.tell.verdict import primary_gate, verdict_account, verdict_data
from surpass.steps.train import RunResult, train
from surpass.steps.verdict import Judged, verdict
from surpass.store.durable import write_file

REPORT_NAME = "report.html"


def report_account(
    project: Project, progress: Progress, of: str = TUNED, *, on_test: bool = False
) -> Account:
    """The whole account of a verdict; runs whatever is missing.

    Args:
        project: The project.
        progress: Told of finished rows.
        of: The model that is judged: "tuned", or one that was made elsewhere.
        on_test: Show test rows too, which retires the test: it gates nothing any more.
    """
    judged = verdict(project, progress, of)
    run = train(project, progress) if of == TUNED else None
    version, split = current_version(project), current_split(project)
    first = verdict_account(
        judged.verdict, judged.seal, project.settings.task.name, amendments(project)
    )
    chosen = metric(primary_gate(judged.verdict).metric)
    opponent = judged.verdict.opponent
    test = judged.models
    valid = {name: evaluate(project, name, "valid", progress) for name in test}
    noise = noise_floor(project, (valid[opponent], *valid.values()), progress)
    kind, price = project.settings.kind, project.settings.budget.price_per_hour
    return msgspec.structs.replace(
        first,
        facts=(*first.facts, *_facts(judged, run.run if run else None)),
        chapters=(
            *first.chapters,
            ladder_chapter("Every model on the test", kind, chosen, test, opponent, price),
            *_seeds(project, judged, valid, run),
            *_forgetting(project, judged),
            *_error_chapters(kind, valid[opponent], valid[of], opponent),
            *(_shown_chapters(project, kind, test, opponent, of) if on_test else ()),
            *explain_chapters(project, progress, of),
            *fairness_chapters(project, progress, of),
            *rating_chapters(project, of),
            ladder_chapter("The same on valid", kind, chosen, valid, opponent, price),
            run_chapter(run.run) if run else elsewhere_chapter(project, of),
            data_chapter(version, split.sides),
            integrity_chapter(
                run.run if run else None, judged, valid[of], valid.get("zero-shot"), noise
            ),
            lineage_chapter(project, judged, run),
        ),
        warnings=(
            *first.warnings,
            *forced_releases(project),
            *earlier_verdicts(project, judged.seal.block),
            *retired(project, judged.seal.block),
        ),
        next_command=_next(judged.verdict.outcome, of),
        data=verdict_data(judged, amendments(project)),
    )


def _next(outcome: Outcome, of: str) -> str:
    """What follows a verdict on a model whose weights are here; elsewhere others decide."""
    if of != TUNED and not of.startswith(ADOPTED):
        return ""
    named = "" if of == TUNED else f" --of {of}"
    return f"surpass release{named}" if outcome is Outcome.PASS else f"surpass explain{named}"


def report(
    project: Project, progress: Progress, of: str = TUNED, *, on_test: bool = False
) -> tuple[Path, Account]:
    """Write report.html into the project's folder."""
    from surpass.show.report import render_report  # pulls in jinja2 and altair

    account = report_account(project, progress, of, on_test=on_test)
    path = project.folder / REPORT_NAME
    write_file(path, render_report(account).encode())
    return path, account


def cost_of_showing(project: Project) -> Account | None:
    """What a person is asked before test rows are shown; none where they were shown already.

    Raises:
        Refused: nothing is sealed, or the project has drifted from the seal.
    """
    seal = require_seal(project)[1]
    if project.sealed.shown(seal.block):
        return None
    return Account(
        title="Before test rows are shown",
        headline=f"Showing test block {short(seal.block)} retires it: "
        f"{counted(seal.test_rows, 'row')} of {counted(seal.test_groups, 'group')}.",
        text=(
            "What somebody has read decides nothing: no further model is judged on these rows, and "
            "no amended criteria. The verdicts given so far stand.",
            "The ledger keeps that they were shown, also for every test that has a row of them.",
            "The next model needs new rows: `surpass split --extend-test FILE`. Rows of valid are "
            "shown without this.",
        ),
    )


def _shown_chapters(
    project: Project, kind: str, test: dict[str, Evaluated], opponent: str, of: str
) -> tuple[Chapter, ...]:
    """Errors and rows of the test; that they are shown is in the ledger before they are read."""
    block = current_split(project).sides.block
    project.sealed.open(block, candidate=test[of].candidate, purpose="show")
    return _error_chapters(kind, test[opponent], test[of], opponent)


def _forgetting(project: Project, judged: Judged) -> tuple[Chapter, ...]:
    """What tuning cost beside the task, if a criterion asks for it."""
    declared = judged.seal.criteria.forgetting
    texts = tuple(passages(project, wanted) for wanted in declared)
    told = forgetting_chapter(judged.verdict.gates, declared, judged.evidence, texts)
    return () if told is None else (told,)


def _seeds(
    project: Project, judged: Judged, valid: dict[str, Evaluated], run: RunResult | None
) -> tuple[Chapter, ...]:
    """Each training seed's scores, where several were sealed."""
    if run is None or not judged.further:
        return ()
    return (seeds_chapter(judged, valid, run, project.settings.training.seed),)


def _facts(judged: Judged, run: Run | None) -> tuple[Fact, ...]:
    guards = [g for g in judged.verdict.gates if g.slice and g.bounds.estimate is not None]
    worst = min(guards, key=lambda gate: gate.bounds.known, default=None)
    facts = []
    if worst is not None:
        facts.append(
            Fact(
                label="smallest gain of a slice",
                value=points(worst.bounds.estimate),
                note=f"{worst.slice}; {worst.bounds.items} rows",
            )
        )
    if run is None:
        return tuple(facts)
    share = run.trained_parameters / run.all_parameters
    note = f"{gigabytes(run.peak_memory_bytes)} peak; {percent(share)} of the parameters trained"
    facts.append(Fact(label="training took", value=minutes(run.seconds), note=note))
    return tuple(facts)


def _error_chapters(
    kind: str, base: Evaluated, tuned: Evaluated, opponent: str
) -> tuple[Chapter, ...]:
    """Where both err, on the one side that they answered."""
    side = tuned.record.side
    pairs = pairs_chapter(kind, base, tuned, opponent)
    if kind == "classify":
        return (confusion_chapter(tuned.predictions, tuned.labels, side), pairs)
    if kind == "extract":
        return (fields_chapter(base.predictions, tuned.predictions, opponent, side), pairs)
    return (pairs,)
