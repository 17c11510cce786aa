import numpy as np

from surpass.text.classifier import FOLDS, guessed

COLOURS = ["red scarlet crimson", "blue azure navy", "green olive lime"]


def coloured(count, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, count)
    texts = [
        " ".join([*rng.permutation(COLOURS[label].split())[:2], f"thing{rng.integers(9)}"])
        for label in labels
    ]
    return texts, labels, rng.permutation(count) % FOLDS


def test_labels_that_words_tell_are_guessed():
    texts, labels, folds = coloured(200)
    found = guessed(texts, labels, folds)
    assert found.probabilities.shape == (200, 3)
    assert np.allclose(found.probabilities.sum(axis=1), 1)
    assert (found.probabilities.argmax(axis=1) == labels).all()
    assert found.learned == 160


def test_a_text_and_its_fold_teach_nothing_about_it():
    """Whatever labels one fold has: what is said of it stays the same."""
    texts, labels, folds = coloured(200)
    changed = np.where(folds == 2, (labels + 1) % 3, labels)
    before, after = (guessed(texts, one, folds).probabilities for one in (labels, changed))
    assert np.array_equal(before[folds == 2], after[folds == 2])
    assert not np.array_equal(before[folds == 1], after[folds == 1])


def test_a_label_that_is_only_in_its_own_fold_has_no_chance():
    texts, labels, folds = coloured(100)
    labels = np.where(folds == 0, 3, labels)
    assert (guessed(texts, labels, folds).probabilities[folds == 0, 3] == 0).all()


def test_one_label_elsewhere_is_certain():
    texts, _, folds = coloured(100)
    labels = (folds == 0).astype(int)
    found = guessed(texts, labels, folds).probabilities
    assert (found[folds == 0] == [1, 0]).all()


def test_texts_without_a_word_in_common_are_no_problem():
    texts = [chr(0x4E00 + 5 * at) for at in range(50)]
    found = guessed(texts, np.arange(50) % 2, np.arange(50) % FOLDS)
    assert np.isfinite(found.probabilities).all()
