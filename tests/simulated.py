"""Tests of two models whose true scores are known: what intervals and gates are held against."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import ndtri

from surpass.core import columns
from surpass.measure.metrics import Metric, metric


class World(NamedTuple):
    """Where test rows come from, and how often two models are right there."""

    metric: str
    groups: int
    base: float  # true share of right answers (of right fields, for records)
    tuned: float
    size: int = 1  # mean rows of a group
    alike: float = 0.0  # correlation of right answers within a group
    uneven: bool = False  # groups of 1 row up to many instead of equal ones
    shares: tuple[float, ...] = (0.5, 0.5)  # of the labels

    @property
    def chosen(self) -> Metric:
        return metric(self.metric)

    @property
    def labels(self) -> tuple[str, ...]:
        return (
            () if self.metric == "field_f1" else tuple(f"L{i:02}" for i in range(len(self.shares)))
        )


def balanced(labels: int) -> tuple[float, ...]:
    return (1 / labels,) * labels


def drawn(world: World, times: int, seed: int) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Predictions of the tuned and the base model on `times` tests from this world."""
    rng = np.random.default_rng(seed)
    for _ in range(times):
        member = np.repeat(np.arange(world.groups), _sizes(world, rng))
        if world.metric == "field_f1":
            yield (
                _records(world, member, world.tuned, rng),
                _records(world, member, world.base, rng),
            )
            continue
        expected = rng.choice(len(world.shares), size=member.size, p=world.shares)
        shared = rng.standard_normal(member.size)
        yield tuple(
            _labelled(world, member, expected, _right(world, member, p, shared, rng), rng)
            for p in (world.tuned, world.base)
        )


def true_score(world: World, right: float, tuned: pl.DataFrame) -> float:
    """The model's score on endless rows; macro F1 over the labels that this test has."""
    if world.metric == "field_f1":  # a wrong field is left out half of the time
        return 2 * right / (2 - (1 - right) / 2)
    if world.metric == "accuracy":
        return right
    shares = np.array(world.shares)
    answered = right * shares + (1 - right) * (1 - shares) / (len(shares) - 1)
    of_each = 2 * right * shares / (answered + shares)
    seen = set(tuned[columns.TARGET])
    return float(
        np.mean([f for f, label in zip(of_each, world.labels, strict=True) if label in seen])
    )


def true_gain(world: World, tuned: pl.DataFrame) -> float:
    return true_score(world, world.tuned, tuned) - true_score(world, world.base, tuned)


def _sizes(world: World, rng: np.random.Generator) -> np.ndarray:
    if not world.uneven:
        return np.full(world.groups, world.size)
    return rng.geometric(1 / world.size, world.groups)


def _right(
    world: World, member: np.ndarray, share: float, shared: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Which rows a model gets right: alike within groups or, on single rows, for both models."""
    if world.alike == 0:
        ease = (shared + rng.standard_normal(member.size)) / np.sqrt(2)
        return ease < ndtri(share)
    spread = (1 - world.alike) / world.alike
    of_group = rng.beta(share * spread, (1 - share) * spread, world.groups)
    return rng.random(member.size) < of_group[member]


def _labelled(
    world: World,
    member: np.ndarray,
    expected: np.ndarray,
    right: np.ndarray,
    rng: np.random.Generator,
) -> pl.DataFrame:
    count = len(world.shares)
    other = (expected + rng.integers(1, count, size=expected.size)) % count
    answered = np.where(right, expected, other)
    names = np.array(world.labels)
    return _frame(member, names[expected].tolist(), names[answered].tolist())


def _records(
    world: World, member: np.ndarray, share: float, rng: np.random.Generator
) -> pl.DataFrame:
    fields = np.array(
        [_right(world, member, share, rng.standard_normal(member.size), rng) for _ in range(3)]
    ).T
    left_out = rng.random(fields.shape) < 0.5
    answers = [
        json.dumps(
            {
                name: "yes" if ok else "no"
                for name, ok, out in zip("abc", row, gone, strict=True)
                if ok or not out
            }
        )
        for row, gone in zip(fields, left_out, strict=True)
    ]
    return _frame(member, [json.dumps({"a": "yes", "b": "yes", "c": "yes"})] * member.size, answers)


def _frame(member: np.ndarray, expected: list[str], answers: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            columns.ROW: np.arange(member.size).astype(str),
            columns.GROUP: member.astype(str),
            columns.TARGET: expected,
            columns.ANSWER: answers,
            columns.STATUS: "ok",
            columns.PROBABILITIES: pl.Series([None] * member.size, dtype=pl.List(pl.Float64)),
        }
    )
