"""Texts that go round in circles: what a model writes that cannot stop."""

import re
import zlib
from collections import Counter

_RUN = 4  # words in a run
_FEWEST_WORDS = 24
_FEWEST_CHARACTERS = 200  # zlib's own words weigh too much in shorter texts
_LOOKED_AT = 20_000  # characters
_ROUNDS = 4  # of one and the same piece, one after the other
_LONGEST_PIECE = 200  # characters
_TAIL = 10  # characters that stand again where a loop goes round
_SHORTEST_LOOP = 40  # characters of all the rounds together


def repeated_share(text: str) -> float | None:
    """Share of a text's runs of 4 words that stood there before; none under 24 words.

    Source: Rae et al. 2021, Scaling Language Models (arXiv:2112.11446), table A1: duplicate
    n-grams, here counted in runs instead of characters.
    """
    words = re.findall(r"\w+", text[:_LOOKED_AT].casefold())
    if len(words) < _FEWEST_WORDS:
        return None
    runs = Counter(zip(*(words[start:] for start in range(_RUN)), strict=False))
    return 1 - len(runs) / runs.total()


def compression(text: str) -> float | None:
    """How many times shorter zlib makes a text; none under 200 characters.

    English is 1.5 to 2.5 times shorter, a text that repeats itself many times. It works in scripts
    without spaces.
    """
    if len(text) < _FEWEST_CHARACTERS:
        return None
    raw = text[:_LOOKED_AT].encode("utf-8", "replace")
    return len(raw) / len(zlib.compress(raw, 6))


def final_loop(text: str) -> str | None:
    """The piece of up to 200 characters that a text says 4 times on end at its end, if it does so.

    A piece without a letter or digit, such as a row of dots, is no loop.
    """
    plain = " ".join(text[-_LOOKED_AT:].split())
    end, tail = len(plain), plain[-_TAIL:]
    if end < _SHORTEST_LOOP:
        return None
    at = plain.rfind(tail, 0, end - 1)
    while at >= max(0, end - _TAIL - _LONGEST_PIECE):
        length = end - _TAIL - at  # from one standing of the tail to the next
        rounds = max(_ROUNDS, -(-_SHORTEST_LOOP // length))
        piece = plain[end - length :]
        if plain.endswith(piece * rounds) and any(map(str.isalnum, piece)):
            return piece.strip()
        at = plain.rfind(tail, 0, at + _TAIL - 1)
    return None
