"""Comparisons to Label Studio's pairwise template and back; model names never leave the project."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from surpass.core.errors import BadInput
from surpass.core.records.rating import Choice, Pairwise, Preferred, Queue, Rating, Task

CONFIGURATION = """<View>
  <Header value="What was asked"/>
  <Text name="prompt" value="$prompt"/>
  <Header value="Which answer is better? Select one, or say below that neither is."/>
  <Pairwise name="comparison" toName="answer1,answer2"/>
  <Text name="answer1" value="$answer1"/>
  <Text name="answer2" value="$answer2"/>
  <Choices name="neither" toName="prompt" choice="single-radio" showInline="true">
    <Choice value="tie"/>
    <Choice value="both bad"/>
  </Choices>
</View>
"""
"""The labelling configuration that the exported tasks are made for."""


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """What Label Studio shows, and our name of the task."""

    prompt: str = ""
    answer1: str = ""  # stands left
    answer2: str = ""
    task: str = ""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """One task as Label Studio takes it in."""

    data: Data


class _Value(msgspec.Struct):
    selected: Literal["left", "right"] | None = None
    choices: tuple[str, ...] = ()


class _Result(msgspec.Struct):
    from_name: str = ""
    value: _Value = msgspec.field(default_factory=_Value)


class _Person(msgspec.Struct):
    id: int


class _Annotation(msgspec.Struct):
    result: tuple[_Result, ...] = ()
    completed_by: int | _Person | None = None
    was_cancelled: bool = False
    created_at: str = ""
    lead_time: Annotated[float, msgspec.Meta(ge=0)] | None = None


class _Annotated(msgspec.Struct):
    data: Data
    annotations: tuple[_Annotation, ...] = ()


def exported(queue: Queue) -> list[Exported]:
    """Every comparison once, whoever has it here, gold included; sides as first dealt."""
    found: dict[str, Exported] = {}
    for task in _comparisons(queue):
        payload = task.payload
        if task.item not in found and isinstance(payload, Pairwise):
            data = Data(
                prompt=payload.asked, answer1=payload.left, answer2=payload.right, task=task.id
            )
            found[task.item] = Exported(data=data)
    return list(found.values())


def imported(content: bytes, queue: Queue, where: str) -> list[Rating]:
    """Ratings of what Label Studio exported (format JSON); raters are named "label-studio-ID".

    Raises:
        BadInput: not such an export, or tasks that the queue does not have.
    """
    try:
        annotated = msgspec.json.decode(content, type=list[_Annotated])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{where} is not a JSON export of Label Studio ({error}).",
            fix="Export the project there as JSON, not as JSON-MIN or CSV.",
        ) from None
    tasks = {task.id: task for task in _comparisons(queue)}
    found = []
    for one in annotated:
        if one.data.task not in tasks:
            raise BadInput(
                f"{where} has a task {one.data.task!r}, which is none of ours.",
                fix="Import the answers to the tasks of `surpass rate export`, made from these "
                "tasks.",
            )
        task = tasks[one.data.task]
        for annotation in one.annotations:
            choice = None if annotation.was_cancelled else _choice(annotation.result)
            if choice is not None:
                found.append(_rating(task, queue.id, annotation, choice))
    return found


def _comparisons(queue: Queue) -> Iterable[Task]:
    return (
        task
        for tasks in queue.tasks.values()
        for task in tasks
        if isinstance(task.payload, Pairwise) and task.purpose in {"rate", "gold"}
    )


def _choice(results: tuple[_Result, ...]) -> Choice | None:
    """What was said; "tie" or "both bad" where both that and a side were marked."""
    chosen: Choice | None = None
    for result in results:
        if result.from_name == "comparison" and result.value.selected is not None:
            chosen = result.value.selected
    for result in results:
        if result.from_name == "neither" and "tie" in result.value.choices:
            return "tie"
        if result.from_name == "neither" and "both bad" in result.value.choices:
            return "both bad"
    return chosen


def _rating(task: Task, queue: str, annotation: _Annotation, choice: Choice) -> Rating:
    by = annotation.completed_by
    person = by.id if isinstance(by, _Person) else by
    rater = f"label-studio-{'unknown' if person is None else person}"
    return Rating(
        at=annotation.created_at,
        queue=queue,
        task=f"{task.id}@{rater}",
        item=task.item,
        rater=rater,
        purpose=task.purpose,
        behind=task.behind,
        said=Preferred(choice=choice),
        seconds=annotation.lead_time,
    )
