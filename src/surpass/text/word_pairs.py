"""How well the words of one text follow from those of another, learned from pairs of texts.

IBM's first model of translation: each word of an answer comes from some word of its input, or is
the input's own word, or is one that answers have anyway. No order, no grammar: enough to see that
an answer belongs to another input.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from surpass.text.canonical import canonical
from surpass.text.shingles import spaceless
from surpass.text.terms import plain_words

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_CHARACTERS = 4_000  # of a text that are read
_MOST_INPUT_WORDS = 30  # of an input, the rarest that stand in two inputs at least
_MOST_OUTPUT_WORDS = 40  # of an answer, the rarest
_MOST_PAIRS = 3_000_000  # of words of an input and its answer that are learned from
_ROUNDS = 4  # of expectation and maximisation
_AT_ONCE = 250  # rows that are compared with each other
_FEWEST_COMPARED = 10  # other inputs, to say how many explain an answer as well
_TRANSLATED, _COPIED, _ANYWAY = 0.5, 0.3, 0.2  # where a word comes from, before anything is known


class Words(NamedTuple):
    """Which words each row has, as a matrix of rows and words, and each word's number."""

    has: sparse.csr_matrix  # bool, shape (rows, words)
    names: list[str]


class Explained(NamedTuple):
    """How well each answer follows from its own input; arrays of shape (rows,)."""

    loss: Floats  # nats a word; nan where a row has no words to judge
    equalled: Floats  # share of other rows' inputs that explain it at least as well; nan: too few
    words: Integers  # of the answer, that were judged


def explained(
    inputs: pl.Series, answers: pl.Series, folds: Integers, together: Integers
) -> Explained:
    """Judge each answer by a model of the pairs in the other folds.

    Args:
        inputs: Texts, shape (rows,).
        answers: The texts that belong to them, same order.
        folds: Of each row; each fold is judged by what was learned from the others.
        together: Rows with one number belong together and are not compared with each other.

    Cost:
        Seconds for 3 million pairs of words; rows beyond that are judged and not learned from.

    Source:
        Brown et al. 1993, The Mathematics of Statistical Machine Translation, model 1, on sets of
        words.
    """
    asked, said = _words(inputs, _MOST_INPUT_WORDS, fewest=2), _words(answers, _MOST_OUTPUT_WORDS)
    copied = _copies(inputs, said.names)
    loss = np.full(folds.size, np.nan)
    equalled, judged = loss.copy(), said.has.getnnz(axis=1).astype(np.int64)
    pairs = _pairs(asked.has, said.has)
    for fold in np.unique(folds):
        seen, own = folds != fold, np.flatnonzero((folds == fold) & (judged > 0))
        if not seen.any() or not own.size:
            continue
        table = _learned(pairs, seen, (len(asked.names), len(said.names)))
        usual = np.asarray(said.has[seen].sum(axis=0)).ravel() + 0.5
        for part in np.array_split(own, -(-own.size // _AT_ONCE)):
            model = _Model(table, usual / usual.sum())
            scores = _scores(asked.has[part], said.has[part], copied[part], model)
            loss[part] = -np.diag(scores)
            other = together[part][:, None] != together[part][None, :]
            as_good = (scores >= np.diag(scores)[None, :]) & other
            compared = other.sum(axis=0)
            share = as_good.sum(axis=0) / np.maximum(compared, 1)
            equalled[part] = np.where(compared >= _FEWEST_COMPARED, share, np.nan)
    return Explained(loss, equalled, judged)


class _Model(NamedTuple):
    table: sparse.csr_matrix  # chance of a word of an answer, given one of an input
    usual: Floats  # chance of a word of any answer


class _Pairs(NamedTuple):
    """Every word of an input with every word of its answer; arrays of shape (pairs,)."""

    row: Integers
    asked: Integers
    said: Integers


def tokens(texts: pl.Series) -> list[list[str]]:
    """Different words of each text; of a script without spaces, pairs of characters."""
    forms = canonical(texts.str.head(_CHARACTERS))
    words = forms.str.extract_all(r"\w+").list.unique(maintain_order=True).to_list()
    bare = spaceless(forms).to_list()
    return [
        list(dict.fromkeys(plain_words(form))) if joined else found
        for form, found, joined in zip(forms, words, bare, strict=True)
    ]


def _words(texts: pl.Series, most: int, fewest: int = 1) -> Words:
    """The rarest words of each text, of those that `fewest` texts have."""
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(word, len(numbers)) for word in found] for found in tokens(texts)]
    times = np.bincount([n for row in rows for n in row], minlength=len(numbers))
    kept = [sorted((n for n in row if times[n] >= fewest), key=times.__getitem__) for row in rows]
    chosen = [row[:most] for row in kept]
    places = np.repeat(np.arange(len(chosen)), [len(row) for row in chosen])
    flat = np.array([n for row in chosen for n in row], dtype=np.int64)
    shape = (len(chosen), max(len(numbers), 1))
    has = sparse.csr_matrix((np.ones(flat.size), (places, flat)), shape=shape)
    return Words(has, list(numbers) or [""])


def _copies(inputs: pl.Series, names: list[str]) -> sparse.csr_matrix:
    """The chance of each word of an answer to be one of the input's own, drawn at random."""
    numbers = {name: number for number, name in enumerate(names)}
    rows, columns, chances = [], [], []
    for row, found in enumerate(tokens(inputs)):
        for word in found:
            if word in numbers:
                rows.append(row)
                columns.append(numbers[word])
                chances.append(1 / len(found))
    return sparse.csr_matrix((chances, (rows, columns)), shape=(inputs.len(), len(names)))


def _pairs(asked: sparse.csr_matrix, said: sparse.csr_matrix) -> _Pairs:
    """All pairs of the first rows, as many as fit."""
    many = asked.getnnz(axis=1).astype(np.int64) * said.getnnz(axis=1)
    rows = np.flatnonzero((np.cumsum(many) <= _MOST_PAIRS) & (many > 0))
    found = [
        (row, np.repeat(mine, theirs.size), np.tile(theirs, mine.size))
        for row in rows.tolist()
        for mine, theirs in [(_of_row(asked, row), _of_row(said, row))]
    ]
    if not found:
        return _Pairs(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
    row = np.repeat([row for row, _, _ in found], [mine.size for _, mine, _ in found])
    return _Pairs(
        row.astype(np.int64),
        np.concatenate([mine for _, mine, _ in found]),
        np.concatenate([theirs for _, _, theirs in found]),
    )


def _of_row(has: sparse.csr_matrix, row: int) -> Integers:
    found: Integers = has.indices[has.indptr[row] : has.indptr[row + 1]].astype(np.int64)
    return found


def _learned(pairs: _Pairs, seen: NDArray[np.bool_], shape: tuple[int, int]) -> sparse.csr_matrix:
    """Chances of words of answers given a word of an input, shape (input words, answer words)."""
    used = seen[pairs.row]
    row, asked, said = pairs.row[used], pairs.asked[used], pairs.said[used]
    if not row.size:
        return sparse.csr_matrix(shape)
    kinds, kind = np.unique(asked * shape[1] + said, return_inverse=True)
    of_asked, of_said = kinds // shape[1], kinds % shape[1]
    place = np.unique(row * shape[1] + said, return_inverse=True)[1]  # one word of one answer
    chance = np.ones(kinds.size)
    for _ in range(_ROUNDS):
        weight = chance[kind]
        share = weight / np.bincount(place, weight)[place]
        counts = np.bincount(kind, share)
        chance = counts / np.bincount(of_asked, counts, minlength=shape[0])[of_asked]
    return sparse.csr_matrix((chance, (of_asked, of_said)), shape=shape)


def _scores(
    asked: sparse.csr_matrix, said: sparse.csr_matrix, copied: sparse.csr_matrix, model: _Model
) -> Floats:
    """Mean log chance of the words of answer i given input j, at place (j, i)."""
    columns = np.flatnonzero(said.getnnz(axis=0))
    answers = said[:, columns]
    words = np.maximum(asked.getnnz(axis=1), 1)
    translated = (asked @ model.table[:, columns]).toarray() / words[:, None]
    own = copied[:, columns].toarray()
    chance = _TRANSLATED * translated + _COPIED * own + _ANYWAY * model.usual[columns]
    lengths = np.asarray(answers.sum(axis=1)).ravel()
    found: Floats = np.log(chance) @ answers.T.toarray() / lengths[None, :]
    return found
