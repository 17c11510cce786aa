"""What happens in production, one record a line of the journal."""

from datetime import datetime
from typing import Literal

import msgspec

Status = Literal["started", "finished", "interrupted", "failed", "refused"]


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """A request, written before the first byte of its answer leaves."""

    request: str
    task: str
    at: datetime  # with a time zone
    unit: str
    model: str  # as asked
    release: str  # that answers
    session: str | None = None
    experiment: str | None = None
    arm: str | None = None
    input: str | None = None  # null: the task does not keep it
    key: str | None = None


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a request; replaces "started"."""

    request: str
    status: Status
    finish_reason: str | None = None
    latency_ms: float | None = None
    first_token_ms: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    output: str | None = None  # null: the task does not keep it, or there is none
    label: str | None = None
    confidence: float | None = None
    cost: float | None = None


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's vote on an answer or a conversation; the next one of the same id replaces it."""

    feedback: str
    name: str
    unit: str
    at: datetime
    request: str | None = None
    session: str | None = None
    value: float | None = None
    label: str | None = None
    comment: str | None = None
    correction: str | None = None
    key: str | None = None


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """A unit met an experiment; only its first meeting is kept."""

    experiment: str
    unit: str
    arm: str
    share: float  # of the units that this arm is given
    at: datetime
    request: str


Entry = Started | Finished | Feedback | Exposure
