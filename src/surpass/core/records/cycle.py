"""A cycle of retraining: from new rows to a verdict, and what became of the challenger."""

from typing import Literal

import msgspec

CycleEnding = Literal["released", "to approve", "filed", "stopped"]


class CycleStarted(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="cycle start"):
    """New rows are to become a challenger."""

    number: int  # from 1
    champion: str  # name of the model it must beat
    rows: str | None  # file with the new training rows, relative to the project
    rows_digest: str | None
    test: str | None  # file whose rows became the test, relative to the project
    test_digest: str | None
    by: str
    reason: str


class CycleEnded(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="cycle end"):
    """What became of the challenger."""

    start: str  # digest of the entry that started the cycle
    how: CycleEnding
    verdict: str | None  # digest; none: it was stopped before one
    outcome: str | None
    why: str  # one sentence


class CycleData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass retrain`: one cycle."""

    number: int
    champion: str  # name of the model that had to be beaten
    how: CycleEnding
    outcome: str | None  # PASS, FAIL or INCONCLUSIVE; none: stopped before a verdict
    released: str | None  # name of the new champion; none: the old one stays
    report: str | None = None  # path


class CollectData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass collect`: requests that wait for labels."""

    number: int  # of the cycle that they are for
    slice: str | None  # file of requests drawn by chance; none: there is none
    slice_rows: int
    gathered: str | None  # file of requests picked for training; none: there is none
    gathered_rows: int
