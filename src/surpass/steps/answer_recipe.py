"""Which model answers which rows, told what: the recipe of one evaluation."""

from pathlib import Path
from typing import Literal, NamedTuple

from surpass.core.digest import digest_file, digest_record, short
from surpass.core.errors import BadInput, Refused
from surpass.core.recipe import Recipe
from surpass.core.records.brought import ADOPTED, ENDPOINT, FILE
from surpass.core.settings import Generation
from surpass.core.settings.endpoint import Endpoint
from surpass.model.find import find_base
from surpass.steps.bring import brought_folder, find_brought
from surpass.steps.closed_sets import wording
from surpass.steps.ladder import TUNED, endpoint_of, is_tuned, shots_digest, tuned_names
from surpass.steps.project import Project
from surpass.steps.split import SplitResult
from surpass.steps.train import RunResult, finished_run

REVISION = 2  # 2: tokens of prompts are kept, more metrics are reported
Side = Literal["valid", "test"]


class AnswersRecipe(Recipe, frozen=True, kw_only=True):
    """Which model answers which rows."""

    model: str  # a rung's name, "tuned", "adopted:NAME" or "file:NAME"
    labels: tuple[str, ...]
    split: str
    side: Side
    block: str | None  # of the test


class GivenRecipe(AnswersRecipe, frozen=True, kw_only=True):
    """A model of which only the answers are known."""

    content: str  # digest of the file


class EndpointRecipe(AnswersRecipe, frozen=True, kw_only=True):
    """A model that is asked over the network: where, and told what."""

    endpoint: str  # digest of address, name of the model, examples and choice
    instruction: str
    generation: Generation


class EvaluateRecipe(AnswersRecipe, frozen=True, kw_only=True):
    """A model that is asked here: told what, read how."""

    run: str | None  # of a tuned model; of an adopted one the digest of its files
    adapter: str | None  # digest of its weights: another machine may have made others
    base: str | None  # of anything that runs a language model
    instruction: str
    shots: str  # digest of the solved examples in the prompt
    generation: Generation
    metric: str  # chooses the reading of label scores on valid
    reading: str | None  # digest of the valid evaluation whose reading is used on test


class Weights(NamedTuple):
    """What of a model's weights names its answers."""

    run: str | None = None
    adapter: str | None = None
    base: str | None = None


def weights_of(project: Project, name: str) -> Weights:
    """Digests of what answers under this name.

    Raises:
        Refused: the tuned model before it is trained, or an adopted one that changed.
        BadInput: nothing was adopted under this name.
    """
    if name == "linear":
        return Weights()
    base = find_base(project.settings.model.base, project.folder).digest
    if name.startswith(ADOPTED):
        entry = find_brought(project, name)
        brought_folder(project, entry)
        adapter = entry.digest if entry.kind == "adapter" else None
        return Weights(entry.digest, adapter, base if adapter else entry.digest)
    if not is_tuned(name):
        return Weights(base=base)
    run = tuned_run(project, name)
    return Weights(run.digest, content_of(run.adapter), base)


def content_of(folder: Path) -> str:
    """Digest of the tensors in a run's folder: an adapter's one file, or of weights all."""
    digests = [digest_file(file) for file in sorted(folder.glob("*.safetensors"))]
    return digests[0] if len(digests) == 1 else digest_record(digests)


def tuned_run(project: Project, name: str) -> RunResult:
    """The run that a tuned model's name means.

    Raises:
        Refused: not every seed is trained.
        BadInput: fewer seeds are sealed.
    """
    first, names = finished_run(project), tuned_names(project)
    if first is None:
        raise Refused("The model of these settings is not trained.", fix="Run `surpass train`.")
    if name not in names:
        raise BadInput(f"There is no run `{name}`.", fix=f"Name one of: {', '.join(names)}.")
    return first.all_seeds[names.index(name)]


def answers_recipe(
    project: Project, split: SplitResult, name: str, side: Side, earlier: str | None
) -> AnswersRecipe:
    """Everything that a model's answers on one side depend on.

    Args:
        project: The project.
        split: Its split.
        name: Of the model.
        side: Which rows.
        earlier: Digest of the valid evaluation whose reading of label scores is used on test.

    Raises:
        Refused: the tuned model before it is trained, or an adopted one that changed.
        BadInput: nothing was brought under this name.
    """
    words, block = wording(project, split.sides), split.sides.block if side == "test" else None
    if name.startswith(FILE):
        return GivenRecipe(
            stage="evaluation",
            revision=REVISION,
            model=name,
            labels=words.labels,
            split=split.digest,
            side=side,
            block=block,
            content=find_brought(project, name).digest,
        )
    if name.startswith(ENDPOINT):
        return EndpointRecipe(
            stage="evaluation",
            revision=REVISION,
            model=name,
            labels=words.labels,
            split=split.digest,
            side=side,
            block=block,
            endpoint=_endpoint_digest(endpoint_of(project, name)),
            instruction=words.digest,
            generation=project.settings.generation,
        )
    weights, asked = weights_of(project, name), name != "linear"
    return EvaluateRecipe(
        stage="evaluation",
        revision=REVISION,
        model=name,
        run=weights.run,
        adapter=weights.adapter,
        base=weights.base,
        instruction=words.digest if asked else "",
        shots=shots_digest(project, split, words, name),
        labels=words.labels,
        split=split.digest,
        side=side,
        block=block,
        generation=project.settings.generation,
        metric=project.settings.criteria_in_force.primary[0].metric,
        reading=earlier,
    )


def _endpoint_digest(endpoint: Endpoint) -> str:
    """Names what decides its answers; not how fast it is asked, nor what it costs."""
    return digest_record([endpoint.url, endpoint.model, endpoint.shots, endpoint.choice])


def candidate_name(project: Project, recipe: AnswersRecipe) -> str:
    """How the ledger calls a model: a rung by its name, a candidate also by its content.

    All seeds of one recipe are one candidate, named by the content of all of them.
    """
    if isinstance(recipe, GivenRecipe):
        return f"{recipe.model}:{short(recipe.content)}"
    if isinstance(recipe, EndpointRecipe):
        return f"{recipe.model}:{short(recipe.endpoint)}"
    if not isinstance(recipe, EvaluateRecipe) or recipe.run is None:
        return recipe.model
    if not is_tuned(recipe.model):
        return f"{recipe.model}:{short(recipe.adapter or recipe.run)}"
    first = tuned_run(project, TUNED)
    adapters = [content_of(run.adapter) for run in first.all_seeds]
    content = adapters[0] if len(adapters) == 1 else digest_record(adapters)
    return f"{first.recipe_name}:{short(content)}"
