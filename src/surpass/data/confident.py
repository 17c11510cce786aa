"""Confident learning: labels that a model which has not seen the row would not give.

The only file that imports cleanlab; it takes seconds, so checks import this file when they run.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from cleanlab.filter import find_label_issues
from numpy.typing import NDArray

from surpass.core.columns import INPUT, ROW
from surpass.data.atoms import find_atoms
from surpass.text.classifier import FOLDS, guessed
from surpass.text.shingles import text_hashes

FEWEST_ATOMS = FOLDS  # of one label: rows that are no copies of each other, so each fold has one

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Doubts(NamedTuple):
    """What a model of the other rows says about each row's label."""

    places: Integers  # rows whose label it doubts, in the order of review: least probable first
    likelier: list[str]  # the label that it would give to each of them
    given_chance: Floats  # probability of the given label of each of them
    likelier_chance: Floats  # of the likelier one
    judged: int  # rows with a label that can be judged, sampled ones only
    learned: int  # rows that a model learned from
    agreeing_share: float | None  # of the labels it does not doubt, how many it guesses itself
    commonest_share: float  # how many of them it would guess by saying the commonest label always


def doubts(examples: pl.DataFrame, labels: pl.Series, most_rows: int) -> Doubts:
    """Judge each row's label by models that saw neither the row nor one that belongs with it.

    Rows of one group and near duplicates stay in one fold: a copied mistake does not vote for
    itself. The result does not depend on the order of the rows.

    Args:
        examples: ROW, INPUT and GROUP.
        labels: What was given to each row; null and empty ones are not judged.
        most_rows: With more, that many are judged, drawn by a hash of their ids.

    Source:
        Northcutt, Jiang and Chuang 2021, Confident Learning (arXiv:1911.00068): the off-diagonal of
        the confident joint, ordered by self-confidence.
    """
    hashes = text_hashes(examples[ROW]).to_numpy()
    places = np.argsort(hashes, kind="stable")
    asked = (examples[INPUT].str.strip_chars() != "") & (labels.fill_null("") != "")
    places = places[asked.to_numpy()[places]][:most_rows]
    chosen, atoms = examples[places], np.zeros(0, dtype=np.int64)
    if places.size:
        atoms = find_atoms(chosen).atom
    enough = _with_enough(labels.gather(places), atoms)
    places, chosen, atoms = places[enough], chosen.filter(enough), atoms[enough]
    names, numbers = np.unique(labels.gather(places).to_numpy(), return_inverse=True)
    if names.size < 2:
        return Doubts(places[:0], [], np.zeros(0), np.zeros(0), places.size, 0, None, 1.0)
    said = guessed(chosen[INPUT].to_list(), numbers, _folds(atoms))
    found = suspects(numbers, said.probabilities)
    best = said.probabilities.argmax(axis=1)
    trusted = np.ones(places.size, dtype=bool)
    trusted[found] = False
    return Doubts(
        places=places[found],
        likelier=names[best[found]].tolist(),
        given_chance=said.probabilities[found, numbers[found]],
        likelier_chance=said.probabilities[found, best[found]],
        judged=places.size,
        learned=said.learned,
        agreeing_share=float((best == numbers)[trusted].mean()),
        commonest_share=float(np.bincount(numbers[trusted]).max() / trusted.sum()),
    )


def suspects(labels: Integers, probabilities: Floats) -> Integers:
    """Rows whose label is probably wrong, the least probable label first.

    Of equally improbable ones that comes first for which the model is surest of another label; then
    in order.

    Args:
        labels: Number of each row's label, from 0 on, each of them on some row.
        probabilities: Of each label for each row, by a model that had not seen the row.
    """
    wrong = find_label_issues(labels, probabilities, filter_by="confident_learning", n_jobs=1)
    chance = probabilities[np.arange(labels.size), labels]
    order = np.lexsort((-probabilities.max(axis=1), chance))
    found: Integers = order[wrong[order]]
    return found


def _with_enough(labels: pl.Series, atoms: Integers) -> NDArray[np.bool_]:
    """Which rows have a label that enough rows have which do not belong together."""
    frame = pl.DataFrame({"label": labels, "atom": atoms})
    kinds = frame.select(pl.col("atom").n_unique().over("label"))["atom"]
    return (kinds >= FEWEST_ATOMS).to_numpy()


def _folds(atoms: Integers) -> Integers:
    """Deal atoms to folds in turn, in the order in which their first rows come."""
    return np.asarray(np.unique(atoms, return_inverse=True)[1] % FOLDS, dtype=np.int64)
