"""Write answers with transformers' own loop, for architectures that cannot attend documents."""

import torch
from transformers import PreTrainedModel

from surpass.model.quiet import quietly


def write_padded(
    model: PreTrainedModel, prompts: list[list[int]], max_new_tokens: int, ends: frozenset[int]
) -> list[list[int]]:
    """Greedy answers of a batch padded on the left, each up to and with its end token."""
    longest = max(map(len, prompts))
    ids = torch.zeros(len(prompts), longest, dtype=torch.long)
    mask = torch.zeros(len(prompts), longest, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, longest - len(prompt) :] = torch.tensor(prompt)
        mask[row, longest - len(prompt) :] = 1
    with quietly():
        written = model.generate(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            max_new_tokens=max_new_tokens,
            do_sample=False,
            num_beams=1,
            eos_token_id=sorted(ends),
            pad_token_id=min(ends),
        )
    return [_until_end(row[longest:].tolist(), ends) for row in written]


def _until_end(tokens: list[int], ends: frozenset[int]) -> list[int]:
    """Cut behind the first end token."""
    for place, token in enumerate(tokens):
        if token in ends:
            return tokens[: place + 1]
    return tokens
