"""surpass evaluate: every baseline and the tuned model on the validation rows."""

from surpass.core.account import Account
from surpass.core.progress import Progress
from surpass.measure.metrics import metric
from surpass.steps.evaluate import evaluate
from surpass.steps.ladder import TUNED, rungs_of
from surpass.steps.project import Project
from surpass.steps.tell.ladder import ladder_chapter
from surpass.steps.tell.numbers import percent
from surpass.steps.train import finished_run
from surpass.steps.verdict import best_rung


def valid_account(project: Project, progress: Progress) -> Account:
    """What `surpass evaluate` says; the test stays sealed."""
    trained = finished_run(project) is not None
    names = (*rungs_of(project), *((TUNED,) if trained else ()))
    models = {name: evaluate(project, name, "valid", progress) for name in names}
    opponent = best_rung(project, progress)
    chosen = metric(project.settings.criteria_in_force.primary[0].metric)
    last = models[names[-1]]
    against = percent(models[opponent].record.scores.get(chosen.name))
    headline = f"On valid the best rung is {opponent} with {against} of {chosen.title}"
    if trained:
        headline += f"; the tuned model has {percent(last.record.scores.get(chosen.name))}"
    chapter = ladder_chapter("Models on valid", project.settings.kind, chosen, models, opponent)
    return Account(
        title="Evaluate",
        headline=headline + ".",
        text=("Validation rows say where things stand; only the sealed test decides.",),
        chapters=(chapter,),
        next_command="surpass verdict" if trained else "surpass seal",
    )
