"""One line of the ledger in words, a function for each kind of entry."""

from functools import singledispatch

from surpass.core.digest import short
from surpass.core.records.cycle import CycleEnded, CycleStarted
from surpass.core.records.decisions import (
    Body,
    Extension,
    Judgement,
    Opening,
    Promotion,
    Rollback,
    Seal,
)
from surpass.core.records.experiment import ExperimentEnd, ExperimentRamp, ExperimentStart
from surpass.core.wording import counted


@singledispatch
def entry_words(body: Body) -> str:
    """What was decided, in half a sentence; a kind without words of its own is a mistake of ours.

    Raises:
        TypeError: nobody wrote words for this kind.
    """
    raise TypeError(f"no words for an entry of the kind {type(body).__name__}")


@entry_words.register
def _(body: Seal) -> str:
    sealed = f"sealed: {counted(body.test_rows, 'test row')}, block {short(body.block)}"
    return sealed if body.reason is None else f"amended: {body.reason}"


@entry_words.register
def _(body: Extension) -> str:
    return f"new test: {counted(body.rows, 'row')}, block {short(body.block)}"


@entry_words.register
def _(body: Opening) -> str:
    return f"test opened to {body.purpose} {short(body.candidate)}"


@entry_words.register
def _(body: Judgement) -> str:
    return f"{body.outcome}, candidate {body.candidate_number}"


@entry_words.register
def _(body: Promotion) -> str:
    forced = "" if body.forced is None else " without a PASS"
    return f"released{forced}: {body.model.name}, by {body.by}"


@entry_words.register
def _(body: Rollback) -> str:
    return f"rolled back, by {body.by}: {body.reason}"


@entry_words.register
def _(body: ExperimentStart) -> str:
    return (
        f"experiment {body.experiment}: {body.challenger} gets {body.share:.0%} of the units of "
        f"{body.champion}, by {body.by}"
    )


@entry_words.register
def _(body: ExperimentRamp) -> str:
    return f"experiment {body.experiment}: {body.share:.0%} of the units, by {body.by}"


@entry_words.register
def _(body: ExperimentEnd) -> str:
    why = f": {body.reason}" if body.reason else ""
    return f"experiment {body.experiment} ended ({body.decision.value}), by {body.by}{why}"


@entry_words.register
def _(body: CycleStarted) -> str:
    return f"cycle {body.number} against {body.champion}, by {body.by}: {body.reason}"


@entry_words.register
def _(body: CycleEnded) -> str:
    judged = f" ({body.outcome})" if body.outcome else ""
    return f"cycle ended, {body.how}{judged}: {body.why}"
