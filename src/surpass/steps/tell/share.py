"""How many of a model's numbers a method trains, and what would put that under one in a hundred."""

from typing import assert_never

from surpass.core.settings import Full, Ia3, Lora, Other, Prefix, Prompt, Ptuning, Tuning

FEW = 0.01


def share_words(tuning: Tuning, trained: int, every: int) -> str:
    """The share, and where it is 1 % or more what puts it below.

    Args:
        tuning: The method.
        trained: Numbers that learn.
        every: Numbers of the base and of what is beside it.
    """
    said = f"{trained:,} of {every:,} numbers learn ({trained / every:.2%})"
    how = None if trained < FEW * every else _how_to_train_fewer(tuning, trained, every - trained)
    return f"{said}; {how}." if how else f"{said}."


def _how_to_train_fewer(tuning: Tuning, trained: int, base: int) -> str:
    # trained < FEW * (base + trained), with trained in proportion to the rank or to the tokens
    allowed = FEW / (1 - FEW) * base
    match tuning:
        case Lora():
            return _lowered("rank", tuning.rank, trained, allowed)
        case Prefix() | Prompt():
            return _lowered("virtual_tokens", tuning.virtual_tokens, trained, allowed)
        case Ptuning():
            return "a smaller `width` trains fewer; what is kept of them is far less"
        case Ia3():
            return "fewer `targets` put it below 1 %"
        case Full():
            return '`method = "lora"` with a low rank trains under 1 %'
        case Other():
            return "its options decide how many"
        case _:
            assert_never(tuning)


def _lowered(key: str, value: int, trained: int, allowed: float) -> str:
    """The largest value of a key that stays under; the number trained is in proportion to it."""
    most = int(allowed * value / trained)
    if most < 1:
        return f"even `{key} = 1` would not put it below 1 %; fewer `targets` do"
    return f"`{key} = {most}` puts it below 1 %"
