"""The model that must be beaten: which one it is, and whether the two can be compared at all."""

from surpass.core.errors import CannotTell, Refused
from surpass.core.progress import Progress
from surpass.core.records.brought import ENDPOINT, is_brought
from surpass.core.settings import Criteria
from surpass.measure.metrics import metric
from surpass.measure.scores import score
from surpass.prove.bench import BEST_RUNG
from surpass.steps.evaluate import Evaluated, evaluate
from surpass.steps.ladder import rungs_of
from surpass.steps.project import Project


def best_rung(project: Project, progress: Progress) -> str:
    """The opponent: the best rung on the validation rows, unless all primaries name another.

    Raises:
        CannotTell: none has a score there.
    """
    criteria = project.settings.criteria_in_force
    primary = criteria.primary[0]
    if all(one.against != BEST_RUNG for one in criteria.primary):
        return primary.against
    names = rungs_of(project)
    return best_of(criteria, {name: evaluate(project, name, "valid", progress) for name in names})


def best_of(criteria: Criteria, models: dict[str, Evaluated]) -> str:
    """Which of the models scores best by the first primary, lower scores where lower is better.

    Raises:
        CannotTell: none has a score.
    """
    primary = criteria.primary[0]
    chosen = metric(primary.metric, criteria.metrics.get(primary.metric))
    values: dict[str, float] = {}
    for name, evaluated in models.items():
        value = score(chosen, evaluated.predictions, evaluated.labels)
        if value is not None:
            values[name] = value if chosen.higher_is_better else -value
    if not values:
        raise CannotTell(
            f"No rung has a score of {chosen.title} on the validation rows, so none is the best.",
            fix="Choose another metric for the first criterion, or name its opponent in `against`.",
        )
    return max(values, key=lambda name: values[name])


def require_one_environment(project: Project, opponent: str, of: str, progress: Progress) -> None:
    """See on valid that both can be compared, before the test is opened for either of them."""
    model, base = (evaluate(project, name, "valid", progress) for name in (of, opponent))
    refuse_two_environments(model, base)


def refuse_two_environments(model: Evaluated, opponent: Evaluated) -> None:
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
