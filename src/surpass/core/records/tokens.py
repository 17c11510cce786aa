"""Which tokens of sample rows training learns."""

import msgspec


class ShownToken(msgspec.Struct, frozen=True, kw_only=True):
    """One token of a row."""

    id: int  # in the vocabulary
    text: str  # what it stands for; parts of one letter cannot be read alone
    learned: bool  # whether it carries loss


class ShownRow(msgspec.Struct, frozen=True, kw_only=True):
    """One sample row as training reads it."""

    row: str  # its name
    answer: str  # "target", or of a pair "chosen" or "rejected"
    tokens: tuple[ShownToken, ...]


class TokensData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass show --tokens`: which tokens training learns."""

    rows: int  # training rows, or pairs
    left_out: tuple[str, ...]  # names of those that are too long
    tokens: int  # of all rows that are kept, all answers of a pair
    learned: int  # of these, with loss
    end_token: str  # the one that ends an answer; it is always learned
    samples: tuple[ShownRow, ...]
