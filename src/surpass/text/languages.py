"""Which language a text is written in, guessed from its letters and its smallest words.

No model and no data: a script that one language uses tells it; where several share a script, the
words do that hold sentences together ("the", "und", "que"). A text with too few of them has no
language here: a guess is made only where one language is well ahead.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from functools import lru_cache

import polars as pl

from surpass.text.function_words import LETTERS, WORDS

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "ka": "Georgian", "km": "Khmer", "ko": "Korean", "lo": "Lao", "mr": "Marathi",
    "my": "Burmese", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "ta": "Tamil", "te": "Telugu",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""ISO 639-1 codes of the languages that can be told, and what they are called."""

_BY_SCRIPT = {
    "HANGUL": "ko", "THAI": "th", "LAO": "lo", "KHMER": "km", "MYANMAR": "my", "GREEK": "el",
    "HEBREW": "he", "ARMENIAN": "hy", "GEORGIAN": "ka", "BENGALI": "bn", "TAMIL": "ta",
    "TELUGU": "te", "GUJARATI": "gu",
}  # fmt: skip
_SHARED = {
    "LATIN": (
        "en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "pl", "cs", "tr", "ro",
        "hu", "id", "vi",
    ),
    "CYRILLIC": ("ru", "uk", "bg"),
    "ARABIC": ("ar", "fa", "ur"),
    "DEVANAGARI": ("hi", "mr"),
}  # fmt: skip
_EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA"}

_CHARACTERS = 600  # of a text that are looked at
_FEWEST_LETTERS = 5  # of a text in a script of its own
_FEWEST_WORDS = 4  # of a text in a shared script
_MOST_OF_IT = 0.6  # share of the letters that are in one script
_FEWEST_SIGNS = 1.7  # different small words, or letters that only that language has
_SMALLEST_SIGN = 0.7  # a word of one or two letters, which may be an abbreviation or a name
_TELLING_WORD = 3  # letters from which on it is a whole sign
_FEWEST_WEIGHED = 1.1  # signs, each divided by how many languages have it
_SIGN_SHARE = 0.08  # of the words, weighed by how few languages have them
_AHEAD = 1.5  # times as much as the second language
_KANA_SHARE = 0.05  # from which on a text of Chinese characters is Japanese
_EDGES = " \t\r\n.,;:!?\"'()[]{}<>*/|#`~_-–—…«»“”„‘’¿¡।،؛؟"  # noqa: RUF001
_ELIDED = re.compile(r"\b([cdjlmnst]|qu)'")

_HOLDERS = {
    script: {
        word: [code for code in codes if word in WORDS[code]]
        for word in {word for code in codes for word in WORDS[code]}
    }
    for script, codes in _SHARED.items()
}
"""Of each script: small word -> the languages that have it."""


def languages_of(texts: pl.Series) -> pl.Series:
    """The language of each text as a code of NAMES; null where it cannot be told."""
    told: dict[str, str | None] = {}
    for text in texts.unique():
        told[text] = None if text is None else language_of(text)
    return pl.Series("language", [told[text] for text in texts], dtype=pl.String)


def language_of(text: str) -> str | None:
    """The language of one text; none where it is short, mixed, or one that is not known."""
    head = unicodedata.normalize("NFC", text[:_CHARACTERS])
    scripts = Counter(script for script in map(_script, head) if script)
    letters = scripts.total()
    if not letters:
        return None
    east = sum(scripts[name] for name in _EAST_ASIAN)
    if east >= max(_FEWEST_LETTERS, _MOST_OF_IT * letters):
        return "ja" if east - scripts["CJK"] >= _KANA_SHARE * east else "zh"
    script, most = scripts.most_common(1)[0]
    if most < max(_FEWEST_LETTERS, _MOST_OF_IT * letters):
        return None
    return _by_words(head, script) if script in _SHARED else _BY_SCRIPT.get(script)


def _by_words(text: str, script: str) -> str | None:
    """The language whose small words the text is held together by, if one is well ahead."""
    words = [word for word in (piece.strip(_EDGES) for piece in _pieces(text)) if word]
    if len(words) < _FEWEST_WORDS:
        return None
    score, signs = defaultdict[str, float](float), defaultdict[str, float](float)
    for word, times in Counter(words).items():
        holders = _HOLDERS[script].get(word, ())
        for code in holders:
            score[code] += times / len(holders)
            signs[code] += 1 if len(word) >= _TELLING_WORD else _SMALLEST_SIGN
    for code in _SHARED[script]:
        if any(letter in text for letter in LETTERS.get(code, "")):
            score[code] += 1
            signs[code] += 1
    ranked = sorted(score.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return None
    best, found = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    sure = signs[best] >= _FEWEST_SIGNS
    sure = sure and found >= max(_FEWEST_WEIGHED, _SIGN_SHARE * len(words))
    return best if sure and found >= _AHEAD * second else None


def _pieces(text: str) -> list[str]:
    """Words without case; "l'eau" is two, "don't" is one."""
    plain = text.replace("\u2019", "'").replace("\u0130", "i").lower()
    return re.split(r"[\s/]+", _ELIDED.sub(r"\1 ", plain))


@lru_cache(maxsize=8192)
def _script(character: str) -> str | None:
    """The first word of a letter's name in Unicode: "LATIN", "CJK"; none for what is no letter."""
    if not unicodedata.category(character).startswith(("L", "M")):
        return None
    name = unicodedata.name(character, "").split(" ")[0]
    return None if name in {"COMBINING", "MODIFIER", "VARIATION", ""} else name
