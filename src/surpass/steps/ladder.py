"""The rungs of the ladder, and the recipe of one evaluation."""

from typing import Literal

from surpass.core.recipe import Recipe
from surpass.core.settings import Generation
from surpass.evaluate.shots import pick_shots
from surpass.steps.closed_sets import Wording
from surpass.steps.project import Project
from surpass.steps.split import SplitResult

RUNGS = ("zero-shot", "few-shot", "linear")
TUNED = "tuned"
Side = Literal["valid", "test"]


class EvaluateRecipe(Recipe, frozen=True, kw_only=True):
    """Which model answers which rows, told what, read how."""

    model: str  # a rung's name, or "tuned"
    run: str | None  # of a tuned model
    adapter: str | None  # digest of its weights: another machine may have made others
    base: str | None  # of anything that runs a language model
    instruction: str
    shots: str  # digest of the solved examples in the prompt
    labels: tuple[str, ...]
    split: str
    side: Side
    block: str | None  # of the test
    generation: Generation
    metric: str  # chooses the reading of label scores on valid
    reading: str | None  # digest of the valid evaluation whose reading is used on test


def rungs_of(project: Project) -> tuple[str, ...]:
    """The baselines of this project; the linear one needs labels."""
    labelled = project.settings.kind == "classify"
    return tuple(r for r in project.settings.ladder.rungs if labelled or r != "linear")


def shots_of(
    project: Project, split: SplitResult, words: Wording, name: str
) -> list[tuple[str, str]]:
    """The solved examples in this model's prompt; none but for few-shot."""
    if name != "few-shot":
        return []
    settings = project.settings
    return pick_shots(split.train, settings.ladder.shots, words.labels, settings.split.seed)
