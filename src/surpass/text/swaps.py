"""Texts with terms swapped that should not matter: he for she, one name for another."""

import re
from collections.abc import Callable, Iterable

from surpass.text.spaceless import LETTERS

_IN_WORD = rf"(?![{LETTERS}])\w"  # what a term that is a whole word has not beside it

Terms = tuple[tuple[str, str], ...]
"""Pairs of terms that stand for each other, in the order in which they were declared."""


def swapper(pairs: Terms) -> Callable[[str], str]:
    """A function that puts each term of a text in place of its partner, both ways at once.

    Whole words only (in scripts without spaces anywhere), in any case; the case of the text is kept
    (HE, He, he). A term of several pairs gets the partner of the first: with his-her before
    him-her, "her" becomes "his".

    Args:
        pairs: What stands for what.
    """
    partner: dict[str, tuple[str, str]] = {}  # folded term -> the term as declared, its partner
    for first, second in pairs:
        partner.setdefault(first.casefold(), (first, second))
        partner.setdefault(second.casefold(), (second, first))
    longest = sorted(partner, key=len, reverse=True)
    terms = "|".join(map(re.escape, longest))
    found = re.compile(rf"(?<!{_IN_WORD})(?:{terms})(?!{_IN_WORD})", re.IGNORECASE)

    def one(match: re.Match[str]) -> str:
        seen = match[0]
        if seen.casefold() not in partner:  # a letter that only some rules of case take for ours
            return seen
        declared, other = partner[seen.casefold()]
        return other if seen == declared else _in_case_of(seen, other)

    return lambda text: found.sub(one, text) if partner else text


def same_answer(before: str, after: str, swap: Callable[[str], str]) -> bool:
    """Whether two answers say the same; one that only swaps the same terms has not changed."""
    plain, other = _plain(before), _plain(after)
    return other in {plain, _plain(swap(before))} or _plain(swap(after)) == plain


def wrong_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs that swap nothing: an empty term, or a term for itself."""
    return [
        (first, second)
        for first, second in pairs
        if not first.strip() or not second.strip() or first.casefold() == second.casefold()
    ]


def _in_case_of(seen: str, other: str) -> str:
    if len(seen) > 1 and seen.isupper():
        return other.upper()
    if seen[:1].isupper():
        return other[:1].upper() + other[1:]
    return other.lower()


def _plain(text: str) -> str:
    return " ".join(text.split())
