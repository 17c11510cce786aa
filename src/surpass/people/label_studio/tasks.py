"""Rows as Label Studio tasks, and what it exports (format JSON) as annotations."""

from typing import Annotated, NamedTuple

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.annotation import Annotation
from surpass.people.form import (
    Choose,
    Fill,
    Form,
    Item,
    Mark,
    Said,
    Write,
    judged,
    one_record,
    record_fields,
    record_text,
    spans_in,
    spans_text,
)
from surpass.people.label_studio import configuration as names

VIA = "label-studio"


class Data(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a task holds: what is shown, and our name of the row."""

    row: str
    digest: str  # of the input that is shown
    text: str
    answer: str = ""  # to be edited
    proposed: str | None = None  # so that agreement with a model is known as such


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a control says; each kind of control uses its own part."""

    choices: tuple[str, ...] = ()
    text: str | tuple[str, ...] = ()  # of a text area; of a span its words
    start: int | None = None
    end: int | None = None
    labels: tuple[str, ...] = ()


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One control's value in an annotation or prediction."""

    from_name: str = ""
    to_name: str = ""
    type: str = ""
    value: Value = Value()


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """What a model proposes; an annotator sees it filled in."""

    model_version: str
    result: tuple[Result, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One row as Label Studio takes it in."""

    data: Data
    predictions: tuple[Prediction, ...] = ()


class Read(NamedTuple):
    """An export, read."""

    annotations: list[Annotation]
    unread: list[str]  # one sentence for each answer that says nothing or cannot be kept


def task_of(item: Item, form: Form, model: str = "proposed") -> Task:
    """One row as a task. What the form cannot hold is not proposed."""
    results = () if item.proposed is None else proposal(form, item.text, item.proposed)
    data = Data(
        row=item.row,
        digest=item.digest,
        text=item.text,
        answer=item.answer,
        proposed=item.proposed if results or isinstance(form, Write) else None,
    )
    predicted = (Prediction(model_version=model, result=results),) if results else ()
    return Task(data=data, predictions=predicted)


def proposal(form: Form, text: str, answer: str) -> tuple[Result, ...]:
    """A model's answer as filled-in controls; none where a control could not hold it.

    Label Studio takes in a prediction for a control or choice that is not there without a word
    (1.23.2), so nothing is sent that the form does not have.
    """
    if isinstance(form, Choose):
        return (_chosen(names.LABEL, answer),) if answer in form.labels else ()
    if isinstance(form, Fill):
        return _filled(form, answer)
    if isinstance(form, Mark):
        return tuple(
            Result(
                from_name=names.SPANS,
                to_name="text",
                type="labels",
                value=Value(start=start, end=end, labels=(kind,), text=text[start:end]),
            )
            for start, end, kind in spans_in(form, text, answer) or ()
        )
    return ()  # the answer is in the box already


def _filled(form: Fill, answer: str) -> tuple[Result, ...]:
    if not form.fields:
        return (_written(names.RECORD, answer),)
    values = record_fields(form, answer) or {}
    results = []
    for field in form.fields:
        value = values.get(field.name, "")
        name = names.FIELD + field.name
        if value and not field.choices:
            results.append(_written(name, value))
        elif value in field.choices:
            results.append(_chosen(name, value))
    return tuple(results)


def _chosen(name: str, choice: str) -> Result:
    return Result(from_name=name, to_name="text", type="choices", value=Value(choices=(choice,)))


def _written(name: str, text: str) -> Result:
    return Result(from_name=name, to_name="text", type="textarea", value=Value(text=(text,)))


class _Person(msgspec.Struct):
    id: int


class _Annotation(msgspec.Struct):
    id: int
    result: tuple[Result, ...] = ()
    completed_by: int | _Person | None = None
    was_cancelled: bool = False
    created_at: str = ""
    updated_at: str = ""
    lead_time: Annotated[float, msgspec.Meta(ge=0)] | None = None


class _Exported(msgspec.Struct):
    data: Data
    annotations: tuple[_Annotation, ...] = ()


def read_export(content: bytes, form: Form, where: str) -> Read:
    """What people said, in the order of the export; annotators are called "label-studio-ID".

    A skipped (cancelled) task is a skipped row, not a rejected one.

    Raises:
        BadInput: it is no such export, or its tasks are not made of rows of ours.
    """
    try:
        exported = msgspec.json.decode(content, type=list[_Exported])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{where} is not a JSON export of tasks that were made here ({error}).",
            fix="Export the project there as JSON, not as JSON-MIN or CSV; its tasks must come "
            "from `surpass label export` or `push`.",
        ) from None
    read = Read([], [])
    for task in exported:
        for annotation in task.annotations:
            said = _said(annotation, task.data, form)
            if isinstance(said, str):
                read.unread.append(f"row {task.data.row!r}, annotation {annotation.id}: {said}")
            else:
                read.annotations.append(_kept(annotation, task.data, said))
    return read


def _kept(annotation: _Annotation, data: Data, said: Said) -> Annotation:
    by = annotation.completed_by
    person = by.id if isinstance(by, _Person) else by
    at = annotation.updated_at or annotation.created_at
    return Annotation(
        at=at,
        by=f"{VIA}-{'unknown' if person is None else person}",
        row=data.row,
        digest=data.digest,
        verdict=said.verdict,
        value=said.value,
        via=VIA,
        reference=f"{annotation.id}@{at}",
        seconds=annotation.lead_time,
        comment=said.comment,
        saw=data.proposed is not None,
    )


def _said(annotation: _Annotation, data: Data, form: Form) -> Said | str:
    """What was said, or why it says nothing that can be kept."""
    comment = _text(annotation.result, names.COMMENT)
    verdict = _choice(annotation.result, names.VERDICT)
    if annotation.was_cancelled:
        return Said("skipped", None, comment)
    if verdict == names.REJECT:
        return Said("rejected", None, comment)
    if isinstance(form, Choose):
        said = _chosen_label(annotation.result, data, form)
    elif isinstance(form, Fill):
        said = _record(annotation.result, data, form, stated=verdict != names.NOTHING)
    elif isinstance(form, Mark):
        said = _spans(annotation.result, data, form, stated=verdict != names.NOTHING)
    else:
        said = _edited(annotation.result, data, verdict)
    return said if isinstance(said, str) else said._replace(comment=comment)


def _chosen_label(results: tuple[Result, ...], data: Data, form: Choose) -> Said | str:
    chosen = [c for r in results if r.from_name == names.LABEL for c in r.value.choices]
    if len(chosen) != 1:
        return f"{len(chosen)} labels are chosen, not one"
    if chosen[0] not in form.labels:
        return f"{chosen[0]!r} is no label of this task"
    return judged(chosen[0], data.proposed)


def _record(results: tuple[Result, ...], data: Data, form: Fill, *, stated: bool) -> Said | str:
    if not stated:
        return judged("{}", data.proposed)
    if not form.fields:
        record = one_record(_text(results, names.RECORD))
        return "the record is no JSON object" if record is None else judged(record, data.proposed)
    values = {
        field.name: _choice(results, names.FIELD + field.name)
        or _text(results, names.FIELD + field.name)
        for field in form.fields
    }
    if not any(values.values()):
        return "every field is empty"
    value = record_text(form, values)
    same = data.proposed is not None and values == _shown(form, data.proposed)
    return Said("accepted" if same else "answered", value)


def _shown(form: Fill, proposed: str) -> dict[str, str]:
    """What the fields held before anybody touched them."""
    filled = record_fields(form, proposed) or {}
    return {field.name: filled.get(field.name, "") for field in form.fields}


def _spans(results: tuple[Result, ...], data: Data, form: Mark, *, stated: bool) -> Said | str:
    marked = [r.value for r in results if r.from_name == names.SPANS]
    found = []
    for one in marked:
        if one.start is None or one.end is None or len(one.labels) != 1:
            return "a span has no place or not one kind"
        if one.labels[0] not in form.kinds or not 0 <= one.start < one.end <= len(data.text):
            return f"a span of kind {one.labels[0]!r} does not fit this task or text"
        found.append((one.start, one.end, one.labels[0]))
    if stated and not found:
        return "nothing is marked"
    same = data.proposed is not None and sorted(found) == sorted(
        spans_in(form, data.text, data.proposed) or ()
    )
    return Said("accepted" if same else "answered", spans_text(form, data.text, found))


def _edited(results: tuple[Result, ...], data: Data, verdict: str) -> Said | str:
    """A text as it stands; where the box was not touched, what it held."""
    text = _text(results, names.ANSWER) or (data.answer if verdict == names.ACCEPT else "")
    if not text:
        return "the answer is empty"
    accepted = verdict == names.ACCEPT and text == data.answer
    return Said("accepted" if accepted else "answered", text)


def _choice(results: tuple[Result, ...], name: str) -> str:
    return next(
        (r.value.choices[0] for r in results if r.from_name == name and r.value.choices), ""
    )


def _text(results: tuple[Result, ...], name: str) -> str:
    """The last text of a text area, stripped."""
    found = ""
    for result in results:
        if result.from_name == name:
            text = result.value.text
            found = text if isinstance(text, str) else "\n".join(text)
    return found.strip()
