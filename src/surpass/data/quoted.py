"""Rows whose input stands in the instruction: examples in a prompt that are rows of the data.

Hashes of the rows are enough, so sealed test rows can be asked about without opening them.
"""

import re

import polars as pl

from surpass.core.columns import GROUP, INPUT, REASON, ROW
from surpass.data.leaks import UNIT, fingerprints, leaks_against
from surpass.text.canonical import canonical, canonical_text
from surpass.text.shingles import HASH, spaceless, text_hashes

_MOST_WORDS = 2_000  # of an instruction that are looked at
_LONGEST_RUN = 40  # words; longer texts are found by what they share with the whole
_FEWEST_WORDS = 4  # of a text that is not there by chance
_FEWEST_CHARACTERS = 8  # the same, in scripts without spaces
_BREAKS = re.compile(r"[\n\"“”„«»「」『』`|→]+|[-=]+>")
_LEAD = re.compile(r"^\s*(?:[-*>#\d.)]+\s+)?(?:\w[\w -]{0,24}[:：]\s*)?")  # noqa: RUF001
_EDGES = " .,;:!?\"'()[]{}<>*`-–—…«»“”„‘’"  # noqa: RUF001


def quoted_rows(prompt: str, prints: pl.DataFrame) -> pl.DataFrame:
    """Rows whose input stands in the instruction, whole, nearly, or for the most part.

    Args:
        prompt: The instruction, as it is written.
        prints: `fingerprints` of the rows.

    Returns:
        Columns ROW and REASON, each row once.
    """
    whole = _whole(prompt, prints)
    pieces = _as_rows(_pieces(prompt))
    mine = fingerprints(pieces)
    touched = prints.filter(pl.col(UNIT) != "group").join(mine, on=[UNIT, HASH], how="semi")
    near = leaks_against(pieces, prints.join(touched, on=ROW, how="semi"))
    partly = near.select(
        ROW, pl.lit("Nearly its whole input stands in the instruction.").alias(REASON)
    )
    return pl.concat([whole, partly]).unique(ROW, keep="first", maintain_order=True)


def _whole(prompt: str, prints: pl.DataFrame) -> pl.DataFrame:
    """Rows whose canonical input is a run of words of the instruction, or one of its lines."""
    runs = _runs(canonical_text(prompt)) | set(map(canonical_text, _pieces(prompt)))
    hashes = text_hashes(pl.Series(sorted(runs), dtype=pl.String)).alias(HASH)
    texts = prints.filter(pl.col(UNIT) == "text")
    found = texts.join(hashes.unique().to_frame(), on=HASH, how="semi").sort(ROW)
    return found.select(ROW, pl.lit("Its input stands in the instruction.").alias(REASON))


def _runs(form: str) -> set[str]:
    """Every run of 4 words and more, as it stands and without the marks at its ends."""
    words = form.split()[:_MOST_WORDS]
    found = set()
    for start in range(len(words)):
        for end in range(start + _FEWEST_WORDS, min(start + _LONGEST_RUN, len(words)) + 1):
            run = " ".join(words[start:end])
            found |= {run, run.strip(_EDGES)}
    return found


def _is_long(text: str) -> bool:
    if text.count(" ") + 1 >= _FEWEST_WORDS:
        return True
    bare = bool(spaceless(pl.Series([text]))[0])
    return bare and len(text) >= _FEWEST_CHARACTERS


def _pieces(prompt: str) -> list[str]:
    """Lines and quotations without what introduces them ("1. Text: …"), and the whole."""
    cut = [_LEAD.sub("", piece).strip() for piece in _BREAKS.split(prompt)]
    cut += [piece.strip() for piece in _BREAKS.split(prompt)]
    return [*dict.fromkeys(piece for piece in cut if _is_long(piece)), prompt]


def _as_rows(pieces: list[str]) -> pl.DataFrame:
    names = [f"\0instruction {number}" for number in range(len(pieces))]
    texts = canonical(pl.Series(pieces, dtype=pl.String))
    return pl.DataFrame({ROW: names, INPUT: texts, GROUP: names})
