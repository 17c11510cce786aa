"""Greedy answers equal those of transformers' own loop, one prompt at a time."""

import pytest
import torch

from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.model.generate import end_tokens, generate
from surpass.model.proof import own_attention
from surpass.model.template import encode_prompt
from tiny_models import CORPUS, FLAT, PADDED

TEXTS = [line[start : start + 9 + 4 * start] for line in CORPUS for start in range(3)]


def one_by_one(loaded, prompts, most):
    """What transformers writes."""
    loaded.model.set_attn_implementation(own_attention(loaded.model))
    answers = []
    for prompt in prompts:
        ids = torch.tensor([prompt])
        written = loaded.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=most,
            do_sample=False,
            pad_token_id=0,
            eos_token_id=sorted(end_tokens(loaded)),
        )
        answers.append(written[0, len(prompt) :].tolist())
    if not loaded.padded:
        loaded.model.set_attn_implementation("documents")
    return answers


@pytest.mark.parametrize("architecture", FLAT + PADDED)
@pytest.mark.parametrize("instruction", ["", "Answer with the intent of the message and nothing."])
def test_answers_equal_transformers(tiny, architecture, instruction):
    loaded = tiny(architecture)
    texts = TEXTS if architecture in FLAT else TEXTS[:6]
    prompts = [encode_prompt(loaded.tokenizer, instruction, (), text) for text in texts]
    expected = one_by_one(loaded, prompts, 24)
    found = generate(loaded, prompts, max_new_tokens=24, batch_rows=7, progress=Silent())
    ends = end_tokens(loaded)
    bodies = [[token for token in answer if token not in ends] for answer in expected]
    assert list(found.texts) == loaded.tokenizer.batch_decode(bodies, skip_special_tokens=True)
    assert list(found.truncated) == [answer[-1] not in ends for answer in expected]
    assert list(found.out_tokens) == [len(answer) for answer in expected]


def test_long_answers_equal_transformers_too(tiny):
    loaded = tiny("qwen3")
    prompts = [encode_prompt(loaded.tokenizer, "Answer.", (), text) for text in TEXTS[:8]]
    expected = one_by_one(loaded, prompts, 140)
    found = generate(loaded, prompts, max_new_tokens=140, progress=Silent())
    assert list(found.out_tokens) == [len(answer) for answer in expected]
    assert max(found.out_tokens) > 64  # more than there was room for at first


def test_some_answers_end_and_some_are_cut(tiny):
    loaded = tiny("llama")
    prompts = [encode_prompt(loaded.tokenizer, "", (), text) for text in TEXTS]
    found = generate(loaded, prompts, max_new_tokens=80, progress=Silent())
    assert 0 < sum(found.truncated) < len(prompts)  # else the tests above prove little


def test_no_prompts_give_no_answers(tiny):
    assert generate(tiny("llama"), [], max_new_tokens=5, progress=Silent()).texts == ()


def test_an_answer_beyond_the_context_is_refused(tiny):
    with pytest.raises(BadInput, match="are 270 tokens; the model reads at most 256"):
        generate(tiny("llama"), [[5] * 20], max_new_tokens=250, progress=Silent())
