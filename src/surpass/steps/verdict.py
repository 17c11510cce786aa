"""surpass verdict: the sealed criteria answered on the sealed test."""

from typing import NamedTuple

import msgspec

from surpass.core.account import Account
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Progress
from surpass.core.recipe import Recipe
from surpass.core.records.brought import ENDPOINT, is_brought
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
from surpass.steps.tell.verdict import verdict_account, verdict_data
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


def verdict(project: Project, progress: Progress, of: str = TUNED) -> Judged:
    """Judge a model, as a rule the tuned one; runs whatever evaluations are missing.

    Args:
        project: The project.
        progress: Told of finished rows.
        of: "tuned", or the name of a model that was brought.

    Raises:
        Refused: no seal in force, two environments, or a test that was shown.
        BadInput: a baseline cannot be judged, or nothing was brought under this name.
    """
    _require_candidate(project, of)
    seal_digest, seal = require_seal(project)
    opponent = best_rung(project, progress)
    _require_one_environment(project, opponent, of, progress)
    rungs = {name: evaluate(project, name, "test", progress) for name in rungs_of(project)}
    tuned = evaluate(project, of, "test", progress)
    _refuse_two_environments(tuned, rungs[opponent])
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
    if not _is_entered(project, recipe):
        project.sealed.require_unseen(seal.block)  # scores from before it was shown are no excuse
    stored = project.objects.find(recipe)
    made = read_record(stored, "verdict", Verdict) if stored else _judge(seal, tuned, rungs, recipe)
    if stored is None:
        with project.objects.write(recipe) as folder:
            write_record(folder, "verdict", made)
    _enter(
        project, recipe, seal, tuned.candidate, made
    )  # also where a kill came between result and entry
    return Judged(recipe.digest, made, seal_digest, seal, tuned, rungs)


def said_verdict(project: Project, progress: Progress, of: str = TUNED) -> Account:
    """What `surpass verdict` says."""
    judged = verdict(project, progress, of)
    name, reasons = project.settings.task.name, amendments(project)
    account = verdict_account(judged.verdict, judged.seal, name, reasons)
    return msgspec.structs.replace(account, data=verdict_data(judged, reasons))


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
    criteria = project.settings.criteria_in_force
    chosen = metric(primary.metric, criteria.metrics.get(primary.metric))
    values: dict[str, float] = {}
    for name in rungs_of(project):
        evaluated = evaluate(project, name, "valid", progress)
        value = score(chosen, evaluated.predictions, evaluated.labels)
        values[name] = -1.0 if value is None else value
    return max(values, key=lambda name: values[name])


def _require_candidate(project: Project, of: str) -> None:
    if of != TUNED and not is_brought(of):
        raise BadInput(
            f"`{of}` cannot be judged.",
            fix="Judge `tuned`, or a model that was brought: `adopted:NAME`, `file:NAME` or "
            "`endpoint:NAME`.",
        )
    if of in rungs_of(project):
        raise BadInput(
            f"`{of}` is a rung of [ladder]: it is what others are compared with.",
            fix="Take it from the ladder, or judge another model.",
        )


def _refuse_two_environments(model: Evaluated, opponent: Evaluated) -> None:
    """Base and tuned model must have been scored by one engine.

    The linear rung needs none, and another model behind an endpoint is no base of the tuned one.
    """
    found = {model.record.environment, opponent.record.environment}
    bigger = opponent.record.model.startswith(ENDPOINT) and not is_brought(model.record.model)
    if len(found) == 1 or opponent.record.model == "linear" or bigger:
        return
    if None in found:
        raise Refused(
            f"`{model.record.model}` and its opponent `{opponent.record.model}` were not answered "
            "by the same engine: a difference may be the engine's.",
            fix="Bring the base's answers the same way and seal `against` with their name.",
        )
    raise Refused(
        "Base and tuned model were scored in 2 environments "
        "(number type, libraries or machine differ): the gain may not be the tuning's.",
        fix="Delete .surpass/cache/evaluation and run `surpass evaluate` on one machine.",
    )


def _enter(project: Project, recipe: VerdictRecipe, seal: Seal, run: str, made: Verdict) -> None:
    """Write the judgement to the ledger, once."""
    if _is_entered(project, recipe):
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


def _is_entered(project: Project, recipe: VerdictRecipe) -> bool:
    return any(body.verdict == recipe.digest for _, body in project.ledger.bodies(Judgement))


def _require_one_environment(project: Project, opponent: str, of: str, progress: Progress) -> None:
    """See on valid that both can be compared, before the test is opened for either of them."""
    model, base = (evaluate(project, name, "valid", progress) for name in (of, opponent))
    _refuse_two_environments(model, base)
