"""Word stems, so that "signs" and "signed" count as one word; English only.

Porter 1980, An algorithm for suffix stripping, with the departures of the NLTK library, which the
package rouge-score uses; they are marked below.
"""

from collections.abc import Callable
from functools import lru_cache

_Condition = Callable[[str], bool]

_IRREGULAR = {
    "skies": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "innings": "inning",
    "outings": "outing",
    "cannings": "canning",
    "sky": "sky",
    "news": "news",
    "inning": "inning",
    "outing": "outing",
    "canning": "canning",
    "howe": "howe",
    "proceed": "proceed",
    "exceed": "exceed",
    "succeed": "succeed",
}  # NLTK's

_PLURALS = {"sses": "ss", "ies": "i", "ss": "ss", "s": ""}
_DOUBLE = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "bli": "ble",  # NLTK's; Porter has abli
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
    "fulli": "ful",  # NLTK's
}
_SINGLE = {
    "icate": "ic",
    "ative": "",
    "alize": "al",
    "iciti": "ic",
    "ical": "ic",
    "ful": "",
    "ness": "",
}
_LAST = (
    "al",
    "ance",
    "ence",
    "er",
    "ic",
    "able",
    "ible",
    "ant",
    "ement",
    "ment",
    "ent",
    "ion",
    "ou",
    "ism",
    "ate",
    "iti",
    "ous",
    "ive",
    "ize",
)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a word in small letters; words of up to two letters stay."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2:
        return word
    for step in (_plural, _past, _final_y, _double_suffix, _single_suffix, _last_suffix, _tidy):
        word = step(word)
    return word


def _plural(word: str) -> str:
    if word.endswith("ies") and len(word) == 4:  # NLTK's: "ties" is "tie"
        return word[:-1]
    return _replaced(word, _PLURALS, lambda _: True)


def _past(word: str) -> str:
    if word.endswith("ied"):  # NLTK's
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        bare = word.removesuffix(suffix)
        if bare != word and _has_vowel(bare):
            return _mended(bare)
    return word


def _mended(bare: str) -> str:
    """What is left of a word without "ed" or "ing", as a word again: "hop", not "hopp"."""
    if bare.endswith(("at", "bl", "iz")):
        return bare + "e"
    if len(bare) > 1 and bare[-1] == bare[-2] and _shape(bare).endswith("c"):
        return bare if bare[-1] in "lsz" else bare[:-1]
    return bare + "e" if _measure(bare) == 1 and _ends_short(bare) else bare


def _final_y(word: str) -> str:
    bare = word[:-1]
    if word.endswith("y") and len(bare) > 1 and _shape(bare).endswith("c"):  # NLTK's
        return bare + "i"
    return word


def _double_suffix(word: str) -> str:
    if word.endswith("alli") and _measure(word[:-4]) > 0:  # NLTK's: once more
        return _double_suffix(word[:-2])
    if word.endswith("logi"):  # NLTK's
        return word[:-1] if _measure(word[:-3]) > 0 else word
    return _replaced(word, _DOUBLE, lambda bare: _measure(bare) > 0)


def _single_suffix(word: str) -> str:
    return _replaced(word, _SINGLE, lambda bare: _measure(bare) > 0)


def _last_suffix(word: str) -> str:
    suffix = next((one for one in _LAST if word.endswith(one)), "")
    bare = word[: len(word) - len(suffix)]
    long = _measure(bare) > 1 and (suffix != "ion" or bare[-1] in "st")
    return bare if long else word


def _tidy(word: str) -> str:
    """Without a final e, and with one l for two, where enough is left."""
    bare = word[:-1]
    measure = _measure(bare)
    if word.endswith("e") and (measure > 1 or (measure == 1 and not _ends_short(bare))):
        word = bare
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


def _replaced(word: str, rules: dict[str, str], condition: _Condition) -> str:
    """The first suffix that fits decides, whether or not the condition holds."""
    for suffix, replacement in rules.items():
        if word.endswith(suffix):
            bare = word[: len(word) - len(suffix)]
            return bare + replacement if condition(bare) else word
    return word


def _shape(word: str) -> str:
    """Each letter as "c" or "v"; a y is a consonant at the beginning and after a vowel."""
    shape = ""
    for place, letter in enumerate(word):
        if letter == "y":
            shape += "c" if place == 0 or shape[-1] == "v" else "v"
        else:
            shape += "v" if letter in "aeiou" else "c"
    return shape


def _measure(word: str) -> int:
    """How often a consonant follows a vowel."""
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _ends_short(word: str) -> bool:
    """Consonant, vowel, consonant other than w, x, y; or a word of vowel and consonant (NLTK's)."""
    shape = _shape(word)
    return shape == "vc" or (shape.endswith("cvc") and word[-1] not in "wxy")
