"""What trackers are told: one record an event, each with a name that makes it the same again."""

import math
from collections.abc import Mapping

import msgspec

ALIAS = "champion"


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Base of all events."""

    run: str  # what it belongs to: digest of a run, or the name of a brought model
    key: str  # with kind and run it names the event: told twice, it is the same
    at: int  # milliseconds since 1970, UTC


class Started(Event, frozen=True, kw_only=True, tag="started"):
    """A run began."""

    name: str
    settings: dict[str, str]
    dataset: str  # digest of the examples


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """What one step of training measured."""

    step: int
    at: int  # milliseconds since 1970, UTC
    values: dict[str, float | None]  # none: no number, which JSON cannot write


class Points(Event, frozen=True, kw_only=True, tag="points"):
    """A piece of the curves of training."""

    points: tuple[Point, ...]


class Ended(Event, frozen=True, kw_only=True, tag="ended"):
    """A run ended well."""

    values: dict[str, float | None]
    folder: str | None  # of the adapter, to be uploaded; none: it is not


class Scored(Event, frozen=True, kw_only=True, tag="scored"):
    """Models answered one side."""

    values: dict[str, float | None]  # "valid/tuned/accuracy" -> value


class Judged(Event, frozen=True, kw_only=True, tag="judged"):
    """A verdict was given."""

    outcome: str  # PASS, FAIL or INCONCLUSIVE
    headline: str
    verdict: str  # digest
    values: dict[str, float | None]  # scores on the test, and the gain with its bounds


class Released(Event, frozen=True, kw_only=True, tag="released"):
    """A model became champion."""

    task: str
    model: str  # digest
    name: str  # `task@digest12`
    folder: str  # released files
    files: str  # digest of their manifest
    upload: bool
    tags: dict[str, str]


class MovedBack(Event, frozen=True, kw_only=True, tag="moved back"):
    """An earlier model is champion again."""

    task: str
    model: str  # digest
    files: str  # digest of the manifest of its folder
    folder: str
    reason: str


AnyEvent = Started | Points | Ended | Scored | Judged | Released | MovedBack


def known(values: Mapping[str, float | None]) -> dict[str, float]:
    """Those that are numbers: no tracker can draw the others."""
    return {n: value for n, value in values.items() if value is not None and math.isfinite(value)}
