"""verdict.json: everything that a decision rests on, in one file that stands for itself.

It holds digests, counts, scores and declared words, and no text of any row.
"""

import msgspec

from surpass.core.digest import digest_record
from surpass.core.records.card import CardSource
from surpass.core.records.fairness import Compared
from surpass.core.records.run import Environment
from surpass.core.records.verdict import Gate
from surpass.core.settings import Criteria

FORMAT = "surpass-verdict/1"


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict itself."""

    verdict: str  # digest
    at: str  # ISO 8601, UTC
    outcome: str  # PASS, FAIL or INCONCLUSIVE
    headline: str
    opponent: str  # the baseline that had to be beaten
    surpassed_by: tuple[str, ...]  # baselines whose test score is not below the model's
    candidate_number: int  # how many candidates this test had judged, this one included
    alpha: float  # level in force
    gates: tuple[Gate, ...]  # every criterion with its estimate and bounds
    notes: tuple[str, ...]


class SealedBefore(msgspec.Struct, frozen=True, kw_only=True):
    """What was fixed before training."""

    seal: str  # digest of the ledger's entry
    at: str  # ISO 8601, UTC
    criteria: Criteria
    declared: bool  # False: a default that nobody edited
    amendments: tuple[str, ...]  # reasons, the oldest first
    test_rows: int
    test_groups: int


class Digests(msgspec.Struct, frozen=True, kw_only=True):
    """Names of everything, by content."""

    model: str  # of everything that decides the answers
    content: str  # of the trained tensors
    base: str
    instruction: str
    data: str  # of the examples
    split: str
    test: str  # of the sealed rows
    evaluations: dict[str, str]  # model -> its result on the test
    ledger: tuple[str, ...]  # heads of the ledger before this file was written


class DataStatement(msgspec.Struct, frozen=True, kw_only=True):
    """Where the rows come from and where they went."""

    files: tuple[CardSource, ...]
    rows: dict[str, int]  # by side
    groups: dict[str, int]  # by side
    decisions: int  # about rows
    removed_rows: int  # of training, because valid or test would show them


class Integrity(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the same thing was trained, measured and compared."""

    trained_here: bool  # False: by another trainer, mask and template are not verified
    end_token_trained: bool | None  # none: not trained here
    padded: bool | None  # False: rows lay side by side in one; none: not trained here
    left_out: int | None  # rows longer than max_tokens; none: not trained here
    changed_on_valid: int | None  # answers that differ from the untuned base's; none: not asked
    valid_rows: int
    environment: Environment | None  # where the answers on the test were made


class Errors(msgspec.Struct, frozen=True, kw_only=True):
    """How the model fails, in numbers."""

    unreadable: int  # answers on the test that no reading accepts; they count as wrong
    truncated: int  # answers on the test that were cut short
    confusions: tuple[tuple[str, str, int], ...]  # of labels on valid: expected, answered, rows


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What it took."""

    training_seconds: float | None  # none: not trained here
    training_memory_bytes: int | None
    training_tokens: int | None
    test_seconds: float | None  # to answer the test; none: it never did
    price_per_hour: float | None  # of the machine, as [budget] says
    training_money: float | None  # in the same currency


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """Who released it."""

    by: str
    forced: str | None  # the reason, where there was no PASS


class VerdictFile(msgspec.Struct, frozen=True, kw_only=True):
    """All of verdict.json."""

    format: str
    model: str  # `task@digest12`
    decided: Decided | None  # none: released by force without a verdict
    sealed: SealedBefore
    digests: Digests
    data: DataStatement
    scores: dict[str, dict[str, float]]  # on the test: model -> metric -> value
    integrity: Integrity
    errors: Errors | None  # none: the model never answered the test
    fairness: tuple[Compared, ...]  # groups on valid; empty: none were declared
    cost: Cost
    approval: Approval


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """The file as it is written: the statement, and its digest against slips and edits."""

    digest: str
    statement: VerdictFile


def signed(statement: VerdictFile) -> Signed:
    """The statement with its digest; that is no signature: who edits it can write a new one."""
    return Signed(digest=digest_record(statement), statement=statement)
