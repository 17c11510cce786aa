"""What the last word of a text tells about a cut: half a word, or a word that others follow."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

_WORD = r"\w+(?:['’]\w+)*"  # noqa: RUF001
_BEFORE_A_PAUSE = rf"(?:{_WORD})(?:[^\w\s]|\s*$)"
_ENDINGS = frozenset(("s", "es", "d", "ed", "r", "er", "ing", "ly", "y", "n", "en", "'s"))
_STRAY_LETTERS = 4  # times that a letter stands alone, up to which it is no word
_TIMES_COMMONER = 10  # words that begin so, to the same letters as a word: then it is half a word
_FEWEST_BEGUN = 2  # times that words begin so
_FEWEST_USES = 40  # of a word, to say that it hardly ever ends a sentence
_BY_CHANCE_SHARE = 0.01  # of all texts, up to which people end them in such words
_ENDS_SHARE = 0.02  # of a word's uses, up to which it hardly ever ends one
STOPPED_SHARE = 0.8  # of texts with a full stop, from which on a missing one speaks too
_FEWEST_USES_STOPPED = 8  # of a word there


class Usage(NamedTuple):
    """How often each lower-case word stands where, each text counted once."""

    within: Counter[str]  # not as a text's last word
    last: Counter[str]  # as a text's last word
    begun: Counter[str]  # as the beginning of other words within, which stand twice or more
    paused: Counter[str]  # before a punctuation mark or the end of a text


def usage(texts: pl.Series) -> Usage:
    """Count the words of all texts.

    A word holds its apostrophes, so that the s of "it's" is none. "mark" is no beginning of
    "marked".
    """
    lower = texts.unique().str.to_lowercase()
    spoken = lower.str.extract_all(_WORD)
    within = Counter(word for words in spoken for word in words[:-1])
    begun = Counter[str]()
    for word, times in within.items():
        if times > 1:
            for length in range(1, len(word)):
                if word[length:] not in _ENDINGS:
                    begun[word[:length]] += times
    return Usage(
        within=within,
        last=Counter(words[-1] for words in spoken if len(words) > 0),
        begun=begun,
        paused=Counter(
            re.sub(r"\W+$", "", found)
            for pauses in lower.str.extract_all(_BEFORE_A_PAUSE)
            for found in pauses
        ),
    )


def half_words(unstopped: pl.DataFrame, used: Usage) -> Iterator[tuple[str, str]]:
    """Row and last word of texts whose last word is hardly one, but begins words that are.

    Abbreviations in capitals are words.

    Args:
        unstopped: Texts without a full stop: columns "row" and "text".
        used: Of all texts.
    """
    for row, text in unstopped.iter_rows():
        shown = _last_word(text)
        word = shown.lower()
        elsewhere = used.within[word] + max(used.last[word] - 1, 0)
        if len(word) == 1 and elsewhere <= _STRAY_LETTERS:
            elsewhere = 0
        begun = used.begun[word]
        half = begun >= _FEWEST_BEGUN and elsewhere * _TIMES_COMMONER <= begun
        capitals = shown.isupper() and not text.isupper()
        if half and word.isalpha() and not capitals:
            yield row, word


def unfinished(unstopped: pl.DataFrame, used: Usage, total: int) -> list[tuple[str, str]]:
    """Row and last word of texts that end in a word which other words nearly always follow.

    People end a text so now and then, so a few are nothing: none is named under 1 % of all. Where
    most texts end in a full stop, the ends of the others are no evidence of what may end one.

    Args:
        unstopped: Texts without a full stop: columns "row" and "text".
        used: Of all texts.
        total: How many texts there are, those with a full stop included.
    """
    last = [(row, _last_word(text).lower()) for row, text in unstopped.iter_rows()]
    usual = total - len(last) >= STOPPED_SHARE * total
    fewest = _FEWEST_USES_STOPPED if usual else _FEWEST_USES
    doubtful = Counter(word for _, word in last) if usual else Counter[str]()
    found = []
    for row, word in last:
        own = doubtful[word] or 1
        uses, pauses = used.within[word] + used.last[word] - own, used.paused[word] - own
        if uses >= fewest and pauses <= _ENDS_SHARE * uses:
            found.append((row, word))
    return found if len(found) >= _BY_CHANCE_SHARE * total else []


def _last_word(text: str) -> str:
    words: list[str] = re.findall(_WORD, text)
    return words[-1]
