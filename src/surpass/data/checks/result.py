"""What a check answers: how it stands, how much it matters, and the rows that show it."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec
import polars as pl

from surpass.core.columns import COLUMN, PARTNER, PROPOSAL, REASON, REPLACEMENT, ROW

State = Literal["clear", "found", "cannot tell"]
Severity = Literal["error", "fix", "review", "note"]

_SCHEMA = {
    ROW: pl.String,
    PARTNER: pl.String,
    REASON: pl.String,
    PROPOSAL: pl.String,
    COLUMN: pl.String,
    REPLACEMENT: pl.String,
}


class Evidence(NamedTuple):
    """One row that shows a finding.

    A proposal to drop or fix is made only where nothing is lost; all else is for a person.
    """

    row: str
    partner: str | None
    reason: str
    proposal: Literal["drop", "fix", "review"] = "review"
    column: str | None = None
    replacement: str | None = None


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of one check on one set of examples."""

    check: str
    examined: int  # rows that were looked at
    state: State
    severity: Severity  # if found: error (must be mended), fix, review (a person looks), note
    summary: str  # one sentence with numbers
    advice: str = ""  # what to do, one sentence
    evidence: pl.DataFrame  # ROW, PARTNER, REASON, PROPOSAL, COLUMN, REPLACEMENT

    @property
    def rows(self) -> int:
        """Distinct rows in the evidence."""
        return self.evidence[ROW].n_unique()


def evidence_frame(evidence: Iterable[Evidence] = ()) -> pl.DataFrame:
    """Evidence as a frame, in the given order."""
    return pl.DataFrame(list(evidence), schema=_SCHEMA, orient="row")


def cannot_tell(check: str, examined: int, summary: str, advice: str = "") -> CheckResult:
    """The check has too little to go by, and says what it would need."""
    return CheckResult(
        check=check, examined=examined, state="cannot tell", severity="note",
        summary=summary, advice=advice, evidence=evidence_frame(),
    )  # fmt: skip


def clear(check: str, examined: int, summary: str) -> CheckResult:
    """The check looked and found nothing."""
    return CheckResult(
        check=check, examined=examined, state="clear", severity="note",
        summary=summary, evidence=evidence_frame(),
    )  # fmt: skip


def shortened(text: str, longest: int = 40) -> str:
    """A value in a sentence: quoted, and cut where it is long."""
    return repr(text if len(text) <= longest else text[: longest - 1] + "…")
