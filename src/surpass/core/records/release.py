"""A released model as every other room sees it, and what its commands answer a program."""

from pathlib import Path
from typing import Literal

import msgspec

from surpass.core.digest import digest_record, short

Form = Literal["adapter", "weights"]
MODEL_FILE = "model.json"  # in a released folder: a `ReleasedModel` with all that serving needs
PROMPT_FILE = "prompt.md"  # the instruction, closed sets filled in
VERDICT_FILE = "verdict.json"
CARD_FILE = "README.md"
MANIFEST_FILE = "manifest.json"


class SealedFloor(msgspec.Struct, frozen=True, kw_only=True):
    """What the model must keep reaching in production; monitoring alarms below it."""

    metric: str  # name from the page of metrics
    value: float | None  # in the metric's unit; none: no sound bound could be found
    origin: str  # "declared" in [[criteria.floor]], "bound on the test", or why there is none
    level: float | None = None  # of the bound, one-sided; none: declared
    higher_is_better: bool = True  # False: `value` is an upper bound and must not be exceeded


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One release: a model that is or was champion."""

    model: str  # digest of everything that decides its answers, 64 digits
    name: str  # `task@digest12`, the immutable name under which it is served
    base: str  # the base as surpass.toml named it
    base_digest: str
    folder: Path  # the released folder; may be absent on a fresh clone
    form: Form  # `folder / form` holds the adapter on its base, or all weights
    kind: str  # classify, extract, generate or code
    labels: tuple[str, ...]  # closed set of a classifier, else empty
    prompt: str  # digest of the instruction
    floor: SealedFloor
    since: "Moved"  # when, why and by whom
    entry: str  # digest of the ledger's entry

    @property
    def adapter(self) -> Path:
        """The folder of the adapter, or of the weights."""
        return self.folder / self.form


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """Why the champion moved."""

    at: str  # ISO 8601, UTC
    by: str
    verdict: str | None  # digest of the verdict it rests on; none: released by force without one
    outcome: str | None  # of that verdict
    forced: str | None = None  # the reason, where it was released without a PASS
    back: str | None = None  # the reason, where an older model was brought back


class Tenure(msgspec.Struct, frozen=True, kw_only=True):
    """One model's time as champion."""

    name: str
    model: str  # digest
    since: str  # ISO 8601, UTC
    until: str | None  # none: still
    by: str
    because: str  # one sentence
    verdict: str | None  # digest
    forced: bool  # True: released without a PASS
    entry: str  # digest of the ledger's entry that made it champion


class ReleaseData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass release` and `rollback`: who is champion, and all who ever were."""

    champion: str | None  # name; none: nothing was released, or not yet at that moment
    model: str | None  # its digest
    folder: str | None  # its files
    floor: SealedFloor | None
    history: tuple[Tenure, ...]  # the oldest first
    changed: bool  # True: this command moved the champion


class CheckedFile(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass release --check`: whether a verdict file holds together."""

    file: str
    model: str  # `task@digest12`
    outcome: str  # PASS, FAIL, INCONCLUSIVE or "no verdict"
    wrong: tuple[str, ...]  # what cannot be true; empty: nothing was found


class ReleasedModel(msgspec.Struct, frozen=True, kw_only=True):
    """model.json of a released folder: everything that decides its answers."""

    task: str
    kind: str
    base: str  # as surpass.toml named it
    base_digest: str
    form: Form
    content: str  # digest of the tensors
    prompt: str  # digest of the instruction in prompt.md
    labels: tuple[str, ...]  # closed set of a classifier, else empty
    scoring: str  # how label scores are read, as chosen on valid; "greedy, …" of a text
    prior: tuple[float, ...]  # average probability of each label, which some readings divide by
    max_new_tokens: int | None  # of an answer; none: labels are scored, nothing is written
    number_type: str  # of the evaluation that was judged: float32 or bfloat16

    @property
    def digest(self) -> str:
        """Names the model: another base, adapter, instruction or reading is another model."""
        return digest_record(self)

    @property
    def name(self) -> str:
        """`task@digest12`: what it is served under, and never anything else."""
        return f"{self.task}@{short(self.digest)}"
