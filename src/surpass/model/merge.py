"""Write base and adapter as one model, and show that it answers as both side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from surpass.core.errors import BadInput
from surpass.model.find import Base
from surpass.model.fold import lay_beside
from surpass.model.load import load, read_model
from surpass.model.quiet import quietly
from surpass.model.virtual import VIRTUAL, peft_type

TOLERANCE = 1e-3  # of the largest difference of two scores, over the largest score


class Sameness(NamedTuple):
    """How far a merged model, read back from its folder, is from base and adapter side by side."""

    largest: float  # difference of two scores of the vocabulary
    share: float  # the same over the largest score
    same_tokens: int  # places where the likeliest token is the same
    tokens: int  # places


def write_merged(base: Base, adapter: Path | None, folder: Path, *, threads: int) -> None:
    """Write weights in float32, configuration and tokenizer; matrices that were one stay one.

    Args:
        base: The model.
        adapter: What is added to it; none: the model is whole already.
        folder: New, or empty.
        threads: Of the processor.

    Raises:
        BadInput: virtual tokens, which are no part of any weight; or the adapter does not fit.
    """
    if adapter is not None and peft_type(adapter) in VIRTUAL:
        raise BadInput(
            "Virtual tokens stand before the text and are in no weight: nothing can be merged.",
            fix="Write the adapter instead: `surpass merge --as adapter`.",
        )
    loaded = load(base, "float32", adapter, threads=threads)
    with quietly():
        loaded.model.save_pretrained(folder)
        loaded.tokenizer.save_pretrained(folder)


@torch.inference_mode()
def compare_merged(
    base: Base, adapter: Path | None, folder: Path, prompts: Sequence[Sequence[int]]
) -> Sameness:
    """Scores of the model in a folder beside those of base and adapter, both in float32.

    Args:
        base: The model.
        adapter: Beside it, not added; none: the base alone.
        folder: What `write_merged` wrote.
        prompts: Tokens of each text that both are asked.
    """
    with quietly():
        model = read_model(base, torch.float32)
        both: nn.Module = model if adapter is None else lay_beside(model, adapter, base)
        merged = read_model(Base(name="merged", folder=folder, digest=""), torch.float32)
    expected, found = _scores(both, prompts), _scores(merged, prompts)
    largest = float((found - expected).abs().max())
    return Sameness(
        largest=largest,
        share=largest / float(expected.abs().max()),
        same_tokens=int((found.argmax(-1) == expected.argmax(-1)).sum()),
        tokens=len(expected),
    )


def _scores(model: nn.Module, prompts: Sequence[Sequence[int]]) -> Tensor:
    """Of all tokens of all prompts, shape (tokens, vocabulary)."""
    model.eval()
    return torch.cat([model(input_ids=torch.tensor([list(one)])).logits[0] for one in prompts])
