"""What `surpass plan --gpu` and `surpass worth` answer a program; what is not known is null."""

import msgspec


class MethodPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One way to tune on one machine; predicted, not run."""

    method: str  # lora, qlora, dora, ia3, prefix, prompt, ptuning or full
    fits: bool  # into memory, hours and money
    exceeds: str | None  # what it exceeds, in words
    memory_bytes: int  # of the device at its peak
    memory_parts: dict[str, int]  # the same by part, bytes
    needed_bytes: int  # the peak and a margin; it fits where the machine has so much
    micro_batch_tokens: int  # packed into one micro-batch
    tokens_per_second: float  # packed so
    unpacked_tokens_per_second: float  # one row at a time
    tokens_in_hours: float | None  # trained within the hours, packed; null: no hours were given
    hours: float | None  # for the rows, loading and scoring included; null: no rows were given
    money: float | None  # the same at the price of an hour; null: no price or no rows
    trained_parameters: int  # numbers


class AdviceData(msgspec.Struct, frozen=True, kw_only=True):
    """One way to go and why, best first."""

    choice: str  # a method, or "do not tune"
    reason: str  # in words


class MachinePlanData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass plan --gpu`: predictions for a machine that is described, not run on."""

    base: str  # its name
    machine: str  # its name
    memory_gb: float  # that a program can use there
    row_tokens: int  # of a row on average
    rows: int | None  # to be trained; null: not given
    epochs: float  # passes over them
    methods: tuple[MethodPlan, ...]  # all that there are
    advice: tuple[AdviceData, ...]  # best first; empty where nothing fits
    power: float | None  # chance of PASS at the hope; null outside a project


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One model at work."""

    accepted_share: float  # of its answers that are right
    answer_cost: float  # of one answer, right or wrong
    accepted_cost: float  # of one right answer, wrong ones before it and what they cost included


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """Where the answer would turn if only this input were another."""

    input: str  # its option
    now: float  # as given
    turns_at: float | None  # null: nowhere within a hundredth to a hundredfold


class WorthData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass worth`: what tuning costs, what it saves, and when it has paid."""

    worth: bool  # it has paid within the months
    months: float  # that it may take
    outlay: float  # labelling and training
    base: Side  # the base, or the prompted model that would be used instead
    tuned: Side  # the tuned model
    break_even_answers: float | None  # right answers until it has paid; null: never
    break_even_months: float | None  # the same at the stated traffic
    break_even_date: str | None  # the day, as YYYY-MM-DD; null: never, or beyond the year 9999
    turns: tuple[Turn, ...]  # nearest first
