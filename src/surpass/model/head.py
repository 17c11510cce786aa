"""From hidden states to scores of the vocabulary, only where they are needed."""

import torch
from torch import Tensor
from transformers import PreTrainedModel

ROWS_AT_ONCE = 256  # 256 rows of a vocabulary of 150,000 are 150 MB


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
    for rows, wanted in zip(hidden.split(ROWS_AT_ONCE), tokens.split(ROWS_AT_ONCE), strict=True):
        scores = vocabulary_scores(model, rows)
        chosen = scores.gather(1, wanted[:, None])[:, 0]
        parts.append(chosen - scores.logsumexp(1))
    return torch.cat(parts)
