"""Pairs of a better and a worse answer for the tiny models."""

import polars as pl

from surpass.core.settings import Lora, Pairs, Training
from surpass.model.find import Base
from surpass.train.loop import Job
from tiny_jobs import rows


def pair_rows(count: int) -> pl.DataFrame:
    """That many rows whose worse answer is always the same, and never the better one."""
    return rows(count).with_columns(pl.lit("I cannot tell you that.").alias("@rejected"))


def pair_job(base: Base, pairs: Pairs, **changes: object) -> Job:
    """A job of six steps over 24 pairs."""
    training = {"epochs": 2, "learning_rate": 0.01, "batch_tokens": 600, "pairs": pairs} | changes
    return Job(
        base=base,
        instruction="Answer with the intent.",
        train=pair_rows(24),
        valid=pair_rows(6),
        tuning=Lora(rank=4),
        training=Training(**training),
        number_type="float32",
        threads=1,
    )
