"""Personal data and secrets by pattern and checksum: kind and place of each, never its value.

Names and addresses have no pattern; they are not looked for, so no find does not mean none there.
"""

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec
import polars as pl

from surpass.text import secrets

ROW = "row"  # u32: position of the text
KIND = "kind"  # one of KINDS
START = "start"  # u32: first character
END = "end"  # u32: after the last character

KINDS = ("email", "phone", "card", "iban", "ip", "secret", "random")
"""A secret is a key or password by its form or name; random: a run that could be one."""

_MARK = re.compile(r"<[A-Z]+_\d+>")
_ISSUERS = re.compile(  # first digits and lengths that are in use (ISO/IEC 7812-1 registry)
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|35\d{14}|6\d{15,18}|5[06-8]\d{10,17}"
)
_POSSIBLE = (
    r"@|(?:[0-9][^0-9]{0,3}){6}[0-9]|[0-9]\.[0-9]+\.[0-9]|[0-9a-fA-F]{0,4}:[0-9a-fA-F]{0,4}:"
)
_SUSPECT = re.compile(f"{_POSSIBLE}|{secrets.POSSIBLE}")
_SCHEMA = {ROW: pl.UInt32, KIND: pl.String, START: pl.UInt32, END: pl.UInt32}


class _Recogniser(msgspec.Struct, frozen=True):
    """A pattern that finds candidates, and a rule for how much of one is a find: 0 for nothing.

    Of a pattern with the group "value" the candidate is that group.
    """

    kind: str
    pattern: re.Pattern[str]
    length: Callable[[str], int]
    hint: str = ""  # what every candidate holds


def find_personal_data(texts: pl.Series) -> pl.DataFrame:
    """Every find in the texts, by row and place: columns ROW, KIND, START, END.

    A place belongs to one kind: secrets go first, cards and IBANs, which have checksums, before
    phones.
    """
    finds = []
    for row, recognisers in _suspects(texts):
        text, covered = texts[row], [False] * len(texts[row])
        for recogniser in (one for one in recognisers if one.hint in text):
            for match in recogniser.pattern.finditer(text):
                value = "value" if "value" in match.re.groupindex else 0
                start = match.start(value)
                end = start + recogniser.length(match[value])
                if end > start and not any(covered[start:end]):
                    covered[start:end] = [True] * (end - start)
                    finds.append((row, recogniser.kind, start, end))
    return pl.DataFrame(finds, schema=_SCHEMA, orient="row").sort(ROW, START)


def _suspects(texts: pl.Series) -> Iterator[tuple[int, tuple[_Recogniser, ...]]]:
    """Rows that can hold a find at all, with what can find it: a quick look that spares the rest.

    Personal data has an at sign, seven digits, or groups by colons or points.
    """
    personal = texts.str.contains(_POSSIBLE).fill_null(value=False)
    secret = texts.str.contains(secrets.POSSIBLE).fill_null(value=False)
    for row in (personal | secret).arg_true().to_list():
        recognisers = _PERSONAL if personal[row] else ()
        yield row, (*_KEYS, *recognisers, _RANDOM) if secret[row] else recognisers


def may_hold_personal_data(text: str) -> bool:
    """The same quick look at one text, where a frame would cost more than the look."""
    return _SUSPECT.search(text) is not None


def masked(*texts: str, kinds: tuple[str, ...] = KINDS) -> tuple[str, ...]:
    """The texts of one row with each find replaced by its kind and a number: "<EMAIL_1>".

    The same value has the same number in all of them, however it is spaced, so that an answer still
    fits its input. Marks that stand there already are not used again.
    """
    numbers: dict[tuple[str, str], int] = {}
    taken = Counter(_MARK.findall(" ".join(texts)))
    finds = find_personal_data(pl.Series(texts, dtype=pl.String))
    finds = finds.filter(pl.col(KIND).is_in(kinds))
    replaced = []
    for position, text in enumerate(texts):
        made, after = [], 0
        places = finds.filter(pl.col(ROW) == position).select(KIND, START, END)
        for kind, start, end in places.iter_rows():
            value = kind, _bare(text[start:end], kind)
            if value not in numbers:
                numbers[value] = 1 + sum(known == kind for known, _ in numbers)
                while taken[f"<{kind.upper()}_{numbers[value]}>"]:
                    numbers[value] += 1
            made += [text[after:start], f"<{kind.upper()}_{numbers[value]}>"]
            after = end
        replaced.append("".join([*made, text[after:]]))
    return tuple(replaced)


def _bare(found: str, kind: str) -> str:
    """A value without what people write differently: blanks and hyphens of numbers, case."""
    bare = re.sub(r"[^\w+]", "", found) if kind in ("phone", "card", "iban") else found
    return bare if kind in ("secret", "random") else bare.casefold()


def passes_luhn(number: str) -> bool:
    """Whether the digits end in the right check digit (ISO/IEC 7812-1, annex B)."""
    digits = [int(character) for character in number if character.isdecimal()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def passes_mod_97(iban: str) -> bool:
    """Whether the account number's check digits are right (ISO 13616-1, section 6)."""
    compact = re.sub(r"\s", "", iban).upper()
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def _email(found: str) -> int:
    return 0 if found.startswith(".") else len(found)


def _iban(found: str) -> int:
    """The next word in capitals may hang on: shorten by words until the check digits are right."""
    while found and not passes_mod_97(found):
        found = found.rpartition(" ")[0]
    return len(found) if len(found) >= 15 else 0


def _card(found: str) -> int:
    """The next number may hang on: shorten by groups until the check digit is right."""
    while found:
        digits = re.sub(r"\D", "", found)
        if _ISSUERS.fullmatch(digits) and passes_luhn(digits):
            break
        found = re.sub(r"(?:[ -]|^)\d+$", "", found)
    return len(found)


def _phone(found: str) -> int:
    """The next number may hang on here, too: no phone number has more than 15 digits."""
    while sum(map(str.isdecimal, found)) > 15:
        found = found.rpartition(" ")[0]
    digits = re.sub(r"\D", "", found)
    return len(found) if len(digits) >= 8 and len(set(digits)) > 2 else 0


def _ip(found: str) -> int:
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return 0
    return 0 if address.is_unspecified or address.is_loopback else len(found)


_KEYS = (
    _Recogniser("secret", secrets.PRIVATE_KEY, len),
    _Recogniser("secret", secrets.KNOWN, len),
    _Recogniser("secret", secrets.IN_ADDRESS, len),
    _Recogniser("secret", secrets.NAMED, secrets.named_secret),
)
_RANDOM = _Recogniser("random", secrets.LONG, secrets.random_run)
_PERSONAL = (
    _Recogniser(
        "email",
        re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w@])"),
        _email,
        "@",
    ),
    _Recogniser(
        "iban",
        re.compile(
            r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)",
            re.ASCII,
        ),
        _iban,
    ),
    _Recogniser(
        "card", re.compile(r"(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])", re.ASCII), _card
    ),
    _Recogniser(
        "ip",
        re.compile(
            r"(?<![\w.:])(?<![vV])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4})(?![\w:]|\.\d)",
            re.ASCII,
        ),
        _ip,
    ),
    _Recogniser(
        "phone",
        re.compile(
            r"""(?<![\w.-])(?:
              (?:\+|00)[1-9](?:[ ()./-]{0,2}\d){7,14}              # +44 20 7946 0958
            | (?<!\d{4}[ -])(?:                                     # no end of a card number
                \(?[2-9]\d\d\)?[ .-]\d{3}[ .-]\d{4}                 # (555) 123-4567
              | \(?0[1-9]\d{1,4}\)?[ /-]\d(?:[ -]?\d){4,9}          # 020 7946 0958, 0171/1234567
              | 0[1-9]\d(?:[ .]?\d\d){4} | 0[1-9](?:[ .]\d\d){4}   # 06 12 34 56 78
              )
            )(?![\w-])""",
            re.ASCII | re.VERBOSE,
        ),
        _phone,
    ),
)
