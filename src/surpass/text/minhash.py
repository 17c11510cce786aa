"""MinHash and banding: which pairs of sets are worth comparing, without comparing all.

Source: Broder 1997 (MinHash); Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section
3.4 (banding); Dietzfelbinger et al. 1997 (multiply-shift hashing).
"""

import numpy as np
import numpy.typing as npt

BANDS = 32
ROWS_IN_BAND = 4  # a pair of Jaccard s is found with chance 1 - (1 - s^4)^32: 0.99999995 at 0.8
NEIGHBOURS = 16  # members of a bucket that each one is compared with, besides the first

_SETS_AT_ONCE = 2_000  # whose members fit into a processor's cache
_MOST_BITS = 26  # of a key that are counted by: half a GB
_CODES_AT_ONCE = 20_000_000  # pairs kept before repeats are dropped

Hashes = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]


def candidates(hashes: Hashes, starts: Positions, seed: int) -> tuple[Positions, Positions]:
    """Pairs (left < right) of sets that share a band of their signatures.

    In a bucket of up to 17 sets all pairs are candidates. In a larger one each set is paired with
    its 16 neighbours, similar sets being neighbours, and with the bucket's first: so boilerplate
    costs time in proportion to its rows, not to their square.

    Args:
        hashes: The sets' members, one set after the other.
        starts: Where each set begins; no set is empty.
        seed: Picks the hash functions.
    """
    keys = _band_keys(hashes, starts, seed)
    count = np.int64(starts.size)
    found = [np.zeros(0, dtype=np.int64)]
    for band in range(BANDS):
        tie = keys[(band + 1) % BANDS]  # brings similar sets of a large bucket together
        shared = _perhaps_equal(keys[band])
        order = shared[np.lexsort((tie[shared], keys[band][shared]))]
        left, right = _bucket_pairs(keys[band][order])
        one, other = order[left], order[right]
        found.append(np.minimum(one, other) * count + np.maximum(one, other))
        if sum(codes.size for codes in found) > _CODES_AT_ONCE:
            found = [_distinct(np.concatenate(found))]
    distinct = _distinct(np.concatenate(found))
    return distinct // count, distinct % count


def _distinct(codes: Positions) -> Positions:
    """Sorted, each once; np.unique of NumPy 2.4 takes a minute on numbers as regular as these."""
    codes.sort()
    fresh: npt.NDArray[np.bool_] = np.diff(codes, prepend=-1) != 0
    return codes[fresh]


def _band_keys(hashes: Hashes, starts: Positions, seed: int) -> Hashes:
    """One key a set for each band, shape (BANDS, sets); equal keys agree on the band's 4 minima."""
    rng = np.random.default_rng(seed)
    odd = rng.integers(0, 2**64, size=(BANDS, ROWS_IN_BAND, 3), dtype=np.uint64) | np.uint64(1)
    keys = np.empty((BANDS, starts.size), dtype=np.uint64)
    ends = np.append(starts[1:], hashes.size)
    for first in range(0, starts.size, _SETS_AT_ONCE):
        some = slice(first, first + _SETS_AT_ONCE)
        block = hashes[starts[first] : ends[some][-1]]
        for band in range(BANDS):
            keys[band, some] = _keys_of(block, starts[some] - starts[first], odd[band])
    return keys


def _keys_of(hashes: Hashes, starts: Positions, numbers: Hashes) -> Hashes:
    """The keys of one band; `numbers` are factor, shift and mixer of each of its hash functions."""
    key = np.zeros(starts.size, dtype=np.uint64)
    for factor, shift, mixer in numbers:
        # The upper half of the smallest is the smallest upper half.
        minimum = np.minimum.reduceat(hashes * factor + shift, starts) >> np.uint64(32)
        key = (key ^ minimum) * mixer
        key ^= key >> np.uint64(31)
    return key


def _perhaps_equal(keys: Hashes) -> Positions:
    """Positions of the keys that may stand there more than once: those whose upper bits do."""
    bits = min(keys.size.bit_length() + 3, _MOST_BITS)  # one lone key in eight remains at most
    upper = (keys >> np.uint64(64 - bits)).astype(np.int64)
    counts = np.bincount(upper, minlength=1 << bits)
    return np.flatnonzero(counts[upper] > 1)


def _bucket_pairs(keys: Hashes) -> tuple[Positions, Positions]:
    """Positions of pairs with equal keys in a sorted array: near neighbours, and the first."""
    left, right = [], []
    for distance in range(1, min(NEIGHBOURS + 1, keys.size)):
        same = np.flatnonzero(keys[distance:] == keys[:-distance])
        if same.size == 0:
            break
        left.append(same)
        right.append(same + distance)
    first = np.searchsorted(keys, keys)
    far = np.flatnonzero(np.arange(keys.size) - first > NEIGHBOURS)
    return np.concatenate([*left, first[far]]), np.concatenate([*right, far])
