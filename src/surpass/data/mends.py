"""Damage of a text that can be undone without losing anything, and the text without it."""

import re
import unicodedata
from typing import NamedTuple

_NUL, _MARK = "\0", "\ufeff"
_SCRAMBLED = re.compile(r"[ÃÂ][\u0080-\u00BF\u2018-\u201E]|[ÐÑ][\u0080-\u00BF]|â€|ï»¿")
_MOST_TIMES = 3  # that a text was read in the wrong encoding, once after another


class Mended(NamedTuple):
    """A text after all mends, and what was wrong: "holds NUL bytes"."""

    text: str
    defects: tuple[str, ...]


def mended(text: str, *, label: bool = False) -> Mended:
    """Undo what can be undone; of a label, remove the blanks around it too."""
    if text.isascii() and _NUL not in text and not (label and text != text.strip()):
        return Mended(text, ())
    defects = []
    for defect, mend in _MENDS.items():
        after = mend(text)
        if after != text:
            defects.append(defect)
            text = after
    if label and text != text.strip():
        defects.append("has blanks around it")
        text = text.strip()
    return Mended(text, tuple(defects))


def is_scrambled(text: str) -> bool:
    """Whether letters look like UTF-8 that was read as Latin-1: "cafÃ©"."""
    return _SCRAMBLED.search(text) is not None


def unscrambled(text: str) -> str:
    """The text as it was before it was read as Latin-1 or Windows-1252.

    It must go back to bytes as a whole, and these must be UTF-8; else it stays as it is. A text
    with letters of its own beside the scrambled ones is none: some of it was read well.
    """
    for _ in range(_MOST_TIMES):
        if not is_scrambled(text):
            break
        try:
            text = b"".join(map(_byte, text)).decode("utf-8")
        except UnicodeError:
            break
    return text


def _byte(letter: str) -> bytes:
    """The byte that was read as this letter; five bytes have no letter in Windows-1252."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def _without_nul(text: str) -> str:
    return text.replace(_NUL, "").strip() if _NUL in text else text


def _composed(text: str) -> str:
    """Letters with their accents as one (NFC, Unicode Standard Annex 15): the same to people."""
    return unicodedata.normalize("NFC", text)


_MENDS = {
    "holds NUL bytes": _without_nul,
    "was UTF-8 and read as Latin-1": unscrambled,
    "begins with a byte order mark": lambda text: text.removeprefix(_MARK),
    "has letters apart from their accents (not NFC)": _composed,
}
