"""TRL's trainer finds the same loss for the same rows."""

import pytest
import torch
from transformers import AutoModelForCausalLM

from surpass.core.settings import Lora
from surpass.model.load import load
from surpass.train.adapter import add_adapter
from surpass.train.encode import encode_rows
from surpass.train.flat import answer_states
from surpass.train.loss import answer_loss
from tiny_jobs import rows


@pytest.mark.filterwarnings("ignore")
def test_the_loss_of_a_step_equals_the_one_of_trl(tiny_base, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")  # TRL reports to its makers otherwise
    datasets, trl = pytest.importorskip("datasets"), pytest.importorskip("trl")
    base = tiny_base("llama")
    loaded = load(base, "float32", threads=1)
    encoded = encode_rows(loaded.tokenizer, "Answer.", rows(8), most=None, context=256)
    add_adapter(loaded.model, Lora(rank=4), seed=0)
    with torch.no_grad():
        states, tokens = answer_states(loaded, encoded, range(8))
        ours = float(answer_loss(loaded.model, states, tokens)) / len(tokens)

    examples = [
        {
            "input_ids": prompt + answer,
            "completion_mask": [0] * len(prompt) + [1] * len(answer),
        }
        for prompt, answer in zip(encoded.prompts, encoded.answers, strict=True)
    ]
    settings = trl.SFTConfig(
        output_dir=str(tmp_path),
        per_device_train_batch_size=8,
        max_steps=1,
        completion_only_loss=True,
        logging_steps=1,
        bf16=False,
        use_cpu=True,
        gradient_checkpointing=False,
        report_to="none",
        disable_tqdm=True,
        save_strategy="no",
    )
    trainer = trl.SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(base.folder),
        args=settings,
        train_dataset=datasets.Dataset.from_list(examples),
        processing_class=loaded.tokenizer,
    )
    trainer.train()
    assert trainer.state.log_history[0]["loss"] == pytest.approx(ours, rel=1e-4)
