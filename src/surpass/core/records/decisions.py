"""What stands in the ledger: every decision that gates a model."""

import msgspec

from surpass.core.records.cycle import CycleEnded, CycleStarted
from surpass.core.records.experiment import ExperimentEnd, ExperimentRamp, ExperimentStart
from surpass.core.records.release import ReleasedModel, SealedFloor
from surpass.core.records.verdict import Gate
from surpass.core.settings import Criteria, Generation, Ladder, Task


class Seal(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="seal"):
    """Everything that may not be chosen after seeing test data."""

    criteria: Criteria
    declared: bool  # False: a default that nobody edited
    task: Task
    labels: tuple[str, ...]
    absent_classes: str  # the rule for labels without test rows
    group: str | None
    slices: tuple[str, ...]
    ladder: Ladder
    generation: Generation
    prompt: str  # digest of the instruction
    base: str  # digest of the base model
    split: str  # digest of the split's recipe
    block: str  # digest of the sealed test rows
    test_rows: int
    test_groups: int
    added: str = ""  # digest of the training rows with those that mitigation added; empty: none
    evidence: dict[str, str] = msgspec.field(default_factory=dict)  # file of criteria -> digest
    brought: dict[str, str] = msgspec.field(default_factory=dict)  # rung that was brought -> digest
    power: float | None  # chance of PASS at `expect`, on this block
    power_note: str = ""
    reason: str | None = None  # of an amendment
    amends: str | None = None  # digest of the entry that it replaces


class Extension(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="extension"):
    """New rows became the test; those of the block before stay out of training for ever."""

    block: str  # digest of the new test rows
    replaces: str  # digest of the test rows before
    file: str  # where the new rows are, relative to the project
    digest: str  # of that file
    split: str  # digest of the split whose train and valid it was compared with
    rows: int
    groups: int
    dropped_repeats: int  # rows of the file that occur twice in it, or in an earlier test
    dropped_groups: int  # rows of the file whose group occurs in train or valid


class Opening(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="opening"):
    """The test rows of one block were read, by whom and for what; written before they are."""

    block: str
    candidate: str  # the run or rung that is scored
    purpose: str  # "score", "rate" or "show"


class Judgement(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="verdict"):
    """A verdict was given."""

    verdict: str  # digest of the verdict's recipe
    seal: str  # digest of the seal's entry
    block: str
    run: str
    candidate_number: int  # k: how many candidates this block has judged, this one included
    alpha: float  # level in force: alpha / (k (k + 1))
    outcome: str
    gates: tuple[Gate, ...]
    answers: str = ""  # digest of all answers it rests on: others are another look
    said: str = ""  # digest of all ratings it rests on: others are another look


class Promotion(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="release"):
    """A model became champion."""

    model: ReleasedModel
    files: str  # digest of the manifest of its folder, .surpass/releases/DIGEST
    floor: SealedFloor
    seal: str  # digest of the seal's entry
    verdict: str | None  # digest; none: released by force without one
    outcome: str | None  # of that verdict
    by: str
    forced: str | None = None  # the reason, where it was released without a PASS


class Rollback(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="rollback"):
    """An earlier champion is champion again."""

    release: str  # digest of the entry that released it
    instead_of: str  # digest of the model that was champion until now
    by: str
    reason: str


Experimented = ExperimentStart | ExperimentRamp | ExperimentEnd
Cycled = CycleStarted | CycleEnded
Body = Seal | Extension | Opening | Judgement | Promotion | Rollback | Experimented | Cycled


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of ledger.jsonl."""

    at: str  # ISO 8601, UTC
    parents: tuple[str, ...]  # digests of the entries that this one follows; two after a merge
    body: Body
