import polars as pl
import pytest

from surpass.core.columns import GROUP, INPUT, ROW, SOURCE, TARGET, TIME


def _examples(inputs, targets=None, *, groups=None, rows=None, **attributes):
    """Examples as the reader makes them; `channel=[…]` becomes the column "@channel"."""
    count = len(inputs)
    row = rows or [f"r{number}" for number in range(1, count + 1)]
    columns = {
        ROW: row,
        INPUT: inputs,
        TARGET: targets if targets is not None else ["a"] * count,
        GROUP: groups or row,
        TIME: [None] * count,
        SOURCE: [f"file.csv:{number}" for number in range(2, count + 2)],
    }
    columns |= {f"@{name}": values for name, values in attributes.items()}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


@pytest.fixture(scope="session")
def examples():
    """A function that makes a frame of examples."""
    return _examples


@pytest.fixture(scope="session")
def varied():
    """60 inputs that are no near duplicates of each other."""
    things = ["parcel", "refund", "password", "invoice", "voucher", "delivery"]
    troubles = [
        "arrived broken on Monday and nobody answers the telephone.",
        "is missing since the last update of your application.",
        "was charged twice on my card and I want it back.",
        "cannot be found anywhere in my account settings page.",
        "went to a neighbour who has moved away since then.",
        "needs another address because we moved to Leeds.",
        "should have come with a receipt for the tax office.",
        "does not match what the shop assistant had promised us.",
        "expired while I was in hospital for three weeks.",
        "looks different from the picture on your website.",
    ]
    return [
        f"The {thing} of order {7 * i + 13 * j} {trouble}"
        for i, thing in enumerate(things)
        for j, trouble in enumerate(troubles)
    ]
