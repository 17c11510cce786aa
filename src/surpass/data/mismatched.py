"""Answers that belong to another input, or to none: told by a model of words from the other rows.

It imports scipy, so checks import this file when they run.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.data.atoms import find_atoms
from surpass.text.shingles import text_hashes
from surpass.text.word_pairs import Floats, Integers, explained

FOLDS = 5
_BEST_TWENTIETH = 0.05
_CUTS = (0.05, 0.1, 0.2)  # shares of other inputs, from which on an answer counts as mismatched
_LAST_CUT = 0.25  # used where none of them is precise enough
_FEWEST_ESTIMATED = 10  # answers shown, for an estimate of how many of them are mismatched
_FEWEST_WORDS = 3  # of an answer that is judged
_LENGTHS = 5  # bins of answers with about as many words
_FEWEST_IN_BIN = 30
_LEAST_SPREAD = 0.2  # nats a word: answers of one pattern hardly differ, and a tail is no error
_SPREAD = 1.4826  # times the median deviation: the standard deviation of a normal sample


class Mismatched(NamedTuple):
    """What the model says of the rows; places are positions in the frame."""

    judged: int
    explained_share: float  # of the answers, that their input explains best or nearly so
    places: Integers  # answers that other inputs explain as well, the worst first
    equalled: Floats  # share of the other inputs that do, of each of them
    precision: float | None  # estimated; none where too little was found for that
    unusual: Integers  # answers of words that hardly any others have, the worst first
    deviations: Floats  # of each of them, from answers of its length


def mismatched(
    examples: pl.DataFrame, most_rows: int, least_precision: float, most_deviations: float
) -> Mismatched:
    """Judge each answer by what was learned from rows that do not belong with it.

    An answer that was swapped with another is explained by any input as well as by its own, so the
    share of inputs that do better is anything between 0 and 1; of a right answer it is near 0. From
    how many stand above 0.25 follows how many are mismatched in all, and how precise a cut is.

    Args:
        examples: ROW, INPUT, TARGET and GROUP.
        most_rows: With more, that many are judged, drawn by a hash of their ids.
        least_precision: Estimated, of what is shown.
        most_deviations: From the median of answers of a like length, in standard deviations.

    Source:
        The estimate of what is mismatched is Storey's (2002, J. R. Stat. Soc. B 64, section 3) of
        true null hypotheses among p-values.
    """
    order = np.argsort(text_hashes(examples[ROW]).to_numpy(), kind="stable")
    filled = (examples[INPUT].str.strip_chars() != "") & (examples[TARGET].str.strip_chars() != "")
    places = order[filled.to_numpy()[order]][:most_rows]
    chosen = examples[places]
    atoms = find_atoms(chosen).atom if places.size else np.zeros(0, dtype=np.int64)
    folds = np.unique(atoms, return_inverse=True)[1] % FOLDS
    found = explained(chosen[INPUT], chosen[TARGET], folds, atoms)
    able = np.isfinite(found.equalled) & (found.words >= _FEWEST_WORDS)
    places, equalled, loss = places[able], found.equalled[able], found.loss[able]
    cut, precision = _cut(equalled, least_precision)
    out = np.flatnonzero(equalled > cut)
    out = out[np.lexsort((-loss[out], -equalled[out]))]
    deviations = _deviations(loss, found.words[able])
    odd = np.flatnonzero(deviations > most_deviations)
    odd = odd[np.argsort(-deviations[odd], kind="stable")]
    return Mismatched(
        judged=places.size,
        explained_share=float((equalled <= _BEST_TWENTIETH).mean()) if places.size else 0.0,
        places=places[out],
        equalled=equalled[out],
        precision=precision if out.size >= _FEWEST_ESTIMATED else None,
        unusual=places[odd],
        deviations=deviations[odd],
    )


def _cut(equalled: Floats, least_precision: float) -> tuple[float, float]:
    """The lowest cut that is precise enough, and how precise it is."""
    wrong = float((equalled > _LAST_CUT).sum()) / (1 - _LAST_CUT)
    for cut in (*_CUTS, _LAST_CUT):
        shown = int((equalled > cut).sum())
        precision = min(1.0, (1 - cut) * wrong / shown) if shown else 1.0
        if precision >= least_precision:
            break
    return cut, precision


def _deviations(loss: Floats, words: Integers) -> NDArray[np.float64]:
    """How far each loss is above the median of answers with about as many words."""
    found = np.zeros(loss.size)
    if not loss.size:
        return found
    edges = np.unique(np.quantile(words, np.arange(1, _LENGTHS) / _LENGTHS))
    bins = np.searchsorted(edges, words, side="left")
    for number in np.unique(bins):
        inside = bins == number
        middle = np.median(loss[inside])
        spread = max(_SPREAD * np.median(np.abs(loss[inside] - middle)), _LEAST_SPREAD)
        if inside.sum() >= _FEWEST_IN_BIN:
            found[inside] = (loss[inside] - middle) / spread
    return found
