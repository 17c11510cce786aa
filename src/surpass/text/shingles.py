"""Texts as sets of hashed shingles: what near duplicates and leaks are measured on.

A hash is the same on every machine and in every version, because sealed test rows are remembered
by their hashes only. Frames of shingles have the columns TEXT and HASH, one line a shingle, sorted
and without repeats. Only the first 100,000 characters of a text are looked at.
"""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl

TEXT = "text"  # u32: position of the text in the series
HASH = "hash"  # u64

WORDS_IN_SHINGLE = 3
CHARACTERS_IN_SHINGLE = 5
WORDS_IN_PASSAGE = 8
FEWEST_WORDS = 8  # texts under this are compared by characters
MOST_WORDS = 10  # texts up to this too: at Jaccard 0.8 a twin is at most a quarter longer

LONGEST_CHARACTERS = 100_000  # of a text that are looked at; memory is 50 bytes a character

_SPACELESS = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]"
_SPACELESS_SHARE = 0.3  # from this share of characters on, a text counts as written without spaces

Tokens = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]


def word_shingles(texts: pl.Series) -> pl.DataFrame:
    """Runs of 3 words of the canonical texts that have 8 words or more.

    Punctuation does not count. A text with fewer words, or in a script without spaces, has none.
    """
    return _of_words(texts, WORDS_IN_SHINGLE)


def passages(texts: pl.Series) -> pl.DataFrame:
    """Runs of 8 words of the canonical texts: what a text shares with a longer one quoting it."""
    return _of_words(texts, WORDS_IN_PASSAGE)


def character_shingles(texts: pl.Series) -> pl.DataFrame:
    """Runs of 5 characters of the canonical texts of up to 10 words or in a script without spaces.

    A text under 5 characters is one shingle; an empty text has none.
    """
    chosen = (texts.str.count_matches(r"\w+") <= MOST_WORDS) | spaceless(texts)
    kept = texts.filter(chosen).str.head(LONGEST_CHARACTERS)
    joined = "".join(kept.to_list())
    points = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = kept.str.len_chars().to_numpy().astype(np.int64)
    return _sets(chosen, _ngrams(points, lengths, CHARACTERS_IN_SHINGLE))


def text_hashes(texts: pl.Series) -> pl.Series:
    """One u64 a text, equal for equal texts."""
    return pl.Series(TEXT, [_hash(text) for text in texts], dtype=pl.UInt64)


def _of_words(texts: pl.Series, run: int) -> pl.DataFrame:
    words = texts.str.head(LONGEST_CHARACTERS).str.extract_all(r"\w+")
    chosen = (words.list.len() >= FEWEST_WORDS) & ~spaceless(texts)
    kept = words.filter(chosen)
    lengths = kept.list.len().to_numpy().astype(np.int64)
    tokens = _word_hashes(kept.explode())
    return _sets(chosen, _ngrams(tokens, lengths, run))


def _word_hashes(words: pl.Series) -> Tokens:
    """`text_hashes` of many words, each worked out once; polars' own hash finds equal words fast.

    Two words that polars gives one hash would be taken for one: as rare as with our own 64 bits.
    """
    numbered = pl.DataFrame({"word": words, "number": words.hash(seed=0)})
    distinct = numbered.unique("number", keep="any")
    hashes = numbered["number"].replace_strict(
        distinct["number"], text_hashes(distinct["word"]), return_dtype=pl.UInt64
    )
    return hashes.to_numpy().astype(np.uint64)


def spaceless(texts: pl.Series) -> pl.Series:
    """Which texts are mostly in a script without spaces between words."""
    return texts.str.count_matches(_SPACELESS) > _SPACELESS_SHARE * texts.str.len_chars()


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def _ngrams(tokens: Tokens, lengths: Positions, run: int) -> tuple[Positions, Tokens]:
    """Every run of `run` tokens within a text: index of the text and hash of the run.

    `tokens` holds the texts one after the other. A text shorter than `run` gives one short run.
    """
    ends = np.cumsum(lengths)
    begins = np.ones(tokens.size, dtype=np.bool_)
    for back in range(1, run):  # fewer than `run` tokens are left of the text
        begins[(ends - back)[lengths > back]] = False
    state, hashes = np.zeros(tokens.size, dtype=np.uint64), np.zeros(tokens.size, dtype=np.uint64)
    for place in range(min(run, tokens.size)):
        state = _mix(state[: tokens.size - place], tokens[place:])
        whole = (ends - lengths)[lengths == place + 1]
        hashes[whole] = state[whole]
    long = np.repeat(lengths >= run, lengths) & begins
    hashes[long] = state[long[: state.size]]
    counts = np.where(lengths > 0, np.maximum(lengths - run + 1, 1), 0)
    return np.repeat(np.arange(lengths.size), counts), hashes[begins]


def _mix(state: Tokens, token: Tokens) -> Tokens:
    """Absorb one token; multiplication wraps at 64 bits.

    Source: splitmix64 (Steele, Lea and Flood 2014, figure 17), its first round.
    """
    mixed = (state + token + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(29))


def _sets(chosen: pl.Series, ngrams: tuple[Positions, Tokens]) -> pl.DataFrame:
    """As a frame, with the positions that the texts had before the others were left out."""
    text, hashes = ngrams
    positions = np.flatnonzero(chosen.to_numpy())
    frame = pl.DataFrame({TEXT: positions[text].astype(np.uint32), HASH: hashes}).sort(TEXT, HASH)
    fresh = [pl.col(name).ne_missing(pl.col(name).shift()) for name in (TEXT, HASH)]
    return frame.filter(fresh[0] | fresh[1])  # ten times as fast as unique() before the sort
