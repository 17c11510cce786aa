"""Facts that an answer states and its input does not: numbers, names, values of a record's fields.

Only where answers keep to their inputs is a stray fact one: of each kind of fact it is asked first
whether nearly all answers take it from the input.
"""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.data.fields import fields_of
from surpass.text.canonical import canonical, canonical_text
from surpass.text.function_words import WORDS

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[\w,;')\]%&/])[ \t]+([^\W\d_a-z][^\W\d_]{2,})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SPELLED = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip
_SMALL = frozenset().union(*WORDS.values())  # "The" within a title is no name
_CHARACTERS = 20_000  # of a text that are read
_FEWEST_ROWS = 30  # with a kind of fact, to say that it comes from inputs
_STANDING_ROWS = 3  # that state a fact which their input lacks: so many of them, and
_STANDING_SHARE = 0.1  # of all that state it, are a habit or another word for it, not a mistake
_SHOWN = 3


class Stray(NamedTuple):
    """A row whose answer states what its input does not."""

    row: str
    facts: tuple[str, ...]  # the first of them, in alphabetical order
    what: str  # kind of fact
    grounded_share: float  # of the answers with such facts, that take all from their input


class Grounded(NamedTuple):
    """What was found, and of which kinds of fact it could be asked."""

    stray: list[Stray]
    judged: list[str]  # "numbers", "names", "the field 'city'"


class _Facts(NamedTuple):
    """One kind of fact: of each row what the answer states, and what of it the input lacks."""

    what: str
    stated: list[set[str]]
    lacking: list[set[str]]


def ungrounded(examples: pl.DataFrame, kind: str, grounded_share: float) -> Grounded:
    """Rows that state what their input lacks, of the kinds of fact that others take from theirs.

    Args:
        examples: ROW, INPUT and TARGET.
        kind: Of the task: "generate" or "extract".
        grounded_share: Of the answers with such facts, that must have all of them from the input.
    """
    rows = examples[ROW].to_list()
    inputs = examples[INPUT].str.head(_CHARACTERS)
    answers = examples[TARGET].str.head(_CHARACTERS)
    facts = _of_fields(inputs, answers) if kind == "extract" else _of_texts(inputs, answers)
    stray, judged = [], []
    for one in facts:
        lacking = _without_habits(one)
        stating = [place for place, stated in enumerate(one.stated) if stated]
        out = [place for place in stating if lacking[place]]
        if len(stating) < _FEWEST_ROWS or len(out) > (1 - grounded_share) * len(stating):
            continue
        judged.append(one.what)
        share = 1 - len(out) / len(stating)
        for place in out:
            first = tuple(sorted(lacking[place])[:_SHOWN])
            stray.append(Stray(rows[place], first, one.what, share))
    return Grounded(stray, judged)


def _of_texts(inputs: pl.Series, answers: pl.Series) -> Iterator[_Facts]:
    forms = canonical(inputs).to_list()
    known = [_numbers_of_input(form) for form in forms]
    stated = [_numbers(text) for text in answers]
    lacking = [one - there for one, there in zip(stated, known, strict=True)]
    yield _Facts("numbers", stated, lacking)
    named = [_names(text) for text in answers]
    absent = [
        {name for name in names if not _is_named(name, form, numbers)}
        for names, form, numbers in zip(named, forms, known, strict=True)
    ]
    yield _Facts("names", named, absent)


def _of_fields(inputs: pl.Series, answers: pl.Series) -> Iterator[_Facts]:
    forms = canonical(inputs).to_list()
    known = [_numbers_of_input(form) for form in forms]
    records = [fields or {} for fields in fields_of(answers)]
    for name in dict.fromkeys(name for record in records for name in record):
        stated = [{record[name]} if record.get(name) else set() for record in records]
        lacking = [
            {value for value in values if not _stands(canonical_text(value), form, numbers)}
            for values, form, numbers in zip(stated, forms, known, strict=True)
        ]
        yield _Facts(f"the field {name!r}", stated, lacking)


def _without_habits(facts: _Facts) -> list[set[str]]:
    """What rows lack, but for facts that answers state of their own accord: "24 hours".

    So are kinds of thing that inputs say in other words: the product "phone" of a lost call.
    """
    stated = Counter(fact for row in facts.stated for fact in row)
    lacking = Counter(fact for row in facts.lacking for fact in row)
    habits = {
        fact
        for fact, times in lacking.items()
        if times >= _STANDING_ROWS and times >= _STANDING_SHARE * stated[fact]
    }
    return [row - habits for row in facts.lacking]


def _numbers(text: str) -> set[str]:
    return {_plain(found) for found in _NUMBER.findall(text)}


def _numbers_of_input(form: str) -> set[str]:
    """Numbers in digits, as small English words, and as the months that dates name."""
    found = _numbers(form)
    found |= {_plain(part) for number in _NUMBER.findall(form) for part in re.split("[.,]", number)}
    words = set(re.findall(r"[a-z]+", form))
    found |= {str(number) for number, word in enumerate(_SPELLED) if word in words}
    return found | {str(place) for place, month in enumerate(_MONTHS, 1) if month[:3] in form}


def _plain(number: str) -> str:
    """One form for a number: no commas between thousands, no zeros that say nothing."""
    text = number.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number) else number
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text.lstrip("0")
    return f"{value.normalize():f}" if value.adjusted() < 40 else text


def _names(text: str) -> set[str]:
    """Words with a capital letter that do not begin a sentence."""
    return {name for name in _NAME.findall(text) if name.lower() not in _SMALL}


def _is_named(name: str, form: str, numbers: set[str]) -> bool:
    plain = canonical_text(name)
    if plain in form or (len(plain) > 4 and plain.endswith("s") and plain[:-1] in form):
        return True
    return plain in _MONTHS and str(_MONTHS.index(plain) + 1) in numbers


def _stands(value: str, form: str, numbers: set[str]) -> bool:
    """Whether a value stands in the text, in words or as its numbers."""
    if value in form:
        return True
    own = _numbers(value)
    return bool(own) and own <= numbers
