"""What others published, what we predict for it, and how far the two lie apart."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import msgspec

from surpass.plan import fitted
from surpass.plan.machines import machines
from surpass.plan.memory import Loop, memory_parts
from surpass.plan.methods import Method, Name, trained_parameters
from surpass.plan.shapes import known_shapes
from surpass.plan.speed import Lengths, micro_batch_seconds

MICRO_BATCHES = 8  # of one iteration in the Qwen rows
_CARDS_TOKENS = 1024 * 2048
_ROW = 2048  # tokens of a row in the fsdp_qlora and torchtune rows
_LOOPS: dict[Name, Loop] = {
    "lora": Loop(score_bytes=fitted.LORA_SCORE_BYTES),
    "full": Loop(score_bytes=fitted.LORA_SCORE_BYTES),
    "qlora": Loop(framework_gb=fitted.QLORA_FRAMEWORK_GB, score_bytes=fitted.QLORA_SCORE_BYTES),
}


class QwenRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of Qwen's table; the three lists are in one order."""

    base: str
    method: Name
    tokens: tuple[int, ...]
    gigabytes: tuple[float, ...]
    seconds: tuple[float, ...]
    fitted: bool
    trained: int | None = None  # none: all weights


class CardsRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of fsdp_qlora's table."""

    machine: str
    cards: int
    rows: int  # of a micro-batch on each card
    seconds: float


class TorchtuneRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of torchtune's table."""

    machine: str
    method: Name
    gibibytes: float
    tokens_a_second: float


class Published(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of published.toml."""

    qwen: tuple[QwenRow, ...]
    cards: tuple[CardsRow, ...]
    torchtune: tuple[TorchtuneRow, ...]


class Compared(NamedTuple):
    """One published figure and ours."""

    what: str  # base, method and tokens of a micro-batch
    unit: Literal["GB", "s", "tokens/s a card"]
    published: float
    predicted: float
    fitted: bool  # the constants were made from it

    @property
    def error(self) -> float:
        """Share of the published figure by which ours is higher."""
        return self.predicted / self.published - 1


@cache
def published() -> Published:
    """The rows, as they were published."""
    text = files("surpass.plan").joinpath("published.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Published)


def comparisons() -> tuple[Compared, ...]:
    """Every published figure beside ours: memory first, then time, fitted rows before others."""
    found = [one for row in published().qwen for one in _qwen(row)]
    found += [_cards(row) for row in published().cards]
    found += [one for row in published().torchtune for one in _torchtune(row)]
    return tuple(sorted(found, key=lambda one: (one.unit != "GB", not one.fitted)))


def _qwen(row: QwenRow) -> Iterator[Compared]:
    shape, method, machine = known_shapes()[row.base], Method(name=row.method), machines()
    trained = row.trained or trained_parameters(method, shape)
    for tokens, gigabytes, seconds in zip(row.tokens, row.gigabytes, row.seconds, strict=True):
        what = f"{row.base} {row.method}, {tokens:,} tokens"
        parts = memory_parts(
            shape, method, trained, tokens, number_type="bfloat16", loop=_LOOPS[row.method]
        )
        yield Compared(what, "GB", gigabytes, sum(parts.values()) / 1e9, row.fitted)
        lengths = Lengths(tokens=tokens, row_tokens=tokens)
        each = micro_batch_seconds(shape, method, trained, lengths, machine["a100-80gb"])
        yield Compared(what, "s", seconds, MICRO_BATCHES * each, row.fitted)


def _cards(row: CardsRow) -> Compared:
    """Our figure leaves out what the cards say to each other."""
    shape, method = known_shapes()["llama-2-70b"], Method(name="qlora", rank=64)
    lengths = Lengths(tokens=row.rows * _ROW, row_tokens=_ROW)
    trained = trained_parameters(method, shape)
    each = micro_batch_seconds(shape, method, trained, lengths, machines()[row.machine])
    what = f"llama-2-70b qlora, {row.cards} x {row.machine}, {lengths.tokens:,} tokens"
    measured = _CARDS_TOKENS / row.seconds / row.cards
    return Compared(what, "tokens/s a card", measured, lengths.tokens / each, fitted=False)


def _torchtune(row: TorchtuneRow) -> Iterator[Compared]:
    shape, method = known_shapes()["llama-3-8b"], Method(name=row.method, rank=8)
    trained, tokens = trained_parameters(method, shape), 2 * _ROW
    what = f"llama-3-8b {row.method}, {row.machine}, {tokens:,} tokens"
    parts = memory_parts(shape, method, trained, tokens, number_type="bfloat16")
    yield Compared(what, "GB", row.gibibytes * 2**30 / 1e9, sum(parts.values()) / 1e9, fitted=False)
    lengths = Lengths(tokens=tokens, row_tokens=_ROW)
    each = micro_batch_seconds(shape, method, trained, lengths, machines()[row.machine])
    yield Compared(what, "tokens/s a card", row.tokens_a_second, tokens / each, fitted=False)


def table() -> str:
    """Every comparison as a table of Markdown, as docs/plan.md prints it."""
    lines = ["| what | unit | published | predicted | error | |", "|---|---|---:|---:|---:|---|"]
    lines += [
        f"| {one.what} | {one.unit} | {one.published:,.1f} | {one.predicted:,.1f} "
        f"| {one.error:+.0%} | {'fitted' if one.fitted else 'predicted'} |"
        for one in comparisons()
    ]
    return "\n".join(lines) + "\n"
