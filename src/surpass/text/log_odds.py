"""Words that one set of texts uses more than another, beyond what chance does to rare words."""

from collections import Counter
from collections.abc import Iterable
from math import log, sqrt
from typing import NamedTuple

from surpass.text.terms import plain_words

_PRIOR = 500.0  # words that the prior is worth in all, at most
_PRIOR_SHARE = 0.1  # of all words, at most


class Leaning(NamedTuple):
    """One word, and how far it leans to the first set."""

    word: str
    z: float  # log-odds in standard errors; negative: to the second set
    first: float  # share of the texts of the first set that hold it
    second: float  # the same of the second


def leanings(first: Iterable[str], second: Iterable[str], fewest: int = 3) -> list[Leaning]:
    """Each word of so many texts with its leaning; the strongest to the first set comes first.

    A word counts once a text, so that one long text does not speak for the others.

    Source:
        Monroe, Colaresi and Quinn 2008, Fightin' Words, equations 15 to 22: log-odds-ratio with an
        informative Dirichlet prior, here the words of both sets.
    """
    one, ones = _documents(first)
    two, twos = _documents(second)
    both = one + two
    all_one, all_two = one.total(), two.total()
    worth = min(_PRIOR, _PRIOR_SHARE * both.total())
    found = []
    for word, times in both.items():
        if times < fewest or len(both) == 1:  # one word has no odds against others
            continue
        prior = worth * times / both.total()
        here, there = one[word] + prior, two[word] + prior
        odds = log(here / (all_one + worth - here)) - log(there / (all_two + worth - there))
        z = odds / sqrt(1 / here + 1 / there)
        found.append(Leaning(word, z, one[word] / max(ones, 1), two[word] / max(twos, 1)))
    return sorted(found, key=lambda leaning: (-leaning.z, leaning.word))


def _documents(texts: Iterable[str]) -> tuple[Counter[str], int]:
    """In how many texts each word stands, and how many texts there are."""
    documents: Counter[str] = Counter()
    count = 0
    for text in texts:
        count += 1
        documents.update(set(plain_words(text)))
    return documents, count
