"""surpass verdict: the sealed criteria answered on the sealed test."""

from typing import NamedTuple

from surpass.core.account import Account
from surpass.core.errors import Refused
from surpass.core.progress import Progress
from surpass.core.recipe import Recipe
from surpass.core.records.decisions import Judgement, Seal
from surpass.core.records.verdict import Verdict
from surpass.measure.metrics import metric
from surpass.measure.scores import score
from surpass.prove.verdict import judge
from surpass.steps.candidates import candidate_number
from surpass.steps.evaluate import Evaluated, evaluate
from surpass.steps.ladder import TUNED, rungs_of
from surpass.steps.project import Project
from surpass.steps.seal_in_force import amendments, require_seal
from surpass.steps.tell.verdict import verdict_account
from surpass.store.objects import read_record, write_record

REVISION = 1


class VerdictRecipe(Recipe, frozen=True, kw_only=True):
    """Which evaluations are judged by which seal, as which candidate."""

    seal: str  # digest of the ledger's entry
    tuned: str
    rungs: dict[str, str]  # name -> evaluation
    opponent: str
    candidate_number: int


class Judged(NamedTuple):
    """A verdict with what it was made from."""

    digest: str
    verdict: Verdict
    seal_digest: str
    seal: Seal
    tuned: Evaluated
    rungs: dict[str, Evaluated]


def verdict(project: Project, progress: Progress) -> Judged:
    """Judge the tuned model; runs whatever evaluations are missing.

    Raises:
        Refused: no seal in force, two environments, or a test that was shown.
    """
    seal_digest, seal = require_seal(project)
    opponent = best_rung(project, progress)
    _require_one_environment(project, progress)
    rungs = {name: evaluate(project, name, "test", progress) for name in rungs_of(project)}
    tuned = evaluate(project, TUNED, "test", progress)
    _refuse_two_environments([tuned, *rungs.values()])
    number = candidate_number(project, seal.block, tuned.candidate, seal_digest)
    recipe = VerdictRecipe(
        stage="verdict",
        revision=REVISION,
        seal=seal_digest,
        tuned=tuned.digest,
        rungs={name: rung.digest for name, rung in rungs.items()},
        opponent=opponent,
        candidate_number=number,
    )
    stored = project.objects.find(recipe)
    made = read_record(stored, "verdict", Verdict) if stored else _judge(seal, tuned, rungs, recipe)
    if stored is None:
        with project.objects.write(recipe) as folder:
            write_record(folder, "verdict", made)
    _enter(
        project, recipe, seal, tuned.candidate, made
    )  # also where a kill came between result and entry
    return Judged(recipe.digest, made, seal_digest, seal, tuned, rungs)


def said_verdict(project: Project, progress: Progress) -> Account:
    """What `surpass verdict` says."""
    judged = verdict(project, progress)
    name = project.settings.task.name
    return verdict_account(judged.verdict, judged.seal, name, amendments(project))


def _judge(
    seal: Seal, tuned: Evaluated, rungs: dict[str, Evaluated], recipe: VerdictRecipe
) -> Verdict:
    return judge(
        seal.criteria,
        tuned.predictions,
        {name: rung.predictions for name, rung in rungs.items()},
        opponent=recipe.opponent,
        labels=seal.labels,
        candidate_number=recipe.candidate_number,
    )


def best_rung(project: Project, progress: Progress) -> str:
    """The opponent: the rung named in the criterion, or the best one on the validation rows."""
    primary = project.settings.criteria_in_force.primary[0]
    if primary.against != "best rung":
        return primary.against
    chosen = metric(primary.metric)
    values: dict[str, float] = {}
    for name in rungs_of(project):
        evaluated = evaluate(project, name, "valid", progress)
        value = score(chosen, evaluated.predictions, evaluated.labels)
        values[name] = -1.0 if value is None else value
    return max(values, key=lambda name: values[name])


def _refuse_two_environments(evaluations: list[Evaluated]) -> None:
    found = {e.record.environment for e in evaluations if e.record.environment is not None}
    if len(found) > 1:
        raise Refused(
            f"Base and tuned model were scored in {len(found)} environments "
            "(number type, libraries or machine differ): the gain may not be the tuning's.",
            fix="Delete .surpass/cache/evaluation and run `surpass evaluate` on one machine.",
        )


def _enter(project: Project, recipe: VerdictRecipe, seal: Seal, run: str, made: Verdict) -> None:
    """Write the judgement to the ledger, once."""
    if any(body.verdict == recipe.digest for _, body in project.ledger.bodies(Judgement)):
        return
    project.ledger.append(
        Judgement(
            verdict=recipe.digest,
            seal=recipe.seal,
            block=seal.block,
            run=run,
            candidate_number=made.candidate_number,
            alpha=made.alpha,
            outcome=made.outcome.value,
            gates=made.gates,
        )
    )


def _require_one_environment(project: Project, progress: Progress) -> None:
    """See on valid that all models can be compared, before the test is opened for any of them."""
    names = (TUNED, *rungs_of(project))
    _refuse_two_environments([evaluate(project, name, "valid", progress) for name in names])
