"""Rows and a training job for the tiny models."""

import polars as pl

from surpass.core.settings import Lora, Training
from surpass.model.find import Base
from surpass.train.loop import Job

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


def six_steps(base: Base) -> Job:
    """A job of six steps over 24 rows, saved after each."""
    return Job(
        base=base,
        instruction="Answer with the intent.",
        train=rows(24),
        valid=rows(6),
        tuning=Lora(rank=4),
        training=Training(epochs=2, batch_tokens=300, learning_rate=0.01),
        number_type="float32",
        threads=1,
        save_every_step=True,
    )
