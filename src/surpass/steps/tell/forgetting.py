"""What tuning cost beside the task: both models' loss on other texts, the worst texts first."""

from collections.abc import Iterator

import polars as pl

from surpass.core import columns
from surpass.core.account import Chapter, Table
from surpass.core.errors import CannotTell
from surpass.core.records.verdict import Gate
from surpass.core.settings import Forgetting
from surpass.prove.evidence import Evidence, Unknown
from surpass.prove.forgetting import rises, sample_words
from surpass.steps.tell.numbers import counted, nats

_SHOWN = 3
_EXCERPT = 160  # characters


def forgetting_chapter(
    gates: tuple[Gate, ...],
    declared: tuple[Forgetting, ...],
    evidence: Evidence,
    texts: tuple[pl.DataFrame, ...],
) -> Chapter | None:
    """Loss of base and tuned model on each sample; none where nothing was declared.

    Args:
        gates: Of the verdict.
        declared: The criteria.
        evidence: Losses of both models, in the order of the criteria.
        texts: The texts themselves, in the same order.
    """
    if not declared:
        return None
    found = tuple(
        (one, losses, text)
        for one, losses, text in zip(declared, evidence.forgetting, texts, strict=True)
        if not isinstance(losses, Unknown)
    )
    tables = [table for one in found for table in _tables(*one)]
    said = tuple(gate.sentence for gate in gates if gate.role == "forgetting")
    return Chapter(title="Forgetting", text=said, tables=tuple(tables))


def _tables(wanted: Forgetting, losses: pl.DataFrame, texts: pl.DataFrame) -> Iterator[Table]:
    """Mean losses, and the texts whose loss rose most."""
    words = sample_words(wanted.on)
    base, tuned = (losses[n].to_numpy().mean() for n in (columns.BASE_LOSS, columns.TUNED_LOSS))
    yield Table(
        title=f"Loss on {words}, nats per token",
        columns=("texts", "base", "tuned"),
        rows=((counted(losses.height, "text"), f"{base:.3f}", f"{tuned:.3f}"),),
        numeric=("base", "tuned"),
        note="The mean over texts of the mean over tokens; lower is better.",
    )
    try:
        risen = losses.with_columns(pl.Series("rise", rises(losses)))
    except CannotTell:
        return
    worst = risen.join(texts.select(columns.ROW, columns.TARGET), on=columns.ROW)
    worst = worst.sort("rise", descending=True).head(_SHOWN)
    yield Table(
        title=f"Texts of {words} that got worst",
        columns=("text", "rise", "begins"),
        rows=tuple(
            (name, nats(rise), " ".join(text.split())[:_EXCERPT])
            for name, rise, text in worst.select(columns.ROW, "rise", columns.TARGET).iter_rows()
        ),
        numeric=("rise",),
        excerpts=("begins",),
    )
