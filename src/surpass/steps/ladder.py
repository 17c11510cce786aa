"""The rungs of the ladder, and the solved examples in their prompts."""

from surpass.core.digest import digest_record
from surpass.core.errors import BadInput
from surpass.core.records.brought import ADOPTED, ENDPOINT, FILE
from surpass.core.settings.endpoint import Endpoint
from surpass.evaluate.shots import Shot, pick_shots
from surpass.steps.closed_sets import Wording
from surpass.steps.project import Project
from surpass.steps.split import SplitResult

RETRIEVED = "retrieved"
RUNGS = ("zero-shot", "few-shot", RETRIEVED, "linear")
TUNED = "tuned"
"""The tuned model; of several seeds the first, and `tuned:2` is the second."""


def rungs_of(project: Project) -> tuple[str, ...]:
    """The baselines of this project; the linear one needs labels.

    Raises:
        BadInput: [ladder] names a rung that is none, or no rung at all.
    """
    labelled = project.settings.kind == "classify"
    named = project.settings.ladder.rungs
    if not named:
        raise BadInput(
            "[ladder] rungs is empty: there is nothing to compare a model with.",
            fix='Name at least "zero-shot".',
        )
    for rung in named:
        if rung.startswith(ENDPOINT):
            endpoint_of(project, rung)
        elif rung not in RUNGS and not rung.startswith((FILE, ADOPTED)):
            raise BadInput(
                f"[ladder] names the rung `{rung}`, which there is not.",
                fix=f"Choose from {', '.join(RUNGS)}, `file:NAME` for answers you brought, "
                "`adopted:NAME` for a model you brought or use, or `endpoint:NAME`.",
            )
    return tuple(rung for rung in named if labelled or rung != "linear")


def tuned_names(project: Project) -> tuple[str, ...]:
    """What the tuned model is called, once for each sealed training seed."""
    seeds = project.settings.criteria_in_force.seeds
    return (TUNED, *(f"{TUNED}:{place}" for place in range(2, seeds + 1)))


def is_tuned(name: str) -> bool:
    """Whether a name means a run of this project, of whichever seed."""
    return name == TUNED or name.startswith(f"{TUNED}:")


def require_base_rung(project: Project) -> None:
    """Refuse to tune a model that would be compared with nothing but other models.

    Raises:
        BadInput: no rung asks the untuned base.
    """
    if not set(rungs_of(project)) & {"zero-shot", "few-shot", RETRIEVED}:
        raise BadInput(
            "[ladder] rungs names no rung of the untuned base, so no verdict could say that the "
            "tuned model surpasses it.",
            fix='Add "zero-shot", and better "few-shot" too.',
        )


def endpoint_of(project: Project, name: str) -> Endpoint:
    """The endpoint that a model's name means.

    Raises:
        BadInput: [ladder.endpoints] does not have it.
    """
    known, named = project.settings.ladder.endpoints, name.removeprefix(ENDPOINT)
    if named not in known:
        raise BadInput(
            f"There is no endpoint `{named}`; there are: {', '.join(known) or 'none'}.",
            fix=f"Write [ladder.endpoints.{named}] with its url and model.",
        )
    return known[named]


def shots_of(project: Project, split: SplitResult, words: Wording, name: str) -> list[Shot]:
    """The solved examples that stand in every prompt of this model; none but for few-shot."""
    if name != "few-shot":
        return []
    settings = project.settings
    return pick_shots(split.train, settings.ladder.shots, words.labels, settings.split.seed)


def shots_digest(project: Project, split: SplitResult, words: Wording, name: str) -> str:
    """Names the solved examples in a model's prompts, the retrieved ones by how they are found."""
    if name == RETRIEVED:
        return digest_record([RETRIEVED, project.settings.ladder.shots])
    return digest_record(shots_of(project, split, words, name))
