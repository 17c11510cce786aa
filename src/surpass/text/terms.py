"""Words that set some texts apart from the others: a cluster's name, and what is rare."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from surpass.text.spaceless import is_spaceless, pairs_in, without

_WORD = re.compile(r"[^\W\d_][\w'-]+")
_LIFT = 1.5  # so many times as common in the cluster as in all texts: leaves out "the" and "and"


def plain_words(text: str) -> list[str]:
    """Words of two characters and more, without case; numbers are none.

    Of a text in a script without spaces, every two neighbouring letters instead.
    """
    folded = text.casefold()
    if not is_spaceless(folded):
        return _WORD.findall(folded)
    return _WORD.findall(without(folded)) + pairs_in(folded)


def common_words(texts: Iterable[str], count: int = 1000) -> tuple[int, ...]:
    """Hashes of the commonest words, at most so many, each in two texts at least; in order."""
    documents = Counter(word for text in texts for word in set(plain_words(text)))
    often = [word for word, found in documents.items() if found >= 2]
    often.sort(key=lambda word: (-documents[word], word))
    return tuple(sorted({crc32(word.encode()) for word in often[:count]}))


def rare_share(texts: Iterable[str], common: frozenset[int]) -> NDArray[np.float64]:
    """Share of the words of each text that are not common, shape (texts,); 0 without words."""
    found = []
    for text in texts:
        words = plain_words(text)
        rare = sum(crc32(word.encode()) not in common for word in words)
        found.append(rare / len(words) if words else 0.0)
    return np.array(found, dtype=np.float64)


def distinctive_terms(
    inside: Sequence[str], everything: Iterable[str], count: int = 4
) -> tuple[str, ...]:
    """The words that name these texts, the best first; fewer if fewer set them apart.

    A word counts once a text, so that one long text does not name the others. It must stand in two
    texts of the cluster at least, or in the only one.

    Args:
        inside: Texts of the cluster.
        everything: All texts, those of the cluster included.
        count: How many words at most.

    Source:
        Class-based TF-IDF, Grootendorst 2022 (arXiv:2203.05794), equation 2, with texts counted in
        place of occurrences.
    """
    here = Counter(word for text in inside for word in set(plain_words(text)))
    documents = [set(plain_words(text)) for text in everything]
    overall = Counter(word for document in documents for word in document)
    if not here or not documents:
        return ()
    fewest = min(2, len(inside))
    scores = {}
    for word, texts in here.items():
        share, usual = texts / len(inside), overall[word] / len(documents)
        if texts >= fewest and share >= _LIFT * usual:
            scores[word] = share * log(1 + 1 / usual)
    return tuple(sorted(scores, key=lambda word: (-scores[word], word))[:count])
