"""What one method needs on one machine, and how far it gets: a prediction, nothing was run."""

import math
from collections.abc import Iterable

import msgspec

from surpass.plan.fitted import FULL_MARGIN, MARGIN
from surpass.plan.machines import Machine
from surpass.plan.memory import memory_parts
from surpass.plan.methods import NAMES, Method, Name, trained_parameters
from surpass.plan.shape import Shape
from surpass.plan.speed import Lengths, micro_batch_seconds

_PACKED = (8192, 4096, 2048, 1024, 512, 256)  # tokens of a micro-batch, most first
_SETUP_SECONDS = 120.0
_SETUP_SECONDS_OF_BILLION = 15.0  # to fetch from disk, quantise and score: assumed, not fitted


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be trained, and within what."""

    row_tokens: int  # of a row, prompt and answer, on average
    rows: int | None = None  # none: how much can be trained is what is asked
    epochs: float = 1.0
    hours: float | None = None  # none: no limit
    money: float | None = None
    price_per_hour: float | None = None

    @property
    def tokens(self) -> float | None:
        """Of all epochs."""
        return None if self.rows is None else self.rows * self.row_tokens * self.epochs


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One method on one machine; every figure is predicted, not run."""

    method: Name
    trained: int  # numbers
    parts: dict[str, int]  # bytes by part, at the micro-batch below
    needed_bytes: int  # their sum and a margin
    micro_tokens: int  # packed into one micro-batch
    packed_rate: float  # tokens a second at that
    single_rate: float  # tokens a second of one row at a time
    setup_seconds: float  # until the first step, and for scoring
    exceeds: str | None  # what does not fit, in words; none: all does

    @property
    def memory_bytes(self) -> int:
        """Peak of the device."""
        return sum(self.parts.values())

    def seconds(self, tokens: float) -> float:
        """To train so many tokens."""
        return self.setup_seconds + tokens / self.packed_rate

    def tokens_in(self, hours: float, *, packed: bool = True) -> float:
        """How many can be trained in that time."""
        rate = self.packed_rate if packed else self.single_rate
        return max(0.0, hours * 3600 - self.setup_seconds) * rate


def offers(
    shape: Shape, machine: Machine, job: Job, *, rank: int = 16, names: Iterable[Name] = NAMES
) -> tuple[Offer, ...]:
    """Every method on the machine, fitting or not."""
    return tuple(offer(shape, machine, job, Method(name=name, rank=rank)) for name in names)


def offer(shape: Shape, machine: Machine, job: Job, method: Method) -> Offer:
    """One method, at the longest micro-batch that fits; where none does, at one row."""
    trained, longest = trained_parameters(method, shape), job.row_tokens + method.longer_rows
    room = machine.memory_gb * 1e9
    lengths = [packed for packed in _PACKED if packed >= longest] or [longest]
    parts: dict[str, int] = {}
    tokens, needed = longest, 0
    for tokens in lengths:
        parts = memory_parts(shape, method, trained, tokens, number_type=machine.number_type)
        needed = math.ceil(sum(parts.values()) * (1 + _margin(method)))
        if needed <= room:
            break
    made = Offer(
        method=method.name,
        trained=trained,
        parts=parts,
        needed_bytes=needed,
        micro_tokens=tokens,
        packed_rate=_rate(shape, method, tokens, job, machine),
        single_rate=_rate(shape, method, longest, job, machine),
        setup_seconds=_SETUP_SECONDS + _SETUP_SECONDS_OF_BILLION * shape.parameters / 1e9,
        exceeds=None,
    )
    return msgspec.structs.replace(made, exceeds=_excess(made, method, machine, job))


def _margin(method: Method) -> float:
    return FULL_MARGIN if method.all_weights else MARGIN


def _rate(shape: Shape, method: Method, tokens: int, job: Job, machine: Machine) -> float:
    """Tokens of rows, without the virtual ones, a second."""
    longest = job.row_tokens + method.longer_rows
    lengths = Lengths(tokens=tokens, row_tokens=longest)
    seconds = micro_batch_seconds(
        shape, method, trained_parameters(method, shape), lengths, machine
    )
    return tokens / seconds * job.row_tokens / longest


def _excess(made: Offer, method: Method, machine: Machine, job: Job) -> str | None:
    if method.four_bit and not machine.four_bit:
        return "4-bit weights: there are no kernels for this machine"
    if made.needed_bytes > machine.memory_gb * 1e9:
        return (
            f"{made.needed_bytes / 1e9:.0f} GB of memory with a margin of {_margin(method):.0%}; "
            f"there are {machine.memory_gb:g} GB"
        )
    if job.tokens is None:
        return None
    hours = made.seconds(job.tokens) / 3600
    if job.hours is not None and hours > job.hours:
        return f"{hours:.1f} hours; there are {job.hours:g}"
    money = None if job.price_per_hour is None else hours * job.price_per_hour
    if job.money is not None and money is not None and money > job.money:
        return f"{money:.2f} of money; there is {job.money:g}"
    return None
