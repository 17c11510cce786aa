"""Tasks for people and what they said: one mechanism for rating and labelling."""

from typing import Literal

import msgspec

from surpass.core.settings.rating import Scale

Choice = Literal["left", "right", "tie", "both bad"]
Purpose = Literal["rate", "gold", "repeat", "adjudicate"]


class Pairwise(msgspec.Struct, frozen=True, kw_only=True, tag_field="ask", tag="pairwise"):
    """Which of two answers is better?"""

    asked: str
    left: str
    right: str
    reference: str | None = None  # the expected answer, shown when it is asked for


class Scales(msgspec.Struct, frozen=True, kw_only=True, tag_field="ask", tag="scales"):
    """How good is this answer, from 1 to 5, by each scale?"""

    asked: str
    answer: str
    scales: tuple[Scale, ...]
    reference: str | None = None


class Label(msgspec.Struct, frozen=True, kw_only=True, tag_field="ask", tag="label"):
    """Which of these labels does the text have?"""

    asked: str
    labels: tuple[str, ...]
    proposed: str | None = None  # a model's answer; none: the annotator is blind


class RecordField(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a record."""

    name: str
    choices: tuple[str, ...] = ()  # offered; empty: free text
    is_text: bool = True  # False: what is written is read as JSON: a number, a list


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="ask", tag="record"):
    """What does the text state, field by field?"""

    asked: str
    fields: tuple[RecordField, ...]  # empty: unknown; one JSON object is asked for
    filled: dict[str, str] = msgspec.field(default_factory=dict)  # what stands there at first
    proposed: str | None = None  # the record that `filled` was made of, if a model wrote it


class Draft(msgspec.Struct, frozen=True, kw_only=True, tag_field="ask", tag="draft"):
    """What should the answer be? One that is there is accepted, mended or rejected."""

    asked: str
    text: str = ""
    proposed: bool = False  # True: a model wrote the text


class Spans(msgspec.Struct, frozen=True, kw_only=True, tag_field="ask", tag="spans"):
    """Which parts of the text are of which kind?"""

    asked: str
    kinds: tuple[str, ...]
    field: str | None = None  # of the record that holds the list; none: the answer is the list
    key: str = "type"  # under which a span says its kind
    marked: tuple[tuple[int, int, str], ...] = ()  # what is marked at first
    proposed: str | None = None  # the answer that `marked` was made of, if a model gave it


Payload = Pairwise | Scales | Label | Record | Draft | Spans
"""All that a page may show of a task."""


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind a task and is never shown to the one who answers it."""

    left: str = ""  # the model whose answer stands left; the only one of a Scales task
    right: str = ""
    known: Literal["left", "right"] | None = None  # the better side of a gold task
    repeats: str | None = None  # the task that this one asks again
    stratum: str = ""
    left_characters: int = 0
    right_characters: int = 0


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One screen for one person."""

    id: str  # "r2-017": unique in the queue
    item: str  # the row that it is about; a gold task has an item of its own
    purpose: Purpose
    payload: Payload
    behind: Behind


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody's tasks; kept in .surpass, because it holds the texts."""

    id: str  # digest of what it was made from
    at: str  # ISO 8601, UTC
    seed: int
    models: tuple[str, ...]
    tasks: dict[str, tuple[Task, ...]]  # rater -> tasks in their order
    title: str = ""
    guideline: str = ""
    eligible: int = 0  # rows that both models answered
    alike: int = 0  # of those, with equal answers: ties that nobody needs to look at
    notes: tuple[str, ...] = ()  # what could not be done as declared
    side: str = "files"  # valid, test or files; of labelling pool or files: whose rows they are
    candidate: str = ""  # the second model, as the ledger calls it; of files empty
    source: str = ""  # of labelling: where the rows come from; a file whose `side` is "pool"


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A personal link: its secret is in nobody's file, only the secret's digest is."""

    rater: str
    queue: str
    digest: str  # SHA-256 of the secret
    expires_at: str  # ISO 8601, UTC
    revoked_at: str | None = None


class Preferred(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="preferred"):
    """The answer to a Pairwise task."""

    choice: Choice


class Scaled(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="scaled"):
    """The answer to a Scales task: 1 to 5 by name of scale."""

    scores: dict[str, int]


class Labelled(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="labelled"):
    """The answer to a Label task."""

    label: str


class Filled(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="filled"):
    """The answer to a Record task: what was written into each field."""

    values: dict[str, str]


class Written(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="written"):
    """The answer to a Draft task."""

    text: str


class Marked(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="marked"):
    """The answer to a Spans task: first character, the one after the last, kind."""

    spans: tuple[tuple[int, int, str], ...]


class Rejected(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="rejected"):
    """The answer to a Draft task: the row should not be learned from."""


class Skipped(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="skipped"):
    """No answer, and why."""

    reason: str


class Undone(msgspec.Struct, frozen=True, kw_only=True, tag_field="said", tag="undone"):
    """What was said last about this task no longer counts."""


Said = Preferred | Scaled | Labelled | Filled | Written | Marked | Rejected | Skipped | Undone


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """One line of answers/ratings.jsonl: enough for every statistic, and no row's text."""

    at: str  # ISO 8601, UTC
    queue: str
    task: str
    item: str
    rater: str
    purpose: Purpose
    behind: Behind
    said: Said
    seconds: float | None = None  # on the screen; unknown without scripts
    comment: str = ""
