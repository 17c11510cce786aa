"""Label scores equal the plain computation, label by label."""

import numpy as np
import pytest
import torch

from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.model.likelihood import by_length, score_labels
from surpass.model.proof import own_attention
from surpass.model.template import encode_answer, encode_prompt
from tiny_models import FLAT, PADDED

LABELS = ["outage", "wrong_bill", "slow_connection", "outage again", "w", "outage"]
TEXTS = ["the line is dead", "you took the money twice", "router", "the line is slow", "dead"]


def naive(loaded, prompts, labels):
    """Every label behind every prompt, alone, with transformers' own forward call."""
    loaded.model.set_attn_implementation(own_attention(loaded.model))
    sums = np.zeros((len(prompts), len(labels)))
    with torch.no_grad():
        for item, prompt in enumerate(prompts):
            for number, label in enumerate(labels):
                logits = loaded.model(torch.tensor([[*prompt, *label]])).logits[0]
                steps = logits.log_softmax(-1)[len(prompt) - 1 : -1]
                sums[item, number] = steps.gather(1, torch.tensor(label)[:, None]).sum()
    if not loaded.padded:
        loaded.model.set_attn_implementation("documents")
    return sums


@pytest.mark.parametrize("architecture", FLAT + PADDED)
@pytest.mark.parametrize("instruction", ["", "Answer with the intent of the message and nothing."])
def test_scores_equal_the_plain_computation(tiny, architecture, instruction):
    loaded = tiny(architecture)
    prompts = [encode_prompt(loaded.tokenizer, instruction, (), text) for text in TEXTS]
    labels = [encode_answer(loaded.tokenizer, label) for label in LABELS]
    scores = score_labels(loaded, prompts, labels, progress=Silent())
    assert np.allclose(scores.sums, naive(loaded, prompts, labels), atol=1e-4)
    assert scores.lengths.tolist() == [len(label) for label in labels]


def test_the_size_of_a_batch_does_not_matter(tiny):
    loaded = tiny("llama")
    prompts = [encode_prompt(loaded.tokenizer, "Answer.", (), text) for text in TEXTS]
    labels = [encode_answer(loaded.tokenizer, label) for label in LABELS]
    one, all_ = (
        score_labels(loaded, prompts, labels, progress=Silent(), batch_tokens=size).sums
        for size in (1, 10_000)
    )
    assert np.allclose(one, all_, atol=1e-5)


def test_no_items_give_no_scores(tiny):
    assert score_labels(tiny("llama"), [], [[5, 2]], progress=Silent()).sums.shape == (0, 1)


def test_a_prompt_beyond_the_context_is_refused(tiny):
    with pytest.raises(BadInput, match="has 302 tokens; the model reads at most 256"):
        score_labels(tiny("llama"), [[5] * 300], [[5, 2]], progress=Silent())


def test_parts_hold_every_item_once_and_keep_to_the_budget():
    sizes = [5, 1, 9, 3, 3]
    parts = list(by_length(sizes, 7))
    assert sorted(item for part in parts for item in part) == [0, 1, 2, 3, 4]
    assert all(len(part) == 1 or sum(sizes[item] for item in part) <= 7 for part in parts)
