"""What nearly all answers keep to, and the rows that do not: keys, parts, types, code that parses.

Nothing is declared: what 95 of 100 answers have is taken for the form that answers should have.
"""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET

_PART = re.compile(
    r"^[ \t]*(?:#{1,6} +|[-*] +)?\**([^\W\d_][\w /-]{1,39}?)\**:(?!//)", re.MULTILINE
)
_HEADING = re.compile(r"^#{1,6} +(\S.{0,59}?)[ \t#]*$", re.MULTILINE)
_TAG = re.compile(r"</?([A-Za-z][\w-]{0,30})>")
_SHOWN = 3  # of what one answer lacks
_LONGEST = 100_000  # characters of an answer that are looked at
_MOST_CODE = 20_000  # characters of a program that is parsed
_decode = msgspec.json.Decoder().decode


class Broken(NamedTuple):
    """A row whose answer lacks what nearly all others have."""

    row: str
    reason: str


def broken(examples: pl.DataFrame, kind: str, nearly_all: float) -> list[Broken]:
    """Rows whose answer is not of the form that nearly all have; empty answers are left out.

    So are records that are none: `structure` names them.

    Args:
        examples: ROW, INPUT and TARGET.
        kind: Of the task: "generate", "extract" or "code".
        nearly_all: Share of the answers that makes a form.
    """
    asked = examples.filter(pl.col(TARGET).str.strip_chars() != "")
    if kind == "code":
        signs: list[dict[str, str]] = [
            _of_code(*one) for one in asked.select(INPUT, TARGET).iter_rows()
        ]
    else:
        signs = [_of_text(text[:_LONGEST], records=kind == "extract") for text in asked[TARGET]]
    known = [(row, found) for row, found in zip(asked[ROW], signs, strict=True) if found]
    reasons: dict[str, list[str]] = {}
    for row, reason in _standing_out(known, nearly_all):
        reasons.setdefault(row, []).append(reason)
    return [Broken(row, " ".join(reasons[row][:_SHOWN])) for row, _ in known if row in reasons]


def _standing_out(
    known: Sequence[tuple[str, dict[str, str]]], nearly_all: float
) -> Iterator[tuple[str, str]]:
    """Rows that lack a sign which nearly all have, or have it in another form.

    A sign is a name with a form: the key "age" as a number. A sign's form counts among the rows
    that have the sign.
    """
    signs = [found for _, found in known]
    there = Counter(name for row in signs for name in row)
    forms: dict[str, Counter[str]] = {}
    for found in signs:
        for name, form in found.items():
            forms.setdefault(name, Counter())[form] += 1
    for name, times in there.items():
        usual, often = forms[name].most_common(1)[0]
        common = times >= nearly_all * len(signs)
        demanded = common and times < len(signs)
        of_one_form = common and nearly_all * times <= often < times
        for row, found in known:
            if name not in found and demanded:
                yield row, f"It lacks {name}, which {times:,} of {len(signs):,} answers have."
            elif of_one_form and found.get(name, usual) != usual:
                most = f"in {often:,} of {times:,} answers it {usual}"
                yield row, f"In it {name} {found[name]}; {most}."


def _of_text(text: str, *, records: bool) -> dict[str, str]:
    """What an answer has: keys with the kind of their value, or parts, headings and tags."""
    value = _json(text)
    if isinstance(value, dict):
        found = {} if records else {"the form of a JSON object": "is"}
        return found | {
            f"the key {str(key)!r}": _type(one) for key, one in value.items() if one is not None
        }
    if records:
        return {}
    found = {} if value is None else {"the form of a JSON list": "is"}
    lines = "has one line" if "\n" not in text.strip() else "has several lines"
    found["the text"] = lines
    found |= dict.fromkeys((f"the part {name.strip() + ':'!r}" for name in _PART.findall(text)), "")
    found |= dict.fromkeys((f"the heading {name!r}" for name in _HEADING.findall(text)), "")
    found |= dict.fromkeys((f"the tag {'<' + name + '>'!r}" for name in _TAG.findall(text)), "")
    return found | ({"a block of code": ""} if "```" in text else {})


def _json(text: str) -> object:
    """The object or list that a text is; none where it is neither."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return _decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "is true or false"
    if isinstance(value, int | float):
        return "is a number"
    if isinstance(value, str):
        return "is a text"
    return "is a list" if isinstance(value, list) else "is an object"


def _of_code(asked: str, answer: str) -> dict[str, str]:
    """Whether a program is Python, alone or after its input, as benchmarks cut it."""
    fenced = re.search(r"```[\w+-]*\n(.*?)```", answer, re.DOTALL)
    code = fenced.group(1) if fenced else answer
    found = {"a program": ""}
    parses = any(_parses(text) for text in (code, f"{asked}\n{code}", f"def f():\n{code}"))
    found |= {"code that parses as Python": ""} if parses else {}
    return found | (
        {"a value that is returned": ""} if re.search(r"\breturn\b|\byield\b", code) else {}
    )


def _parses(code: str) -> bool:
    if len(code) > _MOST_CODE:
        return True
    with warnings.catch_warnings():  # of odd escapes and comparisons in what people wrote
        warnings.simplefilter("ignore")
        try:
            ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
