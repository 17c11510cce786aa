"""surpass report: one self-contained HTML file that a manager understands on its first screen."""

from pathlib import Path

import msgspec

from surpass.core.account import Account, Chapter, Fact
from surpass.core.progress import Progress
from surpass.core.records.run import Run
from surpass.measure.metrics import metric
from surpass.steps.dataset import current_dataset
from surpass.steps.evaluate import Evaluated, evaluate
from surpass.steps.explain import explain_chapters
from surpass.steps.ladder import TUNED, rungs_of
from surpass.steps.project import Project
from surpass.steps.seal_in_force import amendments
from surpass.steps.split import current_split
from surpass.steps.tell.errors import confusion_chapter, fields_chapter, pairs_chapter
from surpass.steps.tell.ladder import ladder_chapter
from surpass.steps.tell.lineage import (
    data_chapter,
    elsewhere_chapter,
    integrity_chapter,
    lineage_chapter,
    run_chapter,
)
from surpass.steps.tell.numbers import gigabytes, minutes, percent, points
from surpass.steps.tell.verdict import primary_gate, verdict_account, verdict_data
from surpass.steps.train import train
from surpass.steps.verdict import Judged, verdict
from surpass.store.durable import write_file

REPORT_NAME = "report.html"


def report_account(project: Project, progress: Progress, of: str = TUNED) -> Account:
    """The whole account of a verdict; runs whatever is missing.

    Args:
        project: The project.
        progress: Told of finished rows.
        of: The model that is judged: "tuned", or one that was made elsewhere.
    """
    judged = verdict(project, progress, of)
    run = train(project, progress) if of == TUNED else None
    dataset, split = current_dataset(project), current_split(project)
    first = verdict_account(
        judged.verdict, judged.seal, project.settings.task.name, amendments(project)
    )
    chosen = metric(primary_gate(judged.verdict).metric)
    opponent = judged.verdict.opponent
    valid = {name: evaluate(project, name, "valid", progress) for name in (*rungs_of(project), of)}
    test = {**judged.rungs, of: judged.tuned}
    kind = project.settings.kind
    return msgspec.structs.replace(
        first,
        facts=(*first.facts, *_facts(judged, run.run if run else None)),
        chapters=(
            *first.chapters,
            ladder_chapter("Every model on the test", kind, chosen, test, opponent),
            *_error_chapters(kind, valid[opponent], valid[of], opponent),
            *explain_chapters(project, progress, of),
            ladder_chapter("The same on valid", kind, chosen, valid, opponent),
            run_chapter(run.run) if run else elsewhere_chapter(project, of),
            data_chapter(dataset.version, split.sides),
            integrity_chapter(run.run if run else None, judged, valid[of], valid.get("zero-shot")),
            lineage_chapter(project, judged, run),
        ),
        next_command="",
        data=verdict_data(judged, amendments(project)),
    )


def report(project: Project, progress: Progress, of: str = TUNED) -> tuple[Path, Account]:
    """Write report.html into the project's folder."""
    from surpass.show.report import render_report  # pulls in jinja2 and altair

    account = report_account(project, progress, of)
    path = project.folder / REPORT_NAME
    write_file(path, render_report(account).encode())
    return path, account


def _facts(judged: Judged, run: Run | None) -> tuple[Fact, ...]:
    guards = [gate for gate in judged.verdict.gates if gate.slice is not None]
    worst = min(guards, key=lambda gate: gate.bounds.estimate, default=None)
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
    pairs = pairs_chapter(kind, base, tuned, opponent)
    if kind == "classify":
        return (confusion_chapter(tuned.predictions, tuned.labels), pairs)
    if kind == "extract":
        return (fields_chapter(base.predictions, tuned.predictions, opponent), pairs)
    return (pairs,)
