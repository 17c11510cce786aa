"""Prove, before it is relied on, that a model computes in our way what it computes in its own."""

import torch
from torch import Tensor
from transformers import PreTrainedModel

from surpass.core.errors import BadInput
from surpass.model.attention import IMPLEMENTATION
from surpass.model.documents import lay_out
from surpass.model.forward import padded_states, row_states
from surpass.model.head import vocabulary_scores

PREFIX = 9
LENGTHS = (5, 11, 5, 2)  # two of equal length: one group
# Norm of the difference over the norm of the states. Rounding alone gives under 1e-5 in fp32 and
# 0.015 in bf16, before and after tuning; documents that see each other give 0.27 to 0.57. The
# largest single difference tells less: a few features are a hundred times larger than the others.
TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 0.06}


def own_attention(model: PreTrainedModel) -> str:
    """The implementation in which the model's scores are exact, for padded batches."""
    # transformers' sdpa ignores capped scores (integrations/sdpa_attention.py)
    if getattr(model.config.get_text_config(), "attn_logit_softcapping", None):
        return "eager"
    return "sdpa" if getattr(model, "_supports_sdpa", False) else "eager"


@torch.no_grad()
def prove_flat(model: PreTrainedModel) -> bool:
    """Whether documents in one row come out as each alone; the model is left on that setting.

    Sliding windows, recurrent and convolutional layers are refused by configuration; anything else
    must show it on random tokens: prefix in the row, and prefix computed before.
    """
    alone = own_attention(model)
    if not _attends_all_earlier_tokens(model):
        model.set_attn_implementation(alone)
        return False
    documents = _random_documents(model)
    prefix, rest = documents[0], documents[1:]
    model.set_attn_implementation(alone)
    expected = torch.cat([padded_states(model, [prefix + own])[0, PREFIX:] for own in rest])
    model.set_attn_implementation(IMPLEMENTATION)
    if model.config.get_text_config()._attn_implementation == IMPLEMENTATION:  # noqa: SLF001
        try:
            found = _row_states(model, prefix, rest)
        except (TypeError, ValueError, NotImplementedError, AttributeError):
            found = None  # its layers do not hand on the layout, or refuse it
        if found is not None and _equal(found, expected):
            return True
    model.set_attn_implementation(alone)
    return False


@torch.no_grad()
def prove_head(model: PreTrainedModel) -> None:
    """Check `head` against the model's own scores; the model must be on its own attention.

    Raises:
        BadInput: the architecture computes its scores in another way.
    """
    document = _random_documents(model)[0]
    ids = torch.tensor([document], device=model.device)
    expected = model(input_ids=ids, use_cache=False).logits[0].float()
    found = vocabulary_scores(model, padded_states(model, [document])[0])
    if not _equal(found, expected):
        raise BadInput(
            f"{type(model).__name__} turns hidden states into scores in a way of its own.",
            fix="Choose a base of another architecture, for example Llama, Qwen, Mistral or Gemma.",
        )


def _attends_all_earlier_tokens(model: PreTrainedModel) -> bool:
    """Whether the configuration names nothing but full causal attention."""
    config = model.config.get_text_config()
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    if kinds == {"full_attention"} and getattr(config, "layer_types", None):
        return True
    window = getattr(config, "sliding_window", None)
    in_force = window is not None and window < getattr(config, "max_position_embeddings", 0)
    return kinds <= {"full_attention", "sliding_attention"} and not in_force


def _random_documents(model: PreTrainedModel) -> list[list[int]]:
    """A prefix and documents, the same for each model of one vocabulary."""
    generator = torch.Generator().manual_seed(0)
    size = model.config.get_text_config().vocab_size
    return [
        torch.randint(0, size, (length,), generator=generator).tolist()
        for length in (PREFIX, *LENGTHS)
    ]


def _row_states(model: PreTrainedModel, prefix: list[int], rest: list[list[int]]) -> Tensor:
    """Hidden states of the documents, in the order given, without the prefix."""
    row = lay_out(rest, prefix=prefix)
    states = row_states(model, row)
    return torch.cat(
        [states[start : start + len(own)] for start, own in zip(row.starts, rest, strict=True)]
    )


def _equal(found: Tensor, expected: Tensor) -> bool:
    tolerance = TOLERANCE.get(expected.dtype, TOLERANCE[torch.float32])
    difference = found.float() - expected.float()
    return bool(difference.norm() <= tolerance * expected.float().norm())
