"""Cross-entropy of answer tokens in fp32, without ever holding all scores of the vocabulary."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import PreTrainedModel

from surpass.model.forward import read_prefix
from surpass.model.head import rows_at_once, token_log_probabilities, vocabulary_scores
from surpass.model.likelihood import by_length
from surpass.model.load import Loaded
from surpass.train.encode import Encoded
from surpass.train.flat import answer_states

_TOKENS_AT_ONCE = 4096  # of validation rows


def answer_loss(model: PreTrainedModel, states: Tensor, tokens: Tensor) -> Tensor:
    """Summed negative log-likelihood of the tokens, in nats.

    Gradients reach `states`, and the head where it learns.

    Args:
        model: Gives the head.
        states: Shape (answer tokens, width).
        tokens: Shape (answer tokens,).
    """
    if not torch.is_grad_enabled():
        return -token_log_probabilities(model, states, tokens).double().sum().cpu()
    head = [p for p in model.get_output_embeddings().parameters() if p.requires_grad]
    loss: Tensor = _AnswerLoss.apply(states, tokens, model, *head)
    return loss


class _AnswerLoss(torch.autograd.Function):
    """Loss and gradients in one pass, so that the way back needs no scores."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401 (torch's own)
        states: Tensor,
        tokens: Tensor,
        model: PreTrainedModel,
        *head: Tensor,
    ) -> Tensor:
        total = torch.zeros((), device=states.device)
        gradients = [torch.empty_like(states), *(torch.zeros_like(one) for one in head)]
        start = 0
        size = rows_at_once(model)
        for rows, wanted in zip(states.split(size), tokens.split(size), strict=True):
            with torch.enable_grad():
                part = rows.detach().requires_grad_()
                loss = cross_entropy(vocabulary_scores(model, part), wanted, reduction="sum")
            first, *others = torch.autograd.grad(loss, [part, *head])
            gradients[0][start : start + len(rows)] = first
            for whole, other in zip(gradients[1:], others, strict=True):
                whole.add_(other)
            total += loss.detach()
            start += len(rows)
        ctx.save_for_backward(*gradients)
        return total

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401
        first, *others = (gradient * outer.to(gradient.dtype) for gradient in ctx.saved_tensors)
        return first, None, None, *others


@torch.inference_mode()
def mean_loss(loaded: Loaded, encoded: Encoded, *, tokens_at_once: int = _TOKENS_AT_ONCE) -> float:
    """Negative log-likelihood of all answer tokens over their number; whatever the batches."""
    total, tokens = 0.0, 0
    past = None if loaded.padded else read_prefix(loaded.model, encoded.prefix, loaded.virtual)
    for rows in by_length(encoded.lengths.tolist(), tokens_at_once):
        states, wanted = answer_states(loaded, encoded, rows, past)
        total += float(answer_loss(loaded.model, states, wanted))
        tokens += len(wanted)
    return total / tokens
