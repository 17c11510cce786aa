"""surpass evaluate: every baseline and the tuned model on the validation rows."""

from pathlib import Path

from surpass.core.account import Account, Chapter, Table
from surpass.core.errors import BadInput
from surpass.core.progress import Progress
from surpass.core.records.results import EvaluateData
from surpass.data.answer_files import Named
from surpass.measure.metrics import metric
from surpass.steps.bring import import_answers
from surpass.steps.evaluate import evaluate
from surpass.steps.ladder import TUNED, rungs_of, tuned_names
from surpass.steps.opponent import best_rung
from surpass.steps.project import Project
from surpass.steps.tell.ladder import ladder_chapter
from surpass.steps.tell.numbers import percent
from surpass.steps.tracking.events import tell_scores
from surpass.steps.train import finished_run


def valid_account(project: Project, progress: Progress) -> Account:
    """What `surpass evaluate` says; the test stays sealed."""
    trained = finished_run(project) is not None
    names = (*rungs_of(project), *(tuned_names(project) if trained else ()))
    models = {name: evaluate(project, name, "valid", progress) for name in names}
    if trained:
        records = {name: model.record for name, model in models.items()}
        tell_scores(project, models[TUNED].candidate, records)
    opponent = best_rung(project, progress)
    chosen = metric(project.settings.criteria_in_force.primary[0].metric)
    against = percent(models[opponent].record.scores.get(chosen.name))
    headline = f"On valid the best rung is {opponent} with {against} of {chosen.title}"
    if trained:
        scores = [models[name].record.scores.get(chosen.name) for name in tuned_names(project)]
        headline += f"; the tuned model has {', '.join(percent(score) for score in scores)}"
    chapter = ladder_chapter(
        "Models on valid",
        project.settings.kind,
        chosen,
        models,
        opponent,
        project.settings.budget.price_per_hour,
    )
    return Account(
        title="Evaluate",
        headline=headline + ".",
        text=("Validation rows say where things stand; only the sealed test decides.",),
        chapters=(chapter,),
        next_command="surpass verdict" if trained else "surpass seal",
        data=EvaluateData(
            metric=chosen.name,
            opponent=opponent,
            models={name: model.record for name, model in models.items()},
        ),
    )


def brought_account(
    project: Project,
    file: Path,
    name: str,
    progress: Progress,
    *,
    columns: tuple[str | None, str | None],
) -> Account:
    """What `surpass evaluate --predictions` says: another model's answers, scored on valid.

    Args:
        project: The project.
        file: The answers.
        name: What the model is called.
        progress: Told of finished rows.
        columns: The file's column of row ids and its column of answers; none: looked for.

    Raises:
        BadInput: the file cannot be used, or no name was given.
    """
    if not name:
        raise BadInput("The model that answered has no name.", fix="Add `--as NAME`.")
    identity, answer = columns
    entry = import_answers(project, file, name, Named(id=identity, answer=answer))
    evaluated = evaluate(project, entry.name, "valid", progress)
    rows, unreadable = evaluated.record.rows, evaluated.record.unreadable
    scores = tuple((n, percent(value)) for n, value in evaluated.record.scores.items())
    table = Table(
        title=f"{rows} rows of valid", columns=("metric", "score"), rows=scores, numeric=("score",)
    )
    return Account(
        title="Evaluate",
        headline=f"{entry.name} answered {rows - unreadable} of {rows} rows of valid.",
        text=("Missing and unreadable answers count as wrong.",),
        chapters=(Chapter(title="Scores", tables=(table,)),),
        next_command=f"surpass verdict --of {entry.name}",
        data=EvaluateData(
            metric=project.settings.criteria_in_force.primary[0].metric,
            opponent=None,
            models={entry.name: evaluated.record},
        ),
    )
