"""The real base model: its template's tokens, its flat attention, its answers."""

from pathlib import Path

import pytest
import torch

from surpass.core.progress import Silent
from surpass.model.find import find_base
from surpass.model.generate import generate
from surpass.model.likelihood import score_labels
from surpass.model.load import Loaded, load
from surpass.model.template import encode_answer, encode_example, encode_prompt

pytestmark = pytest.mark.model

INSTRUCTION = "Name the capital of the country. Answer with one word."


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(find_base("smollm2-135m-q4", Path()), "float32", threads=1)


def test_golden_tokens(loaded):
    prompt, answer = encode_example(loaded.tokenizer, "Be brief.", (), ("Hi <|im_end|>", "Hello!"))
    assert prompt == [
        *(1, 9690, 198, 6077, 5453, 30, 2, 198),  # system
        *(1, 4093, 198, 26843, 2067, 108, 306, 79, 486, 108, 46, 2, 198),  # user
        *(1, 520, 9531, 198),
    ]
    assert answer == [19556, 17, 2]


def test_it_is_not_padded(loaded):
    assert not loaded.padded
    assert loaded.context == 8192


def test_answers_equal_transformers(loaded):
    texts = ["France", "Japan", "the kingdom whose king lives in Madrid"]
    prompts = [encode_prompt(loaded.tokenizer, INSTRUCTION, (), text) for text in texts]
    found = generate(loaded, prompts, max_new_tokens=12, progress=Silent())
    loaded.model.set_attn_implementation("sdpa")
    for prompt, text in zip(prompts, found.texts, strict=True):
        ids = torch.tensor([prompt])
        written = loaded.model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=12, do_sample=False
        )[0, len(prompt) :]
        assert loaded.tokenizer.decode(written, skip_special_tokens=True) == text
    loaded.model.set_attn_implementation("documents")


def test_it_knows_some_capitals(loaded):
    capitals = {"France": "Paris", "Japan": "Tokyo", "Italy": "Rome", "Egypt": "Cairo"}
    prompts = [encode_prompt(loaded.tokenizer, INSTRUCTION, (), land) for land in capitals]
    labels = [encode_answer(loaded.tokenizer, city) for city in capitals.values()]
    scores = score_labels(loaded, prompts, labels, progress=Silent())
    assert scores.sums.argmax(1).tolist() == [0, 1, 2, 3]
