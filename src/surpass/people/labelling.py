"""Rows to label as tasks of our page, and what is said there as the answers that they get."""

from typing import NamedTuple

import numpy as np

from surpass.core.errors import BadInput
from surpass.core.records.rating import (
    Behind,
    Draft,
    Filled,
    Label,
    Labelled,
    Marked,
    Payload,
    Purpose,
    Record,
    RecordField,
    Rejected,
    Skipped,
    Spans,
    Task,
    Undone,
    Written,
)
from surpass.core.records.rating import Said as SaidOnPage
from surpass.core.settings.labelling import Labelling
from surpass.core.settings.rating import Rating
from surpass.people.deal import hands
from surpass.people.form import (
    Choose,
    Field,
    Fill,
    Form,
    Item,
    Mark,
    Said,
    judged,
    one_record,
    record_fields,
    record_text,
    spans_in,
    spans_text,
)


class Picked(NamedTuple):
    """One row that is to be labelled, and why it was picked; nobody who labels sees why."""

    item: Item
    why: str


def payload_of(item: Item, form: Form) -> Payload:
    """What the page may show of a row; a model's answer only where the item proposes one."""
    match form:
        case Choose(labels=labels):
            proposed = item.proposed if item.proposed in labels else None
            return Label(asked=item.text, labels=labels, proposed=proposed)
        case Fill(fields=fields):
            filled = None if item.proposed is None else record_fields(form, item.proposed)
            return Record(
                asked=item.text,
                fields=tuple(RecordField(**field._asdict()) for field in fields),
                filled=filled or {},
                proposed=None if filled is None else item.proposed,
            )
        case Mark():
            spans = None if item.proposed is None else spans_in(form, item.text, item.proposed)
            return Spans(
                asked=item.text,
                kinds=form.kinds,
                field=form.field,
                key=form.key,
                marked=tuple(spans or ()),
                proposed=None if spans is None else item.proposed,
            )
        case _:
            return Draft(asked=item.text, text=item.answer, proposed=item.proposed is not None)


def dealt(
    picked: list[Picked], form: Form, labelling: Labelling, *, first: int = 1
) -> dict[str, tuple[Task, ...]]:
    """Everybody's tasks: a share of the rows goes to several people, the others to one each.

    Which rows are shared is drawn at random, and each person's order is their own.

    Args:
        picked: The rows.
        form: What is asked about each.
        labelling: The [labelling] section.
        first: Number of the first annotator.
    """
    rng = np.random.default_rng(labelling.seed)
    shuffled = [picked[place] for place in rng.permutation(len(picked))]
    loads = Rating(
        raters=labelling.annotators,
        overlap=labelling.overlap,
        overlap_raters=labelling.overlap_annotators,
    )
    tasks = {}
    for number, hand in enumerate(hands(len(shuffled), loads), first):
        order = [shuffled[hand[place]] for place in rng.permutation(len(hand))]
        tasks[f"annotator-{number}"] = tuple(
            task_of(one, form, f"a{number}-{place:03d}") for place, one in enumerate(order, 1)
        )
    return tasks


def task_of(one: Picked, form: Form, name: str, purpose: Purpose = "rate") -> Task:
    """The task of one row."""
    return Task(
        id=name,
        item=one.item.row,
        purpose=purpose,
        payload=payload_of(one.item, form),
        behind=Behind(stratum=one.why),
    )


def showed_an_answer(payload: Payload) -> bool:
    """Whether the page shows what a model answered."""
    match payload:
        case Draft(proposed=proposed):
            return proposed
        case Label(proposed=answer) | Record(proposed=answer) | Spans(proposed=answer):
            return answer is not None
        case _:
            return False


def answer_of(payload: Payload, said: SaidOnPage) -> Said:
    """What was said on the page as an answer to the row.

    Args:
        payload: What was shown.
        said: An answer that fits it (see `standing.fits`).

    Raises:
        BadInput: a record that is no JSON object.
    """
    if isinstance(said, Skipped):
        return Said("skipped", comment=said.reason)
    if isinstance(said, Undone | Rejected):
        return Said("undone" if isinstance(said, Undone) else "rejected")
    return judged(*_value(payload, said))


def _value(payload: Payload, said: SaidOnPage) -> tuple[str, str | None]:
    """The answer as TARGET holds it, and what was there to be accepted."""
    match payload, said:
        case Label(proposed=proposed), Labelled(label=label):
            return label, proposed
        case Record(proposed=proposed), Filled(values=values):
            return _record(payload, values), proposed
        case Draft(text=text), Written(text=written):
            return written, text
        case Spans(proposed=proposed), Marked(spans=spans):
            return _marks(payload, spans), proposed
        case _:
            raise BadInput("This is no answer to your task.", fix="Reload the page.")


def _marks(payload: Spans, spans: tuple[tuple[int, int, str], ...]) -> str:
    """The answer with these spans; one that was proposed and left as it is stays as it is."""
    if payload.proposed is not None and sorted(spans) == sorted(payload.marked):
        return payload.proposed
    return spans_text(Mark(payload.kinds, payload.field, payload.key), payload.asked, spans)


def _record(payload: Record, values: dict[str, str]) -> str:
    """The record of what was written; one that was proposed and left as it is stays as it is."""
    if payload.proposed is not None and values == payload.filled:
        return payload.proposed
    if payload.fields:
        fields = tuple(Field(one.name, one.choices, one.is_text) for one in payload.fields)
        return record_text(Fill(fields), values)
    record = one_record(values.get("", ""))
    if record is None:
        raise BadInput("What you wrote is no JSON object.", fix='Write it as {"name": "value"}.')
    return record
