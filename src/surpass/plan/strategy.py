"""Which way to go, in words: rules from facts to advice, each with its reason; nothing is run.

Sources, as their authors state them: LoRA equals full tuning while the adapter can hold what the
rows say, with adapters on all linear layers (Schulman et al. 2025, LoRA Without Regret); it falls
behind in continued pre-training, and forgets less (Biderman et al. 2024, arXiv:2405.09673); prompt
tuning comes near to full tuning above ten billion weights (Lester et al. 2021, arXiv:2104.08691);
4-bit bases cost no measured quality (Dettmers et al. 2023, arXiv:2305.14314).
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from surpass.plan.methods import Name

FEW_ROWS = 100
_MANY_NEW_TOKENS = 1e8  # beyond, low ranks fall behind (arXiv:2405.09673, figure 2)
_SMALL_FOR_PROMPTS = 10e9

Choice = Name | Literal["do not tune"]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known; none: not known, and no rule rests on it."""

    fits: tuple[Name, ...]  # methods that fit the machine and the budget
    base_parameters: int
    adapter_parameters: int  # of LoRA at the rank that was asked for
    rows: int | None = None
    tokens: float | None = None  # of one epoch, what the rows can say at most
    shift: Literal["small", "profound"] | None = None  # of the rows against what the base has read
    last_point: bool = False  # every point of quality matters, and resources are ample
    tasks: int = 1  # to be served on one base
    fast_answers: bool = False  # time to the first word matters
    prompt_that_meets: str | None = None  # a rung that clears every floor and ceiling already
    no_room: str | None = None  # a rung so good that the margin cannot be cleared


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """One way to go and why."""

    choice: Choice
    reason: str  # one or two sentences


def advise(facts: Facts) -> tuple[Advice, ...]:
    """What to do, best first; empty where nothing fits and no prompt will do."""
    found: dict[Choice, Advice] = {}
    for one in (*_without_tuning(facts), *_full(facts), *_adapters(facts), *_tiny(facts)):
        found.setdefault(one.choice, one)
    return tuple(found.values())


def _without_tuning(facts: Facts) -> Iterator[Advice]:
    if facts.prompt_that_meets is not None:
        yield Advice(
            choice="do not tune",
            reason=f"The rung {facts.prompt_that_meets} clears every floor and ceiling on valid "
            "already: a prompt costs no training, no serving of its own, and is changed in a "
            "minute.",
        )
    elif facts.no_room is not None:
        yield Advice(
            choice="do not tune",
            reason=f"The rung {facts.no_room} is so good on valid that no model could clear the "
            "margin over it. Declare a smaller margin, or be content.",
        )
    elif facts.rows is not None and facts.rows < FEW_ROWS:
        yield Advice(
            choice="do not tune",
            reason=f"{facts.rows} rows are few: put examples into the prompt first (the rungs "
            "few-shot and retrieved), and collect rows where it fails.",
        )


def _full(facts: Facts) -> Iterator[Advice]:
    """Full tuning pays in few cases; each must be said, none is guessed."""
    if "full" not in facts.fits:
        return
    if facts.tasks > 1:
        return  # one whole model a task
    if facts.shift == "profound" and facts.last_point:
        yield Advice(
            choice="full",
            reason="The domain is far from what the base has read, the last point matters, and all "
            "weights fit: there low-rank adapters fall behind. Guard against forgetting "
            "([[criteria.forgetting]]).",
        )
    elif facts.tokens is not None and facts.tokens > _MANY_NEW_TOKENS:
        yield Advice(
            choice="full",
            reason=f"{facts.tokens / 1e6:,.0f} M tokens can say more than an adapter holds, and "
            "all weights fit.",
        )


def _adapters(facts: Facts) -> Iterator[Advice]:
    if "lora" in facts.fits:
        yield Advice(
            choice="lora", reason=f"{_enough(facts)} Its base fits unquantised.{_tasks(facts)}"
        )
        if facts.last_point and "dora" in facts.fits:
            yield Advice(
                choice="dora",
                reason="As LoRA, with a magnitude for each output; sometimes a little better at "
                "low ranks, always slower.",
            )
    if "qlora" in facts.fits:
        yield Advice(
            choice="qlora",
            reason="Saves memory, not time: 4-bit weights are written out again in every "
            "micro-batch."
            if "lora" in facts.fits
            else f"{_enough(facts)} The base does not fit unquantised; in 4 bits it does, and "
            f"costs no quality that others could measure.{_tasks(facts)}",
        )


def _tiny(facts: Facts) -> Iterator[Advice]:
    """Methods that train next to nothing; advised last."""
    if "ia3" in facts.fits:
        yield Advice(
            choice="ia3",
            reason="A few thousand factors: for a handful of rows or hundreds of tasks; holds "
            "little.",
        )
    small = facts.base_parameters < _SMALL_FOR_PROMPTS
    if facts.fast_answers or "prompt" not in facts.fits:
        return
    yield Advice(
        choice="prompt",
        reason="Only where next to nothing may be stored for a task: every request becomes longer"
        + (", and below 10 billion weights it stays behind LoRA." if small else "."),
    )


def _enough(facts: Facts) -> str:
    """Why an adapter holds what the rows say, or that it may not."""
    if facts.shift == "profound":
        return (
            "The domain is far away: take a high rank (256) if full tuning is out of reach, and "
            "look at the gap that stays."
        )
    if facts.tokens is not None and facts.tokens > facts.adapter_parameters:
        return (
            f"{facts.tokens / 1e6:,.1f} M tokens are more than the adapter's "
            f"{facts.adapter_parameters / 1e6:,.1f} M numbers: raise the rank if training loss "
            "stays high."
        )
    if facts.tokens is None:
        return (
            "An adapter suffices unless the domain is far away, and forgets less than all weights."
        )
    return "An adapter suffices: it holds what these rows say, and forgets less than all weights."


def _tasks(facts: Facts) -> str:
    if facts.tasks == 1:
        return ""
    return f" {facts.tasks} tasks share one base in memory, each with an adapter of its own."
