"""The one place where text that users wrote is made safe to show: nothing hidden, nothing acts."""

import re
import unicodedata

import msgspec

from surpass.core.account import Account, Table

LINE_END = "↵"
TAB = "⇥"
ELLIPSIS = "…"

_SUSPECT = re.compile(r"[^\x20-\x7e]")
# Joiners are part of the spelling in Persian, Hindi or emoji sequences; elsewhere they only hide.
_JOINER_AT_WORK = re.compile(
    "(?<=[\u0600-\u1fff\u2190-\U0010ffff])[\u200c\u200d](?=[\u0600-\u1fff\u2190-\U0010ffff])"
)
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffe\uffff")
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 (full-width forms)
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d ,]*(\.\d+)?(e[+-]?\d+)?\s*%?", re.ASCII | re.IGNORECASE)


def visible(text: str) -> str:
    """One line in which every character can be seen.

    Line ends become ↵ and tabs ⇥. Control characters, terminal escapes, bidirectional overrides,
    zero-width characters and lone surrogates are spelled out: ⟦U+202E⟧. Markup is left as it is;
    escaping it belongs to the renderer that has markup.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n")
    kept = {match.start() for match in _JOINER_AT_WORK.finditer(lines)}
    return _SUSPECT.sub(
        lambda match: match.group() if match.start() in kept else _seen(match.group()), lines
    )


def hidden(character: str) -> bool:
    """Whether a reader cannot see this character, or it acts on its neighbours."""
    return unicodedata.category(character) in _HIDDEN_CATEGORIES or character in _BLANK_LETTERS


def cut(text: str, length: int) -> str:
    """The text, or its first `length - 1` characters and an ellipsis."""
    return text if len(text) <= length else text[: max(0, length - 1)] + ELLIPSIS


def cell_for_csv(text: str) -> str:
    """One visible line that no spreadsheet runs."""
    return "'" + visible(text) if starts_formula(text) else visible(text)


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet could run the text; a leading apostrophe makes it text.

    Plain numbers keep their sign.

    Source:
        OWASP, CSV Injection.
    """
    starts = text.startswith(_FORMULA_START) or text.lstrip().startswith(_FORMULA_START)
    return starts and not _PLAIN_NUMBER.fullmatch(text)


def cleaned(account: Account) -> Account:
    """The same account with every text in it visible, so that no renderer can forget a field.

    It has no `data`: that is for programs, and no page draws it.
    """
    for_people = msgspec.structs.replace(account, data=None)
    return msgspec.convert(_all_visible(msgspec.to_builtins(for_people)), Account)


def cleaned_table(table: Table) -> Table:
    """The same for a table that stands alone."""
    return msgspec.convert(_all_visible(msgspec.to_builtins(table)), Table)


def _seen(character: str) -> str:
    if character == "\n":
        return LINE_END
    if character == "\t":
        return TAB
    return f"⟦U+{ord(character):04X}⟧" if hidden(character) else character


def _all_visible(tree: object) -> object:
    if isinstance(tree, str):
        return visible(tree)
    if isinstance(tree, dict):
        return {_all_visible(key): _all_visible(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_all_visible(part) for part in tree]
    return tree
