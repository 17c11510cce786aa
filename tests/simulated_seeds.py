"""Recipes whose true gain over all seeds is known: what bounds over seeds are held against."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from scipy.special import ndtri

from answers import answers

LABELS = ("a", "b")


class Recipe(NamedTuple):
    """How good its runs are, and on which rows they are tested."""

    seeds: int
    groups: int
    effects: Literal["normal", "skewed", "skewed up"]  # of seeds on the share of right answers
    spread: float = 0.05  # standard deviation of these effects
    size: int = 2  # rows of a group
    alike: float = 0.3  # correlation of rows within a group
    base: float = 0.6  # share of right answers
    tuned: float = 0.75  # mean over all seeds

    @property
    def gain(self) -> float:
        return self.tuned - self.base


def simulated(
    recipe: Recipe, times: int, seed: int
) -> Iterator[tuple[list[pl.DataFrame], pl.DataFrame]]:
    """Predictions of a recipe's runs and of the base, on so many tests with so many new runs."""
    rng = np.random.default_rng(seed)
    member = np.repeat(np.arange(recipe.groups), recipe.size)
    names = [f"g{one}" for one in member]
    for _ in range(times):
        hard = _noise(recipe, member, rng)

        def model(share: float, hard: np.ndarray = hard) -> pl.DataFrame:
            ease = (hard + _noise(recipe, member, rng)) / np.sqrt(2)
            right = ease < ndtri(np.clip(share, 0.01, 0.99))
            return answers(["a"] * member.size, np.where(right, "a", "b").tolist(), groups=names)

        effects = recipe.spread * _effects(recipe, rng)
        yield [model(recipe.tuned + effect) for effect in effects], model(recipe.base)


def _noise(recipe: Recipe, member: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Standard normal over rows, alike within groups."""
    of_group = rng.standard_normal(recipe.groups)[member]
    of_row = rng.standard_normal(member.size)
    return np.sqrt(recipe.alike) * of_group + np.sqrt(1 - recipe.alike) * of_row


def _effects(recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Mean 0, standard deviation 1; "skewed" is exponential with a tail of bad seeds."""
    if recipe.effects == "normal":
        return rng.standard_normal(recipe.seeds)
    tail = rng.standard_exponential(recipe.seeds) - 1
    return -tail if recipe.effects == "skewed" else tail
