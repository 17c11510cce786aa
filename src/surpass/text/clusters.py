"""Groups of texts with the same words, and the centre of each as data.

No model is needed: hashed words, reduced by a truncated SVD, divided by k-means. A centre is kept
as weights of hashed words, so that a later text can be asked whether it belongs there.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from surpass.text.vectors import hashed_words

PLACES = 2**13  # of the hash; two words meet in one place rarely enough for a name
_KEPT = 80  # heaviest places of a centre
_DIRECTIONS = 32  # of the SVD
_SMALLEST = 40  # texts a cluster on average, so that a cluster can be tested at all
_MOST = 12  # clusters

Floats = NDArray[np.float64]


class Centre(NamedTuple):
    """Weights of hashed words, with the similarity from which on a text belongs to it."""

    places: tuple[int, ...]
    weights: tuple[float, ...]
    at_least: float


def encoded(texts: list[str]) -> sparse.csr_matrix:
    """Each text as hashed words and word pairs of length 1, shape (texts, PLACES)."""
    return sparse.csr_matrix(hashed_words(PLACES).transform(texts))


def similarity(
    encoding: sparse.csr_matrix, places: tuple[int, ...], weights: tuple[float, ...]
) -> Floats:
    """How much each encoded text resembles a centre, shape (texts,)."""
    centre = np.zeros(encoding.shape[1])
    centre[list(places)] = weights
    return np.asarray(encoding @ centre)


def centres(
    encoding: sparse.csr_matrix, seed: int, *, most: int = _MOST, smallest: int = _SMALLEST
) -> tuple[Centre, ...]:
    """K-means over the encoding; as many texts pass a centre's threshold as k-means gave it.

    The centres are fixed by the texts and the seed. None where there are too few texts.

    Args:
        encoding: Of the texts.
        seed: Of the SVD and of k-means.
        most: Clusters, at most.
        smallest: Texts a cluster has on average, at least.
    """
    count = min(most, encoding.shape[0] // smallest)
    if count < 2 or np.count_nonzero(encoding.getnnz(axis=0)) <= _DIRECTIONS:
        return ()
    rarity = _rarity(encoding)
    weighted = normalize(encoding.multiply(rarity).tocsr())
    reduced = TruncatedSVD(_DIRECTIONS, random_state=seed).fit_transform(weighted)
    member = KMeans(count, n_init=3, random_state=seed).fit_predict(normalize(reduced))
    found = (_centre(encoding, weighted[member == k], rarity) for k in range(count))
    return tuple(centre for centre in found if centre is not None)


def most_central(texts: list[str]) -> list[int]:
    """Places of the texts, the one most like all the others first; ties in order."""
    encoding = encoded(texts)
    middle = np.asarray(encoding.mean(axis=0)).ravel()
    order: list[int] = np.argsort(-np.asarray(encoding @ middle), kind="stable").tolist()
    return order


def _centre(
    encoding: sparse.csr_matrix, members: sparse.csr_matrix, rarity: Floats
) -> Centre | None:
    mean = np.asarray(members.mean(axis=0)).ravel() * rarity
    heaviest = np.sort(np.argsort(-mean, kind="stable")[:_KEPT])
    heaviest = heaviest[mean[heaviest] > 0]
    if heaviest.size == 0:
        return None
    places = tuple(heaviest.tolist())
    weights = tuple((mean[heaviest] / np.linalg.norm(mean[heaviest])).round(6).tolist())
    alike = np.sort(similarity(encoding, places, weights))[::-1]
    return Centre(places, weights, float(alike[members.shape[0] - 1]))


def _rarity(encoding: sparse.csr_matrix) -> Floats:
    """Inverse document frequency of each place, as scikit-learn smooths it."""
    documents = encoding.getnnz(axis=0)
    return np.asarray(np.log((1 + encoding.shape[0]) / (1 + documents)) + 1, dtype=np.float64)
