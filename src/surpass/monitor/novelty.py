"""How unlike everything known a text is: one minus its likeness to the nearest known text."""

from collections.abc import Callable, Sequence

import numpy as np

from surpass.measure.statistics import Floats
from surpass.text.vectors import nearness

Encode = Callable[[Sequence[str]], Floats]
Novelty = Callable[[list[str]], Floats]
"""Of each text, 0 to 1, shape (texts,); 1 for one that shares nothing with any known text."""

_KNOWN = 3_000  # texts that later ones are compared with, at most


def novelty_of(known: list[str], encode: Encode | None = None) -> Novelty:
    """Remember the known texts, the first so many, and compare later ones with them.

    Args:
        known: At least one text with a letter.
        encode: Vectors of texts; None: weighted pieces of words.
    """
    if encode is None:
        alike = nearness(known[:_KNOWN])
    else:
        vectors = _unit(encode(known[:_KNOWN]))

        def alike(texts: list[str]) -> Floats:
            return np.asarray((_unit(encode(texts)) @ vectors.T).max(axis=1))

    return lambda texts: np.asarray(1 - np.clip(alike(texts), 0, 1))


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))
