"""Learning from pairs, by TRL's losses over our tokens."""

from dataclasses import replace

import msgspec
import numpy as np
import polars as pl
import pytest

from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.core.settings import Dora, Dpo, Full, Kto, Lora, Orpo
from surpass.model.find import Base
from surpass.model.load import load
from surpass.train.encode import encode_rows
from surpass.train.pair_course import plan_pairs
from surpass.train.preferences import given_by, margins, pair_loss, pair_rate, train_on_pairs
from tiny_jobs import rows
from tiny_pairs import pair_job, pair_rows

pytest.importorskip("trl")

OBJECTIVES = [Dpo(), Kto(), Orpo()]


def train(job, folder):
    return train_on_pairs(job, scratch=folder / "scratch", out=folder / "out", progress=Silent())


@pytest.mark.parametrize("pairs", OBJECTIVES)
def test_pairs_that_were_not_learned_from_lean_to_the_better_answer(pairs, tiny_base, tmp_path):
    job = pair_job(tiny_base("llama"), pairs)
    run = train(job, tmp_path)
    assert run.pairs.objective == type(pairs).__name__.lower()
    assert run.pairs.margins[-1] > 0.5
    assert run.valid_loss[-1] < run.valid_loss[0]
    assert run.last_loss < run.first_loss

    untuned = load(job.base, "float32", threads=1)
    tuned = load(job.base, "float32", tmp_path / "out", threads=1)
    valid = plan_pairs(job, untuned).valid
    before, now = given_by(untuned, valid), given_by(tuned, valid)
    kept = run.valid_loss.index(min(run.valid_loss))
    assert margins(before, now, 0.1).mean() == pytest.approx(run.pairs.margins[kept], abs=1e-4)
    assert pair_loss(valid, before, now, pairs) == pytest.approx(run.valid_loss[kept], abs=1e-4)


@pytest.mark.parametrize("architecture", ["llama", "gemma2"])
@pytest.mark.parametrize("pairs", OBJECTIVES)
def test_the_first_loss_of_trl_is_ours(pairs, architecture, tiny_base, tmp_path):
    base = tiny_base(architecture)
    job = pair_job(base, pairs, epochs=0.1)
    run = train(job, tmp_path)
    untuned = load(base, "float32", threads=1)
    course = plan_pairs(job, untuned)
    first = course.order[: course.a_step]
    picked = _only(course.train, first)
    given = given_by(untuned, picked)
    assert run.first_loss == pytest.approx(pair_loss(picked, given, given, pairs), rel=1e-4)


def _only(pairs, numbers):
    def side(encoded):
        return replace(
            encoded,
            names=tuple(encoded.names[n] for n in numbers),
            prompts=tuple(encoded.prompts[n] for n in numbers),
            answers=tuple(encoded.answers[n] for n in numbers),
        )

    return replace(pairs, chosen=side(pairs.chosen), rejected=side(pairs.rejected))


def test_better_answers_have_the_tokens_that_training_on_answers_gives_them(tiny_base):
    loaded = load(tiny_base("llama"), "float32", threads=1)
    job = pair_job(tiny_base("llama"), Dpo())
    alone = encode_rows(loaded.tokenizer, job.instruction, rows(24), most=None, context=256)
    pairs = plan_pairs(job, loaded).train
    assert pairs.chosen.prompts == pairs.rejected.prompts == alone.prompts
    assert pairs.chosen.answers == alone.answers
    assert {tuple(answer) for answer in pairs.rejected.answers} != set(map(tuple, alone.answers))


@pytest.mark.parametrize("tuning", [Full(), Dora(rank=2), Lora(rank=2, init="pissa")])
def test_other_methods_learn_from_pairs_too(tuning, tiny_base, tmp_path):
    job = msgspec.structs.replace(
        pair_job(tiny_base("llama"), Dpo(), learning_rate=0.003), tuning=tuning
    )
    run = train(job, tmp_path)
    assert run.first_loss == pytest.approx(np.log(2), abs=2e-3)
    assert run.pairs.margins[-1] > 0
    if isinstance(tuning, Full):
        whole = Base(name="tuned", folder=tmp_path / "out", digest="")
        assert load(whole, "float32", threads=1).model.config.pad_token_id == 0


def test_the_same_seed_gives_the_same_adapter(tiny_base, tmp_path):
    for name in ("first", "second"):
        train(pair_job(tiny_base("llama"), Dpo(), epochs=0.5), tmp_path / name)
    first, second = (
        (tmp_path / name / "out" / "adapter_model.safetensors").read_bytes()
        for name in ("first", "second")
    )
    assert first == second


def test_every_pair_is_learned_from_as_often_as_any_other(tiny_base):
    loaded = load(tiny_base("llama"), "float32", threads=1)
    for tokens in (1, 200, 600, 100_000):
        course = plan_pairs(pair_job(tiny_base("llama"), Kto(), batch_tokens=tokens), loaded)
        counts = np.bincount(course.order, minlength=24)
        assert set(counts) <= {2, 3}
        assert len(course.order) == course.steps * course.a_step
        assert course.a_step % course.at_once == 0
        assert course.at_once >= 2
        assert max(course.ends) == course.steps


def test_an_automatic_rate_is_lower_than_for_answers(tiny_base):
    base = tiny_base("llama")
    loaded = load(base, "float32", threads=1)
    assert pair_rate(pair_job(base, Dpo(), learning_rate="auto"), loaded) == pytest.approx(5e-5)
    assert pair_rate(pair_job(base, Orpo(), learning_rate="auto"), loaded) == pytest.approx(2.5e-4)
    assert pair_rate(pair_job(base, Dpo(), learning_rate=0.5), loaded) == 0.5


def test_a_tenth_of_the_rows_is_too_long_and_no_more(tiny_base, tmp_path):
    job = pair_job(tiny_base("llama"), Dpo(), max_tokens=50)
    with pytest.raises(BadInput, match=r"rows are too long for training.*most_left_out allows 10%"):
        train(job, tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (pl.DataFrame.drop, "no column 'rejected'.*Set .training.pairs. rejected"),
        (lambda rows, name: rows.with_columns(pl.lit(None, pl.String).alias(name)), "24 of 24"),
        (lambda rows, name: rows.with_columns(pl.lit("  ").alias(name)), "have no worse answer"),
        (lambda rows, name: rows.with_columns(pl.col("target").alias(name)), "prefer nothing"),
    ],
)
def test_rows_that_are_no_pairs_are_refused(changed, said, tiny_base, tmp_path):
    job = pair_job(tiny_base("llama"), Dpo())
    job = msgspec.structs.replace(job, train=changed(job.train, "@rejected"))
    with pytest.raises(BadInput, match=said):
        train(job, tmp_path)


def test_one_pair_is_too_few_for_kto(tiny_base, tmp_path):
    job = msgspec.structs.replace(pair_job(tiny_base("llama"), Kto()), train=pair_rows(1))
    with pytest.raises(BadInput, match=r'set \[training.pairs\] objective = "dpo"'):
        train(job, tmp_path)


def test_without_trl_it_is_said_how_to_get_it(tiny_base, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"pip install 'surpass\[prefer\]'"):
        train(pair_job(tiny_base("llama"), Dpo()), tmp_path)
