"""Near duplicates by comparing all texts with all: the same definition without any hashing."""

import re

import numpy as np
from scipy import sparse

from surpass.text.canonical import canonical_text

_ROWS_AT_ONCE = 1_000


def plain_sets(text):
    """Runs of 3 words, and runs of 5 characters; either is empty where the text has none."""
    text, words = canonical_text(text), re.findall(r"\w+", canonical_text(text))
    by_words = (
        {tuple(words[i : i + 3]) for i in range(len(words) - 2)} if len(words) >= 8 else set()
    )
    short = len(words) <= 10 and text
    by_characters = {text[i : i + 5] for i in range(max(1, len(text) - 4))} if short else set()
    return by_words, by_characters


def plain_jaccard(one, other):
    shares = [
        len(left & right) / len(left | right)
        for left, right in zip(plain_sets(one), plain_sets(other), strict=True)
        if left and right
    ]
    return max(shares, default=0.0)


def all_pairs(texts, threshold):
    """(left, right) -> Jaccard of every pair at the threshold; equal texts count like others."""
    sets = [plain_sets(text) for text in texts]
    found = {}
    for view in range(2):
        for pair, jaccard in _pairs([both[view] for both in sets], threshold):
            found[pair] = max(jaccard, found.get(pair, 0.0))
    return found


def _pairs(sets, threshold):
    """Pairs of one view: products of rows of the incidence matrix count what two sets share."""
    numbers = {}
    members = [numbers.setdefault(one, len(numbers)) for own in sets for one in own]
    sizes = np.array([len(own) for own in sets])
    if not members:
        return
    starts = np.concatenate([[0], np.cumsum(sizes)])
    shape = (len(sets), len(numbers))
    incidence = sparse.csr_array((np.ones(len(members), np.int32), members, starts), shape=shape)
    columns = incidence.T.tocsr()
    for first in range(0, len(sets), _ROWS_AT_ONCE):
        shared = (incidence[first : first + _ROWS_AT_ONCE] @ columns).tocoo()
        left, right = shared.coords[0] + first, shared.coords[1]
        jaccard = shared.data / (sizes[left] + sizes[right] - shared.data)
        near = (jaccard >= threshold) & (left < right)
        yield from zip(
            zip(left[near].tolist(), right[near].tolist(), strict=True),
            jaccard[near].tolist(),
            strict=True,
        )
