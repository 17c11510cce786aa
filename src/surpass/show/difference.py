"""Which words of an answer differ from what was expected."""

import difflib
import re
from typing import NamedTuple

_LONGEST_WORDS = 400  # matching is quadratic; longer answers are shown unmarked
_SIMILAR_SHARE = 0.25  # below it every word differs, and marks would only be noise


class Piece(NamedTuple):
    """A stretch of an answer."""

    text: str
    differs: bool


def pieces(answer: str, expected: str) -> tuple[Piece, ...]:
    """The answer cut where it starts or stops agreeing with `expected`, in its own order.

    Joined, the pieces are the answer. Nothing is marked when the two have little in common.
    """
    ours, theirs = _words(answer), _words(expected)
    if not answer or answer == expected or max(len(ours), len(theirs)) > _LONGEST_WORDS:
        return (Piece(answer, differs=False),)
    matcher = difflib.SequenceMatcher(a=theirs, b=ours, autojunk=False)
    if matcher.ratio() < _SIMILAR_SHARE:
        return (Piece(answer, differs=False),)
    found = [
        Piece("".join(ours[start:end]), differs=kind != "equal")
        for kind, _, _, start, end in matcher.get_opcodes()
    ]
    return tuple(piece for piece in found if piece.text)


def _words(text: str) -> list[str]:
    """Words, gaps and single signs, so that joining gives the text back."""
    return re.findall(r"\w+|\s+|[^\w\s]", text)
