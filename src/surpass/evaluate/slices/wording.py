"""Slices in words."""

from collections.abc import Callable

from surpass.core.records.explanation import (
    Alike,
    Answered,
    Both,
    Confused,
    Dated,
    Field,
    Labelled,
    Length,
    Predicate,
    Rare,
    Stated,
    Value,
    Written,
)
from surpass.text.languages import NAMES

_EVENTS = {
    "missed": "whose record has `{}`, which the answer misses",
    "wrong": "whose record has `{}`, which the answer gets wrong",
    "invented": "whose record has no `{}`, which the answer invents",
}
_FLAWS = {
    "unreadable": "cannot be read",
    "truncated": "was cut short",
    "refused": "refuses",
    "repeated": "repeats itself",
}


def in_words(predicate: Predicate) -> str:
    """Which rows a slice has, as the beginning of a sentence."""
    return "Rows " + _RULES[type(predicate)](predicate)


def _value(value: Value) -> str:
    return f"with `{value.column}` = `{value.value}`"


def _both(both: Both) -> str:
    return f"{_value(both.first)} and {_value(both.second).removeprefix('with ')}"


def _length(predicate: Length) -> str:
    what = "input" if predicate.of == "input" else "expected answer"
    if predicate.low is None:
        return f"whose {what} has fewer than {predicate.high} words"
    if predicate.high is None:
        return f"whose {what} has {predicate.low} words or more"
    return f"whose {what} has {predicate.low} to {predicate.high - 1} words"


def _written(predicate: Written) -> str:
    return f"whose input is in {NAMES.get(predicate.language, predicate.language)}"


def _confused(predicate: Confused) -> str:
    return f"labelled `{predicate.expected}` that are answered `{predicate.answered}`"


def _stated(predicate: Stated) -> str:
    return f"whose record has `{predicate.field}` = `{predicate.value}`"


def _alike(predicate: Alike) -> str:
    return f"that mention {', '.join(predicate.terms) or 'much the same words'}"


def _rare(predicate: Rare) -> str:
    return f"of whose words {100 * predicate.at_least:.0f} % or more are rare in training"


def _dated(predicate: Dated) -> str:
    if predicate.low is None:
        return f"dated before {predicate.high}"
    if predicate.high is None:
        return f"dated {predicate.low} or later"
    return f"dated from {predicate.low} to before {predicate.high}"


def _labelled(predicate: Labelled) -> str:
    return f"labelled `{predicate.label}`"


def _field(predicate: Field) -> str:
    return _EVENTS[predicate.event].format(predicate.field)


def _answered(predicate: Answered) -> str:
    return f"whose answer {_FLAWS[predicate.flaw]}"


_RULES: dict[type, Callable[..., str]] = {
    Value: _value,
    Both: _both,
    Length: _length,
    Written: _written,
    Labelled: _labelled,
    Confused: _confused,
    Stated: _stated,
    Field: _field,
    Alike: _alike,
    Rare: _rare,
    Dated: _dated,
    Answered: _answered,
}
