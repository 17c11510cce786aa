"""Other ways to notice new topics, re-implemented to be measured beside ours.

Each gives a score of a window, the higher the surer of drift; `BARS` says where its own users set
the alarm.
"""

import warnings
from typing import NamedTuple

import numpy as np
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize

BARS = {
    "PSI of 20 clusters > 0.1": 0.1,
    "Evidently's domain classifier, AUC > 0.55": 0.55,
    "MMD, 100 permutations": -0.05,
    "classifier test on LSA": -0.05,
}


class Old(NamedTuple):
    """What is fitted on the reference."""

    texts: list[str]
    weigh: object
    vectors: np.ndarray
    clusters: KMeans
    shares: np.ndarray


def fitted(texts: list[str]) -> Old:
    weigh = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, min_df=2), TruncatedSVD(64, random_state=0)
    )
    vectors = normalize(weigh.fit_transform(texts))
    clusters = KMeans(20, n_init=2, random_state=0).fit(vectors)
    return Old(texts, weigh, vectors, clusters, _shares(clusters.labels_))


def scores(old: Old, window: list[str], rng: np.random.Generator) -> dict[str, float]:
    """The score of each method."""
    now = normalize(old.weigh.transform(window))
    names = list(BARS)
    before = old.vectors[rng.permutation(len(old.texts))[:1000]]
    return {
        names[0]: _psi(old.shares, _shares(old.clusters.predict(now))),
        names[1]: _domain_classifier(old.texts, window),
        names[2]: -_mmd_p(before, now, rng),
        names[3]: -_classifier_p(before, now),
    }


def _shares(labels: np.ndarray) -> np.ndarray:
    return (np.bincount(labels, minlength=20) + 1e-4) / len(labels)


def _psi(before: np.ndarray, now: np.ndarray) -> float:
    return float(((now - before) * np.log(now / before)).sum())


def _domain_classifier(before: list[str], now: list[str]) -> float:
    """As evidently/legacy/utils/data_drift_utils.py: TF-IDF, SGD with L1, half of the rows held."""
    texts, labels = before + now, [0] * len(before) + [1] * len(now)
    train, test, known, asked = train_test_split(texts, labels, test_size=0.5, random_state=42)
    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, max_df=0.5, stop_words="english"),
        SGDClassifier(
            alpha=0.0001, max_iter=50, penalty="l1", loss="modified_huber", random_state=0
        ),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(train, known)
        return float(roc_auc_score(asked, model.predict_proba(test)[:, 1]))


def _mmd_p(before: np.ndarray, now: np.ndarray, rng: np.random.Generator) -> float:
    """Gaussian kernel at the median distance, labels permuted."""
    both = np.vstack([before, now])
    distance = 2 - 2 * both @ both.T
    kernel = np.exp(-distance / np.median(distance))
    label = np.r_[np.full(len(before), 1 / len(before)), np.full(len(now), -1 / len(now))]
    drawn = np.stack([label, *(rng.permutation(label) for _ in range(100))])
    found = ((drawn @ kernel) * drawn).sum(axis=1)
    return float((1 + (found[1:] >= found[0]).sum()) / 101)


def _classifier_p(before: np.ndarray, now: np.ndarray) -> float:
    """Logistic regression on every other row; ranks of the others."""
    both = np.vstack([before, now])
    label = np.r_[np.zeros(len(before)), np.ones(len(now))].astype(int)
    model = LogisticRegression(class_weight="balanced", max_iter=200).fit(both[::2], label[::2])
    said, held = model.decision_function(both[1::2]), label[1::2]
    return float(stats.mannwhitneyu(said[held == 1], said[held == 0], alternative="greater").pvalue)


def page_hinkley(errors: np.ndarray) -> int | None:
    """First alarm of Page-Hinkley with river's defaults; None: never."""
    mean = total = lowest = 0.0
    for seen, error in enumerate(errors, 1):
        mean += (error - mean) / seen
        total = 0.9999 * total + error - mean - 0.005
        lowest = min(lowest, total)
        if seen >= 30 and total - lowest > 50:
            return seen - 1
    return None


def ddm(errors: np.ndarray) -> int | None:
    """First alarm of DDM (Gama et al. 2004) with river's defaults; None: never."""
    wrong, best, spread = 0.0, np.inf, np.inf
    for seen, error in enumerate(errors, 1):
        wrong += error
        share = wrong / seen
        deviation = np.sqrt(share * (1 - share) / seen)
        if seen < 30 or wrong == 0:
            continue
        if share + deviation < best + spread:
            best, spread = share, deviation
        if share + deviation > best + 3 * spread:
            return seen - 1
    return None
