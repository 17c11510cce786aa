"""People's ranks of real replies, learned by the real base model."""

from pathlib import Path

import polars as pl
import pytest

from oasst_pairs import oasst_pairs
from surpass.core.progress import Silent
from surpass.core.settings import Dpo, Lora, Training
from surpass.model.find import find_base
from surpass.train.loop import Job
from surpass.train.preferences import train_on_pairs

pytest.importorskip("trl")


@pytest.mark.shared
@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_margin_rises_on_trees_that_were_not_learned_from(tmp_path, shared_data):
    pairs = oasst_pairs(shared_data, longest=600)
    held = pl.col("group").is_in(pairs["group"].unique(maintain_order=True).to_list()[::4])
    job = Job(
        base=find_base("smollm2-135m-q4", Path()),
        instruction="",
        train=pairs.filter(~held),
        valid=pairs.filter(held),
        tuning=Lora(),
        training=Training(epochs=2, learning_rate=2e-4, batch_tokens=1200, pairs=Dpo()),
        number_type="float32",
        threads=1,
    )
    run = train_on_pairs(job, scratch=tmp_path / "s", out=tmp_path / "o", progress=Silent())
    assert job.train.height > 20
    assert run.pairs.valid_pairs > 5
    assert run.pairs.margins[-1] > 0
    assert run.pairs.won[-1] > 0.5
    assert run.last_loss < run.first_loss
