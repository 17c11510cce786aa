"""The number type of this project on this machine: chosen once, so that base and tuned share it."""

import psutil

from surpass.core.environment import processor, threads
from surpass.core.recipe import Recipe
from surpass.model.precision import choose_number_type
from surpass.steps.project import Project
from surpass.store.objects import read_record, write_record


def memory_here() -> int:
    """Bytes of memory that this machine has."""
    return int(psutil.virtual_memory().total)


class ProbeRecipe(Recipe, frozen=True, kw_only=True):
    """What was asked of which processor."""

    setting: str
    processor: str


def number_type(project: Project) -> str:
    """As set, or what the first probe on this processor found: "float32" or "bfloat16"."""
    setting = project.settings.training.number_type
    recipe = ProbeRecipe(stage="probe", revision=1, setting=setting, processor=processor())
    stored = project.objects.find(recipe)
    if stored is None:
        chosen = choose_number_type(setting)
        with project.objects.write(recipe) as folder:
            write_record(folder, "number_type", chosen)
        return chosen
    return read_record(stored, "number_type", str)


class RateRecipe(Recipe, frozen=True, kw_only=True):
    """Which number type on which processor, with how many threads."""

    number_type: str
    processor: str
    threads: int


def machine_rate(project: Project) -> float:
    """Matrix products that this machine reaches, operations a second; measured once (0.2 s)."""
    kind = number_type(project)
    recipe = RateRecipe(
        stage="rate", revision=1, number_type=kind, processor=processor(), threads=threads()
    )
    stored = project.objects.find(recipe)
    if stored is None:
        from surpass.model.precision import matrix_rate  # pulls in torch

        rate = matrix_rate(kind, threads())
        with project.objects.write(recipe) as folder:
            write_record(folder, "rate", rate)
        return rate
    return read_record(stored, "rate", float)
