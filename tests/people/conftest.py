"""What the tests of this room share: two models' answers to invented questions."""

from collections.abc import Callable

import polars as pl
import pytest

from surpass.core import columns


@pytest.fixture(scope="session")
def predictions() -> Callable[..., pl.DataFrame]:
    """Predictions of one model on `count` rows of two channels."""

    def made(count: int, says: str, *, alike: int = 0) -> pl.DataFrame:
        return pl.DataFrame(
            {
                columns.ROW: [f"row{n}" for n in range(count)],
                columns.INPUT: [f"question {n}" for n in range(count)],
                columns.TARGET: [f"expected {n}" for n in range(count)],
                columns.ANSWER: ["the same" if n < alike else f"{says} {n}" for n in range(count)],
                columns.attribute("channel"): ["phone" if n % 4 else "chat" for n in range(count)],
            }
        )

    return made
