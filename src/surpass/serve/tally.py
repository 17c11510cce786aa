"""What became of a request, gathered while it is answered."""

import asyncio
from dataclasses import dataclass, field

from surpass.core.records.journal import Finished, Status
from surpass.serve.capture import kept_texts
from surpass.serve.chat_request import as_text
from surpass.serve.gateway import Caller, Gateway, Visit, on_record


@dataclass
class Tally:
    """Changes with each part of the answer."""

    texts: list[str] = field(default_factory=list)
    finish_reason: str | None = None
    first: float | None = None  # seconds of the loop's clock
    input_tokens: int | None = None
    output_tokens: int | None = None
    label: str | None = None
    confidence: float | None = None
    cost: float | None = None
    settled: bool = False  # what was not used of the reservation is given back once

    def add(self, text: str) -> None:
        """A part of the answer is ready."""
        if self.first is None:
            self.first = asyncio.get_running_loop().time()
        self.texts.append(text)


async def finish(gateway: Gateway, who: Caller, visit: Visit, tally: Tally, status: Status) -> None:
    """Put on record what became of a request, and settle what it used; returns when on disk.

    Raises:
        BadMachine: it could not be written.
    """
    await on_record(gateway, ended(gateway, who, visit, tally, status))


def ended(gateway: Gateway, who: Caller, visit: Visit, tally: Tally, status: Status) -> Finished:
    """The record of what became of a request; what it did not use is given back."""
    now = asyncio.get_running_loop().time()
    if not tally.settled:
        tally.settled = True
        who.budget.settle(visit.reserved, _used(visit, tally), now)
    level = gateway.settings.capture
    answered = "".join(tally.texts) if tally.texts else None
    return Finished(
        request=visit.id,
        status=status,
        finish_reason=tally.finish_reason,
        latency_ms=round((now - visit.began) * 1000, 3),
        first_token_ms=None
        if tally.first is None
        else round((tally.first - visit.began) * 1000, 3),
        input_tokens=tally.input_tokens,
        output_tokens=tally.output_tokens,
        output=None
        if answered is None
        else kept_texts(level, as_text(visit.asked), answered).output,
        label=None if level == "none" else tally.label,
        confidence=tally.confidence,
        cost=tally.cost,
    )


def _used(visit: Visit, tally: Tally) -> float:
    """Tokens of a request; where text came and nobody counted it, all that was reserved."""
    told = tally.input_tokens is not None and tally.output_tokens is not None
    if tally.texts and not told:
        return visit.reserved
    return float((tally.input_tokens or 0) + (tally.output_tokens or 0))
