"""Rows and jobs for the tests of the training room."""

from collections.abc import Callable
from functools import lru_cache

import polars as pl
import pytest
from surpass.core.settings import Lora, Training
from surpass.model.find import Base
from surpass.train.loop import Job
from tiny_models import save_tiny_base

MESSAGES = [
    ("The router has a red light.", "router"),
    ("You took the money twice this month, please send it back.", "wrong_bill"),
    ("dead since Tuesday", "outage"),
    ("We are moving to another house in May; what now?", "move_home"),
    ("can the engineer come on the ninth?", "engineer_visit"),
    ("slow", "slow_connection"),
    ("please cancel", "cancel"),
    ("the password is wrong and you took my money for it", "account_access"),
]


def rows(count: int) -> pl.DataFrame:
    """That many rows, no two alike."""
    picked = [MESSAGES[number % len(MESSAGES)] for number in range(count)]
    return pl.DataFrame(
        {
            "row": [f"r{number}" for number in range(count)],
            "input": [f"{text} {number}" for number, (text, _) in enumerate(picked)],
            "target": [answer for _, answer in picked],
        }
    )


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory) -> Callable[[str], Base]:
    """The tiny base model of an architecture, on disk."""

    @lru_cache
    def saved(architecture: str) -> Base:
        return save_tiny_base(tmp_path_factory.mktemp(architecture), architecture)

    return saved


@pytest.fixture
def job(tiny_base) -> Job:
    """Six steps over 24 rows."""
    return Job(
        base=tiny_base("llama"),
        instruction="Answer with the intent.",
        train=rows(24),
        valid=rows(6),
        tuning=Lora(rank=4),
        training=Training(epochs=2, batch_tokens=200, learning_rate=0.01),
        number_type="float32",
        threads=1,
        save_every_step=True,
    )
