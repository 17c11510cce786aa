"""surpass train: fine-tune the base on the training rows, resuming what a kill left."""

from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from surpass.core.digest import digest_record
from surpass.core.environment import threads
from surpass.core.progress import Named, Progress
from surpass.core.recipe import Recipe
from surpass.core.records.run import Run
from surpass.core.settings import Full, Training, Tuning
from surpass.model.find import find_base
from surpass.steps.closed_sets import wording
from surpass.steps.dataset import require_kept_files
from surpass.steps.ladder import require_base_rung
from surpass.steps.machine import number_type
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal, require_seal
from surpass.steps.split import SplitResult, current_split
from surpass.steps.tracking.events import tell_ended, tell_started
from surpass.steps.tracking.watch import watched
from surpass.store.objects import read_record, write_record

REVISION = 1


class TrainRecipe(Recipe, frozen=True, kw_only=True):
    """Which rows, which base, told what, trained how."""

    split: str
    base: str
    instruction: str  # digest
    tuning: Tuning
    training: Training


class RunResult(NamedTuple):
    """A finished run: its name, what is known of it, and the folder of its adapter or weights.

    Where several seeds are sealed it is the first one's: the model that is served and explained.
    """

    digest: str
    run: Run
    adapter: Path
    further: tuple["RunResult", ...] = ()  # those of the other seeds

    @property
    def all_seeds(self) -> tuple["RunResult", ...]:
        """The runs of all seeds, this one first."""
        return (self, *self.further)

    @property
    def recipe_name(self) -> str:
        """Names all runs together."""
        digests = [one.digest for one in self.all_seeds]
        return digests[0] if len(digests) == 1 else digest_record(digests)


def train(project: Project, progress: Progress) -> RunResult:
    """Train, or find the run of the same recipe; needs a seal.

    With [criteria] seeds, one run a seed, from [training] seed upwards; each is kept when it ends.

    Raises:
        Refused: nothing is sealed, the project has drifted from the seal, a file is not as its
            kept version says, or the test was shown.
        BadInput: no rung of the ladder asks the untuned base.
    """
    if last_seal(project) is not None:
        require_kept_files(project)  # first: what follows would keep the changed rows as a version
    require_seal(project)
    require_base_rung(project)
    split = current_split(project)
    recipes = train_recipes(project, split)
    for recipe in recipes:
        if project.objects.find(recipe) is None:
            project.sealed.require_unseen(split.sides.block)  # the run could never be judged
            named = Named(progress, f"training, seed {recipe.training.seed}")
            train_once(project, split, recipe, named if len(recipes) > 1 else progress)
    finished = finished_run(project)
    if finished is None:
        raise RuntimeError("the run was written but is not there")
    for one in finished.all_seeds:  # also where a kill came between run and event
        tell_ended(project, one.digest, one.run, one.adapter)
    return finished


def finished_run(project: Project) -> RunResult | None:
    """The run of the project as it stands, if trained; of several seeds, if all of them are."""
    finished: list[RunResult] = []
    for recipe in train_recipes(project, current_split(project)):
        run = stored_run(project, recipe)
        if run is None:
            return None
        finished.append(run)
    return finished[0]._replace(further=tuple(finished[1:]))


def stored_run(project: Project, recipe: TrainRecipe) -> RunResult | None:
    """The run of this recipe, if it ended."""
    stored = project.objects.find(recipe)
    if stored is None:
        return None
    run = read_record(stored, "run", Run)
    return RunResult(recipe.digest, run, stored / folder_in_run(recipe.tuning))


def train_recipes(project: Project, split: SplitResult) -> tuple[TrainRecipe, ...]:
    """Everything that the runs depend on, one recipe a seed."""
    settings = project.settings
    first = TrainRecipe(
        stage="run",
        revision=REVISION,
        split=split.taught_digest,
        base=find_base(settings.model.base, project.folder).digest,
        instruction=wording(project, split.sides).digest,
        tuning=settings.tuning,
        training=settings.training,
    )
    change = msgspec.structs.replace
    return tuple(
        change(first, training=change(first.training, seed=first.training.seed + place))
        for place in range(settings.criteria_in_force.seeds)
    )


def folder_in_run(tuning: Tuning) -> str:
    """Where a run keeps what it learned: beside a base, or a model that stands for itself."""
    return "weights" if isinstance(tuning, Full) else "adapter"


def train_once(
    project: Project, split: SplitResult, recipe: TrainRecipe, progress: Progress
) -> None:
    """Train by this recipe on the rows of `split`, going on where a kill left it, and keep the run.

    Whoever calls it has seen to the seal, or trains on what no verdict is ever given on.
    """
    from surpass.train.loop import Job, train_adapter  # pulls in torch
    from surpass.train.preferences import train_on_pairs

    settings = project.settings
    tell_started(project, recipe.digest, recipe.tuning, recipe.training)
    work = train_adapter if recipe.training.pairs is UNSET else train_on_pairs
    job = Job(
        base=find_base(settings.model.base, project.folder),
        instruction=wording(project, split.sides).instruction,
        train=split.taught,
        valid=split.valid,
        tuning=settings.tuning,
        training=recipe.training,
        number_type=number_type(project),
        threads=threads(),
    )
    with project.objects.write(recipe) as folder:
        run = work(
            job,
            scratch=project.objects.scratch(recipe),
            out=folder / folder_in_run(recipe.tuning),
            progress=watched(project, recipe.digest, progress),
        )
        write_record(folder, "run", run)
    project.objects.drop_scratch(recipe)
