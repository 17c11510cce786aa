"""Rows as Prodigy tasks, and what its db-out exports as annotations: JSON lines both ways.

Prodigy is closed source: this follows its documented format (prodi.gy/docs/api-interfaces) and
was not run against it. Hashes are Prodigy's to make; they come back as the reference.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple

import msgspec

from surpass.core.digest import digest_record, digest_text
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
    spans_in,
    spans_text,
)

VIA = "prodigy"


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One label to choose."""

    id: int | str
    text: str = ""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A marked part of the text."""

    start: int
    end: int
    label: str = ""


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Shown in the corner of the card; carries our name of the row."""

    row_id: str = ""
    digest: str = ""
    proposed: str | None = None


class Task(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: what is asked, and once answered what was said."""

    text: str = ""
    options: tuple[Option, ...] = ()
    accept: tuple[int | str, ...] = ()  # ids of the chosen options
    spans: tuple[Span, ...] = ()
    label: str | None = None  # of a yes-or-no question
    field_id: str | None = None  # of a text box
    field_rows: int | None = None
    user_input: str | None = None  # what the box holds
    meta: Meta = Meta()
    answer: Literal["accept", "reject", "ignore"] | None = None
    input_hash: int | None = msgspec.field(default=None, name="_input_hash")
    task_hash: int | None = msgspec.field(default=None, name="_task_hash")
    annotator: str | None = msgspec.field(default=None, name="_annotator_id")
    session: str | None = msgspec.field(default=None, name="_session_id")
    timestamp: Annotated[float, msgspec.Meta(ge=0, le=4e9)] | None = msgspec.field(
        default=None, name="_timestamp"
    )  # seconds since 1970


class Read(NamedTuple):
    """An export, read."""

    annotations: list[Annotation]
    unread: list[str]  # one sentence for each answer that says nothing or cannot be kept


def task_of(item: Item, form: Form) -> Task:
    """One row as a task; what is proposed is filled in where the form can hold it."""
    meta = Meta(row_id=item.row, digest=item.digest, proposed=item.proposed)
    task = Task(text=item.text, meta=meta)
    if isinstance(form, Choose):
        options = tuple(Option(id=label, text=label) for label in form.labels)
        held = item.proposed in form.labels
        return msgspec.structs.replace(
            task, options=options, accept=(item.proposed,) if held else ()
        )
    if isinstance(form, Mark):
        found = spans_in(form, item.text, item.proposed or "") or []
        spans = tuple(Span(start=start, end=end, label=kind) for start, end, kind in found)
        return msgspec.structs.replace(task, spans=spans)
    held_text = item.answer if isinstance(form, Write) else item.proposed or ""
    return msgspec.structs.replace(task, field_id="user_input", field_rows=8, user_input=held_text)


def read_export(content: bytes, form: Form, where: str, *, now: str) -> Read:
    """What people said, one answer a line.

    `ignore` is a skipped row and `reject` a rejected one, except for a yes-or-no question about a
    label: its "no" says what the label is not, so the row counts as skipped, with that remark.

    Args:
        content: JSON lines.
        form: What was asked.
        where: How errors call it.
        now: The moment of an answer that has none.

    Raises:
        BadInput: a line is no answered task, or not made of a row of ours.
    """
    read = Read([], [])
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        task = _decoded(line, f"{where}:{number}")
        said = _said(task, form)
        if isinstance(said, str):
            read.unread.append(f"line {number}, row {task.meta.row_id!r}: {said}")
        else:
            read.annotations.append(_kept(task, said, now))
    return read


def _decoded(line: bytes, where: str) -> Task:
    try:
        task = msgspec.json.decode(line, type=Task)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{where} is no Prodigy task ({error}).",
            fix="Export the dataset with `prodigy db-out`.",
        ) from None
    if not task.meta.row_id:
        raise BadInput(
            f"{where} says of no row in `meta.row_id` that it is about it.",
            fix="Import the answers to tasks of `surpass label export --to prodigy`.",
        )
    return task


def _kept(task: Task, said: Said, now: str) -> Annotation:
    moment, state = now, digest_record([task.answer, said.value])[:12]
    if task.timestamp is not None:
        moment = datetime.fromtimestamp(task.timestamp, UTC).isoformat(timespec="seconds")
        state = f"{task.timestamp:.0f}-{state}"
    return Annotation(
        at=moment,
        by=task.annotator or task.session or VIA,
        row=task.meta.row_id,
        digest=task.meta.digest or digest_text(task.text),
        verdict=said.verdict,
        value=said.value,
        via=VIA,
        reference=f"{task.input_hash}.{task.task_hash}@{state}",
        comment=said.comment,
        saw=task.meta.proposed is not None or _is_about_one_label(task),
    )


def _said(task: Task, form: Form) -> Said | str:
    """What was said, or why it says nothing that can be kept."""
    if task.answer is None:
        return "it was not answered"
    if task.answer == "ignore":
        return Said("skipped")
    if task.answer == "reject" and _is_about_one_label(task):
        return Said("skipped", None, f"not {task.label}")
    if task.answer == "reject":
        return Said("rejected")
    return _READERS[type(form)](task, form)


def _is_about_one_label(task: Task) -> bool:
    """Whether it was a yes-or-no question, so that the label was proposed."""
    return task.label is not None and not task.options


def _label(task: Task, form: Choose) -> Said | str:
    yes = _is_about_one_label(task)
    chosen = [task.label] if yes else [str(one) for one in task.accept]
    if len(chosen) != 1:
        return f"{len(chosen)} labels are chosen, not one"
    if chosen[0] not in form.labels:
        return f"{chosen[0]!r} is no label of this task"
    return judged(str(chosen[0]), str(task.label) if yes else task.meta.proposed)


def _record(task: Task, _: Fill) -> Said | str:
    record = one_record(task.user_input or "")
    return (
        "what was written is no JSON object"
        if record is None
        else judged(record, task.meta.proposed)
    )


def _spans(task: Task, form: Mark) -> Said | str:
    found = []
    for span in task.spans:
        if span.label not in form.kinds or not 0 <= span.start < span.end <= len(task.text):
            return f"a span of kind {span.label!r} does not fit this task or text"
        found.append((span.start, span.end, span.label))
    before = spans_in(form, task.text, task.meta.proposed or "") or []
    same = task.meta.proposed is not None and sorted(found) == sorted(before)
    return Said("accepted" if same else "answered", spans_text(form, task.text, found))


def _text(task: Task, _: Write) -> Said | str:
    text = (task.user_input or "").strip()
    return judged(text, task.meta.proposed) if text else "the answer is empty"


_READERS: dict[type, Callable[..., Said | str]] = {
    Choose: _label,
    Fill: _record,
    Mark: _spans,
    Write: _text,
}
