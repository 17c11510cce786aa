"""What annotators are asked about a row, in whatever program: one of four forms, and its items."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.annotation import Verdict
from surpass.core.settings import Classify, Extract, Task
from surpass.measure.spans import read_spans

_MOST_CHOICES = 12  # values of a field, up to which they are offered to choose from
_FEWEST_USES = 3  # of each value, on average, for the set to look closed
_KINDS_OF_SPAN = ("type", "label")  # names of the key that says what a span is
_NO_JSON = object()


class Choose(NamedTuple):
    """Exactly one of the labels."""

    labels: tuple[str, ...]


class Field(NamedTuple):
    """One fact of a record."""

    name: str
    choices: tuple[str, ...] = ()  # offered; empty: free text
    is_text: bool = True  # False: what is written is read as JSON: a number, a list


class Fill(NamedTuple):
    """A record, field by field; without known fields, as one JSON object."""

    fields: tuple[Field, ...]


class Mark(NamedTuple):
    """Spans of the text, each of one kind."""

    kinds: tuple[str, ...]
    field: str | None  # of the record that holds the list; none: the answer is the list
    key: str = "type"  # under which a span says its kind


class Write(NamedTuple):
    """A text, made by editing the one that is there."""


Form = Choose | Fill | Mark | Write


class Item(NamedTuple):
    """One row to be labelled."""

    row: str
    digest: str  # `digest_text` of the input, by which a changed row is known
    text: str  # the input
    answer: str = ""  # what is there to be edited
    proposed: str | None = None  # a model's answer, as TARGET holds it


class Said(NamedTuple):
    """What one person said about one item."""

    verdict: Verdict
    value: str | None = None  # as TARGET holds it
    comment: str = ""


def form_for(task: Task, targets: Sequence[str]) -> Form:
    """The form that asks for this task's answers.

    Args:
        task: Its kind, and the labels or fields that are declared.
        targets: Answers that are known; they tell what is not declared.

    Raises:
        BadInput: no label is declared, and none is known.
    """
    known = [target for target in targets if target]
    if isinstance(task, Classify):
        labels = task.labels or tuple(sorted(set(known)))
        if not labels:
            raise BadInput(
                "No label is known: none is declared, and no row has one.",
                fix="Write `labels` under [task].",
            )
        return Choose(labels)
    if isinstance(task, Extract):
        return _marks(task, known) or Fill(_fields(task, known))
    return Write()


def judged(value: str, proposed: str | None) -> Said:
    """An answer: accepted if it is what was proposed."""
    return Said("accepted" if value == proposed else "answered", value)


def holds(form: Form, text: str, answer: str) -> bool:
    """Whether the form can show a model's answer to a text, so that it can be proposed."""
    if isinstance(form, Choose):
        return answer in form.labels
    if isinstance(form, Fill):
        fields = record_fields(form, answer) if form.fields else one_record(answer)
        return fields is not None
    return isinstance(form, Write) or spans_in(form, text, answer) is not None


def record_text(form: Fill, values: dict[str, str]) -> str:
    """The record of what was written into its fields, as TARGET holds it; empty ones left out."""
    parts = [
        f"{json.dumps(field.name, ensure_ascii=False)}:{_value(values[field.name].strip(), field)}"
        for field in form.fields
        if values.get(field.name, "").strip()
    ]
    return "{" + ",".join(parts) + "}"


def record_fields(form: Fill, record: str) -> dict[str, str] | None:
    """What stands in each field for a record; none if it is no record with these fields."""
    found = _object(record)
    if found is None or not set(found) <= {field.name for field in form.fields}:
        return None
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in found.items()
        if value is not None
    }


def one_record(text: str) -> str | None:
    """A record that was written as JSON, as TARGET holds it; none if it is no JSON object."""
    try:
        parts = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    listed = (f"{json.dumps(k, ensure_ascii=False)}:{bytes(v).decode()}" for k, v in parts.items())
    return "{" + ",".join(listed) + "}"


def spans_text(form: Mark, text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Spans (first character, the one after the last, kind) as TARGET holds them."""
    listed = [
        {form.key: kind, "start": start, "end": end, "text": text[start:end]}
        for start, end, kind in sorted(spans)
    ]
    answer = listed if form.field is None else {form.field: listed}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def spans_in(form: Mark, text: str, answer: str) -> list[tuple[int, int, str]] | None:
    """The spans of an answer; none if it is no list of placed spans of the form's kinds."""
    spans = read_spans(answer, form.field or "")
    if spans is None:
        return None
    found = []
    for span in spans:
        kinds = [kind for kind in form.kinds if kind.casefold() == span.type.casefold()]
        if not kinds or span.start is None or span.end is None:
            return None
        if not 0 <= span.start < span.end <= len(text):
            return None
        found.append((span.start, span.end, kinds[0]))
    return found


def _marks(task: Extract, known: list[str]) -> Mark | None:
    """The form for spans, where every known answer is a list of placed spans."""
    found: Counter[tuple[str | None, str]] = Counter()
    kinds: set[str] = set()
    for target in known:
        read = _raw_spans(target)
        if read is None:
            return None
        field, spans = read
        for span in spans:
            key = next((key for key in _KINDS_OF_SPAN if isinstance(span.get(key), str)), None)
            if key is None or not {"start", "end"} <= set(span):
                return None
            found[field, key] += 1
            kinds.add(str(span[key]))
    if not found or (len(task.fields) > 1):
        return None
    (field, key), _ = found.most_common(1)[0]
    return Mark(tuple(sorted(kinds)), field, key)


def _raw_spans(target: str) -> tuple[str | None, list[dict[str, object]]] | None:
    found, field = _decoded(target), None
    if isinstance(found, dict) and len(found) == 1:
        field, found = next(iter(found.items()))
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return None
    return field, found


def _fields(task: Extract, known: list[str]) -> tuple[Field, ...]:
    """The declared fields, or those of the known records, the commonest first."""
    records = [record for target in known if (record := _object(target)) is not None]
    seen: Counter[str] = Counter()
    for record in records:
        seen.update(list(record))
    names = task.fields or tuple(name for name, _ in seen.most_common())
    return tuple(
        _field(name, [r[name] for r in records if r.get(name) is not None]) for name in names
    )


def _field(name: str, values: list[object]) -> Field:
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        return Field(name, is_text=False)
    distinct = sorted(set(texts))
    closed = len(distinct) <= _MOST_CHOICES and len(texts) >= _FEWEST_USES * len(distinct)
    return Field(name, tuple(distinct) if closed and "" not in distinct else ())


def _value(text: str, field: Field) -> str:
    """A field's value as JSON; what should be JSON and is none is kept as text."""
    if not field.is_text and _decoded(text) is not _NO_JSON:
        return text
    return json.dumps(text, ensure_ascii=False)


def _object(text: str) -> dict[str, object] | None:
    found = _decoded(text)
    return found if isinstance(found, dict) else None


def _decoded(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _NO_JSON
