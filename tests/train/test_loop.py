"""A run learns, can be killed anywhere, and ends with the same bits."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import polars as pl
import pytest
from safetensors.torch import load_file

from surpass.core.errors import BadInput
from surpass.core.progress import Progress, Silent
from surpass.core.settings import Lora, Training
from surpass.model.find import Base
from surpass.model.fold import ADAPTER_WEIGHTS
from surpass.model.generate import generate
from surpass.model.load import load
from surpass.model.template import encode_prompt
from surpass.train.encode import encode_rows
from surpass.train.loop import Job, train_adapter
from surpass.train.loss import mean_loss
from tiny_jobs import rows, six_steps

replace = msgspec.structs.replace
SILENT = Silent()


class Killed(Exception):
    """The run was interrupted."""


class KillAfter(Silent):
    """Interrupts the run after a step."""

    def __init__(self, step: int) -> None:
        self.step = step

    def advance(self, done: int, note: str = "") -> None:
        if done == self.step:
            raise Killed


def trained(job: Job, folder: Path, progress: Progress = SILENT):
    """The run and the bytes of its adapter."""
    run = train_adapter(job, scratch=folder / "scratch", out=folder / "out", progress=progress)
    return run, (folder / "out" / ADAPTER_WEIGHTS).read_bytes()


def test_a_run_killed_after_any_step_ends_with_the_same_bits(job, tmp_path):
    job = replace(job, tuning=Lora(rank=4, dropout=0.1))
    run, expected = trained(job, tmp_path / "whole")
    assert run.steps == 6
    for step in range(1, 7):
        folder = tmp_path / str(step)
        with pytest.raises(Killed):
            trained(job, folder, KillAfter(step))
        resumed, found = trained(job, folder)
        assert found == expected
        assert resumed.valid_loss == run.valid_loss
        assert (resumed.first_loss, resumed.last_loss) == (run.first_loss, run.last_loss)


def test_a_run_killed_by_the_system_ends_with_the_same_bits(job, tmp_path):
    _, expected = trained(job, tmp_path / "whole")
    child = subprocess.run(
        [sys.executable, __file__, job.base.folder, job.base.digest, tmp_path / "killed"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=120,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    assert (tmp_path / "killed" / "scratch" / "checkpoint.safetensors").is_file()
    assert trained(job, tmp_path / "killed")[1] == expected


def test_sixteen_examples_are_learned_by_heart(job, tmp_path):
    job = replace(
        job,
        train=rows(16),
        valid=pl.DataFrame(),
        tuning=Lora(rank=16),
        training=Training(epochs=50, batch_tokens=400, learning_rate=0.02),
        save_every_step=False,
    )
    run, _ = trained(job, tmp_path)
    assert run.last_loss < 0.01
    assert run.valid_loss == ()
    assert run.best_step == run.steps
    loaded = load(job.base, "float32", tmp_path / "out", threads=1)
    prompts = [encode_prompt(loaded.tokenizer, job.instruction, (), t) for t in job.train["input"]]
    answers = generate(loaded, prompts, max_new_tokens=30, progress=Silent())
    assert list(answers.texts) == job.train["target"].to_list()
    assert not any(answers.truncated)


def test_the_best_adapter_by_validation_loss_is_kept(job, tmp_path):
    wrong = job.valid.with_columns(target=pl.lit("nothing"))
    job = replace(
        job, valid=wrong, training=Training(epochs=4, batch_tokens=200, learning_rate=0.05)
    )
    run, _ = trained(job, tmp_path)
    assert len(run.valid_loss) == 4
    assert run.valid_loss.index(min(run.valid_loss)) == run.best_step * 4 // run.steps - 1
    loaded = load(job.base, "float32", tmp_path / "out", threads=1)
    valid = encode_rows(loaded.tokenizer, job.instruction, wrong, most=None, context=256)
    assert mean_loss(loaded, valid) == pytest.approx(min(run.valid_loss), rel=1e-5)


@pytest.mark.parametrize("architecture", ["llama", "gemma2"])
def test_the_record_tells_what_was_done(job, tiny_base, tmp_path, architecture):
    job = replace(job, base=tiny_base(architecture))
    run, _ = trained(job, tmp_path)
    tensors = load_file(tmp_path / "out" / ADAPTER_WEIGHTS)
    assert run.rows == 24
    assert run.trained_parameters == sum(tensor.numel() for tensor in tensors.values())
    assert run.last_loss < run.first_loss
    assert run.padded == (architecture == "gemma2")
    assert run.end_token_trained
    assert 0 < run.answer_tokens < run.tokens
    assert run.peak_memory_bytes > 50_000_000
    assert run.environment.number_type == "float32"


def test_a_loss_that_is_no_number_stops_with_the_rows(job, tmp_path):
    job = replace(
        job,
        training=Training(
            epochs=2, batch_tokens=200, clip_norm=1e30, learning_rate=0.99, weight_decay=1e38
        ),
    )
    with pytest.raises(BadInput, match=r"Rows of this step: r\d+, r\d+"):
        trained(job, tmp_path)


def test_bfloat16_learns_too(job, tmp_path):
    run, _ = trained(replace(job, number_type="bfloat16"), tmp_path)
    assert run.last_loss < run.first_loss


class _KillProcess(Silent):
    """Kills its own process after the third step, as `kill -9` does."""

    def advance(self, done: int, note: str = "") -> None:
        if done == 3:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    base = Base(name="tiny llama", folder=Path(sys.argv[1]), digest=sys.argv[2])
    trained(six_steps(base), Path(sys.argv[3]), _KillProcess())
