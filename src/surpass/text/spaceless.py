"""Scripts that put no spaces between words: Chinese, Japanese, Thai and their like."""

import re

LETTERS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u0fff"  # Tibetan
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # Han
)
"""Ranges for a character class of `re`; marks and signs of the scripts are among them."""

_RUN = re.compile(f"[{LETTERS}]+")
_SHARE = 0.3  # of such letters, from which on a text counts as written so


def is_spaceless(text: str) -> bool:
    """Whether a text is mostly written so; a foreign title in a sentence does not make it so."""
    return sum(map(len, _RUN.findall(text))) > _SHARE * len(text)


def without(text: str) -> str:
    """The text with its runs of such letters put away."""
    return _RUN.sub(" ", text)


def pairs_in(text: str) -> list[str]:
    """Every two neighbours within a run of such letters, in order; a single letter is one."""
    return [
        run[place : place + 2]
        for run in _RUN.findall(text)
        for place in range(max(len(run) - 1, 1))
    ]


def begins_so(text: str) -> bool:
    """Whether the first letter is one of such a script."""
    return _RUN.match(text) is not None
