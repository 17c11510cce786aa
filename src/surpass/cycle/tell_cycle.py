"""What a cycle of retraining says of itself."""

import msgspec

from surpass.core.account import Account, Fact, Standing
from surpass.core.digest import short
from surpass.core.records.cycle import CycleData, CycleEnded, CycleStarted
from surpass.core.records.release import Release
from surpass.core.records.results import VerdictData
from surpass.core.records.verdict import Outcome
from surpass.steps.tell.verdict import STANDINGS

_FIRST_CHAPTERS = 2  # gates, and every model on the test; the report has the others


def cycle_account(start: CycleStarted, ended: CycleEnded, live: Release | None) -> Account:
    """How a cycle ended, and what a person does next.

    Args:
        start: What the ledger has of its start.
        ended: What the ledger has of its end.
        live: The new champion; none: the old one stays.
    """
    headline, following = {
        "released": (f"{live.name if live else 'The challenger'} is champion now.", "status"),
        "to approve": (
            f"The challenger beats {start.champion}; a person must approve.",
            "release",
        ),
        "filed": (f"{start.champion} stays champion: {_first_small(ended.why)}", "explain"),
        "stopped": (f"{start.champion} stays champion; the cycle was stopped.", "status"),
    }[ended.how]
    return Account(
        title=f"Cycle {start.number}",
        headline=headline,
        standing=STANDINGS[Outcome(ended.outcome)] if ended.outcome else Standing.DONE,
        text=(f"{start.by} began it: {start.reason}",),
        facts=(
            Fact(label="new rows", value=start.rows or "none", note=_digest(start.rows_digest)),
            Fact(label="new test", value=start.test or "none", note=_digest(start.test_digest)),
        ),
        next_command=f"surpass {following}",
        data=CycleData(
            number=start.number,
            champion=start.champion,
            how=ended.how,
            outcome=ended.outcome,
            released=live.name if live else None,
        ),
    )


def with_verdict(cycle: Account, verdict: Account) -> Account:
    """The cycle's account with the numbers that its verdict rests on."""
    data, judged = cycle.data, verdict.data
    if isinstance(data, CycleData) and isinstance(judged, VerdictData):
        data = msgspec.structs.replace(data, report=judged.report)
    return msgspec.structs.replace(
        cycle,
        text=(*cycle.text, verdict.headline, *verdict.text),
        facts=(*cycle.facts, *verdict.facts),
        chapters=verdict.chapters[:_FIRST_CHAPTERS],
        warnings=verdict.warnings,
        data=data,
    )


def _first_small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _digest(digest: str | None) -> str:
    return short(digest) if digest else ""
