"""From hidden states to scores of the vocabulary, only where they are needed."""

import torch
from torch import Tensor
from transformers import PreTrainedModel

SCORES_AT_ONCE = 1 << 24  # 67 MB in fp32: 341 rows of a vocabulary of 49,152


def rows_at_once(model: PreTrainedModel) -> int:
    """How many hidden states to score at a time, so that memory does not depend on their number."""
    return max(1, SCORES_AT_ONCE // int(model.config.get_text_config().vocab_size))


def vocabulary_scores(model: PreTrainedModel, hidden: Tensor) -> Tensor:
    """Logits in fp32, shape (rows, vocabulary), of hidden states of shape (rows, width).

    Follows the head of Llama-like models and the two variations that configurations name: scores
    capped by tanh (Gemma 2) and scaled (Cohere, Granite). `proof` checks it against the model.
    """
    config = model.config.get_text_config()
    scores = model.get_output_embeddings()(hidden).float()
    scale = getattr(config, "logit_scale", None) or 1.0
    divisor = getattr(config, "logits_scaling", None) or 1.0
    if scale != divisor:
        scores = scores * (scale / divisor)
    if cap := getattr(config, "final_logit_softcapping", None):
        scores = torch.tanh(scores / cap) * cap
    return scores


def token_log_probabilities(model: PreTrainedModel, hidden: Tensor, tokens: Tensor) -> Tensor:
    """Log-probability of one token after each hidden state, fp32, shape (rows,).

    Args:
        model: Gives the head.
        hidden: Shape (rows, width).
        tokens: Shape (rows,).
    """
    parts = []
    size = rows_at_once(model)
    for rows, wanted in zip(hidden.split(size), tokens.split(size), strict=True):
        scores = vocabulary_scores(model, rows)
        chosen = scores.gather(1, wanted[:, None])[:, 0]
        parts.append(chosen - scores.logsumexp(1))
    return torch.cat(parts)
