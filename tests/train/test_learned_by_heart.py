"""Every method can learn a few rows by heart, and ends its answers."""

import msgspec
import polars as pl
import pytest

from surpass.core.progress import Silent
from surpass.core.settings import Dora, Full, Lora, Other, Prefix, Prompt, Training
from surpass.model.find import Base
from surpass.model.generate import generate
from surpass.model.load import load
from surpass.model.template import encode_prompt
from surpass.train.loop import train_adapter
from tiny_jobs import rows

replace = msgspec.structs.replace
LEARNED = {
    "lora": (Lora(rank=16), 40, 0.02),
    "rslora": (Lora(rank=16, rslora=True), 40, 0.01),
    "pissa": (Lora(rank=8, init="pissa"), 40, 0.02),
    "olora": (Lora(rank=8, init="olora"), 40, 0.01),
    "dora": (Dora(rank=16), 40, 0.02),
    "loha": (Other(peft="loha", options={"r": 8, "alpha": 8}), 40, 0.05),
    "full": (Full(), 40, 0.005),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LEARNED))
def test_eight_examples_are_learned_by_heart(job, tmp_path, name):
    tuning, epochs, rate = LEARNED[name]
    job = replace(
        job,
        train=rows(8),
        valid=pl.DataFrame(),
        tuning=tuning,
        training=Training(epochs=epochs, batch_tokens=400, learning_rate=rate),
        save_every_step=False,
    )
    run = train_adapter(job, scratch=tmp_path / "s", out=tmp_path / "o", progress=Silent())
    assert run.last_loss < 0.1
    own = Base(name="own", folder=tmp_path / "o", digest="0")
    loaded = load(own, "float32", threads=1) if name == "full" else None
    loaded = loaded or load(job.base, "float32", tmp_path / "o", threads=1)
    prompts = [encode_prompt(loaded.tokenizer, job.instruction, (), t) for t in job.train["input"]]
    answers = generate(loaded, prompts, max_new_tokens=30, progress=Silent())
    assert list(answers.texts) == job.train["target"].to_list()
    assert not any(answers.truncated)


@pytest.mark.slow
@pytest.mark.parametrize("tuning", [Prefix(virtual_tokens=100), Prompt(virtual_tokens=100)])
def test_virtual_tokens_learn_eight_examples_as_far_as_random_layers_let_them(
    job, tmp_path, tuning
):
    training = Training(epochs=150, batch_tokens=400, learning_rate=0.1)
    job = replace(job, train=rows(8), valid=pl.DataFrame(), tuning=tuning, training=training)
    job = replace(job, save_every_step=False)
    run = train_adapter(job, scratch=tmp_path / "s", out=tmp_path / "o", progress=Silent())
    assert run.last_loss < run.first_loss / 4
