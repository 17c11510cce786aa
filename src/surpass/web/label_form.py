"""What the form of the labelling page says, read as an answer to its task."""

from collections.abc import Mapping

from surpass.core.errors import BadInput
from surpass.core.records.rating import (
    Draft,
    Filled,
    Label,
    Labelled,
    Marked,
    Payload,
    Record,
    RecordField,
    Rejected,
    Said,
    Spans,
    Written,
)
from surpass.show.escape import visible
from surpass.show.rating_page import place_in, readable

_MOST_SPANS = 100


def label_in(form: Mapping[str, str], payload: Payload) -> Said:
    """The answer that a form holds. Labels and choices come as numbers, texts as they were shown.

    Args:
        form: Fields by name.
        payload: The task that the form names.

    Raises:
        BadInput: the form says nothing that can be an answer.
    """
    match payload:
        case Label(labels=labels):
            return Labelled(label=_numbered(labels, form.get("label", ""), "No label was chosen."))
        case Record():
            return Filled(values=_values(form, payload))
        case Spans():
            return Marked(spans=_spans(form, payload))
        case Draft():
            return _drafted(form, payload)
        case _:
            raise BadInput("The form holds no answer.", fix="Choose one of the buttons.")


def _drafted(form: Mapping[str, str], payload: Draft) -> Said:
    if form.get("act") == "reject":
        return Rejected()
    if form.get("act") == "accept" and payload.text.strip():
        return Written(text=payload.text)
    written = _text(form, "text", payload.text)
    if not written.strip():
        raise BadInput("Nothing was written.", fix="Write an answer, reject the row or skip it.")
    return Written(text=written)


def _values(form: Mapping[str, str], payload: Record) -> dict[str, str]:
    """What was written into each field; nothing of those that were left empty."""
    if not payload.fields:
        return {"": _text(form, "field-0", payload.filled.get("", ""))}
    found = [(one.name, _field(form, n, one, payload)) for n, one in enumerate(payload.fields)]
    return {name: value for name, value in found if value.strip()}


def _numbered(choices: tuple[str, ...], number: str, otherwise: str) -> str:
    """A browser may change line ends in a text, but not a number."""
    for place, choice in enumerate(choices):
        if number == str(place):
            return choice
    raise BadInput(otherwise, fix="Choose one of the buttons.")


def _text(form: Mapping[str, str], name: str, before: str) -> str:
    """What was written; what was left as it was shown stays as it was, hidden characters too."""
    written = form.get(name, "").replace("\r\n", "\n")
    return before if written in {readable(before), visible(before)} else written


def _field(form: Mapping[str, str], number: int, field: RecordField, payload: Record) -> str:
    said = form.get(f"field-{number}", "")
    if not field.choices:
        return _text(form, f"field-{number}", payload.filled.get(field.name, ""))
    return _numbered(field.choices, said, "That is no choice.") if said else ""


def _spans(form: Mapping[str, str], payload: Spans) -> tuple[tuple[int, int, str], ...]:
    """Each line's words at the place that the page names, else where they first stand unmarked."""
    shown = readable(payload.asked)
    taken: list[tuple[int, int]] = []
    found = []
    for line in range(_MOST_SPANS):
        words = form.get(f"words-{line}", "").replace("\r\n", "\n").strip()
        if not words:
            continue
        kind = _numbered(payload.kinds, form.get(f"kind-{line}", ""), "A span has no kind.")
        start = _named_place(form, line, shown, words)
        if start is None:
            start = _first_place(shown, words, taken)
        taken.append((start, start + len(words)))
        found.append(
            (place_in(payload.asked, start), place_in(payload.asked, start + len(words)), kind)
        )
    return tuple(sorted(set(found)))


def _named_place(form: Mapping[str, str], line: int, shown: str, words: str) -> int | None:
    start = form.get(f"start-{line}", "")
    if not (start.isascii() and start.isdigit() and len(start) < 10):
        return None
    return int(start) if shown.startswith(words, int(start)) else None


def _first_place(shown: str, words: str, taken: list[tuple[int, int]]) -> int:
    place = shown.find(words)
    while place >= 0:
        if all(end <= place or place + len(words) <= start for start, end in taken):
            return place
        place = shown.find(words, place + 1)
    raise BadInput(
        f"The text does not say {visible(words)!r}" + (" once more." if words in shown else "."),
        fix="Copy the words from the text as they stand there.",
    )
