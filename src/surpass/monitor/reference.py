"""The traffic that later traffic is compared with, prepared once for all windows."""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core.columns import CONFIDENCE, INPUT, LABEL, UNIT
from surpass.core.errors import CannotTell
from surpass.measure.drift.terms import Counted
from surpass.measure.statistics import Floats
from surpass.monitor.novelty import Encode, Novelty, novelty_of
from surpass.monitor.traffic import ORDER, one_a_unit
from surpass.text.clusters import Centre, centres, encoded, similarity
from surpass.text.terms import distinctive_terms, plain_words

_LEARNED = 2 / 3  # of the reference's users; the others are held back, as new as a window's
_CLUSTERS = 8


class Reference(NamedTuple):
    """What was said before, one text a user."""

    rows: pl.DataFrame  # all users
    texts_a_unit: int
    terms: Counted  # of all users
    words: frozenset[str]  # that the learned part knows
    learned: list[str]
    held: pl.DataFrame  # users that the learned part has not seen
    groups: tuple[Centre, ...]  # of the learned part; none where it is too small
    names: tuple[str, ...]  # of the groups
    novelty: Novelty
    held_novelty: Floats  # of the held users' texts

    @property
    def held_texts(self) -> list[str]:
        """Texts of the held users."""
        return list(self.held[INPUT].to_list())


def reference_of(
    rows: pl.DataFrame, texts_a_unit: int, encode: Encode | None = None, *, least: int = 100
) -> Reference:
    """Prepare the reference.

    Args:
        rows: Its requests.
        texts_a_unit: Requests a user that are read at most.
        encode: Vectors of texts for novelty; None: weighted pieces of words.
        least: Users below which nothing is compared.

    Raises:
        CannotTell: too few users whose texts are kept.
    """
    units = one_a_unit(rows, texts_a_unit)
    if units.height < least or not units[INPUT].str.contains(r"\p{L}\p{L}").any():
        raise CannotTell(
            f"The reference has the texts of {units.height} users; {least} are needed.",
            fix="Name a longer log with --reference, or wait for more traffic.",
        )
    place = pl.Series((units[ORDER] % 1000).to_numpy() < 1000 * _LEARNED)
    known, held = units.filter(place), units.filter(~place)
    learned = known[INPUT].to_list()
    groups = centres(encoded(learned), 0, most=_CLUSTERS)
    novelty = novelty_of(learned, encode)
    return Reference(
        rows=units,
        texts_a_unit=texts_a_unit,
        terms=counted_terms(units[INPUT].to_list()),
        words=frozenset(word for text in learned for word in plain_words(text)),
        learned=learned,
        held=held,
        groups=groups,
        names=_names(learned, groups),
        novelty=novelty,
        held_novelty=novelty(held[INPUT].to_list()),
    )


def counted_terms(texts: list[str]) -> Counted:
    """In how many texts each word and each pair of neighbours stands."""
    found: Counter[str] = Counter()
    for text in texts:
        words = plain_words(text)
        found.update({*words, *(f"{first} {second}" for first, second in pairwise(words))})
    return Counted(len(texts), found)


def group_of(texts: list[str], groups: tuple[Centre, ...]) -> np.ndarray:
    """The group that each text is most like, shape (texts,)."""
    encoding = encoded(texts)
    alike = [similarity(encoding, one.places, one.weights) for one in groups]
    return np.asarray(np.argmax(np.stack(alike), axis=0))


def confidences(rows: pl.DataFrame) -> Floats:
    """Mean confidence a user, of those where it is known."""
    return np.asarray(rows[CONFIDENCE].drop_nulls().to_numpy(), dtype=np.float64)


def labels_of(rows: pl.DataFrame) -> pl.Series:
    """One answered label a user, of those where it is known."""
    return rows.select(UNIT, LABEL).drop_nulls()[LABEL]


def _names(learned: list[str], groups: tuple[Centre, ...]) -> tuple[str, ...]:
    if not groups:
        return ()
    member = group_of(learned, groups)
    inside = [[learned[row] for row in np.flatnonzero(member == k)] for k in range(len(groups))]
    return tuple(", ".join(distinctive_terms(texts, learned)) or "no word" for texts in inside)
