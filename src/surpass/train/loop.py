"""Train by any method: plan, steps, validation, checkpoints, and the best state written out."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl
import torch
from torch import Tensor

from surpass.core.digest import digest_record
from surpass.core.errors import BadInput
from surpass.core.progress import Progress, measure
from surpass.core.records.run import Run
from surpass.core.settings import Training, Tuning
from surpass.model.find import Base
from surpass.model.load import Loaded
from surpass.model.nf4 import numbers_in
from surpass.train.adapter import dropping
from surpass.train.batches import TOKENS_A_STEP, Rows, plan_epochs
from surpass.train.checkpoint import Saver, Tally, read_checkpoint
from surpass.train.encode import Encoded, encode_rows
from surpass.train.flat import answer_states
from surpass.train.learner import Learner
from surpass.train.loss import answer_loss, mean_loss
from surpass.train.memory import forget_peak, give_back_memory, peak_memory_bytes
from surpass.train.methods import Method, load_for, prepare
from surpass.train.schedule import peak_rate, rate_at
from surpass.train.training_rows import loss_of, room_for_rows, training_rows

_GIVE_BACK_EVERY = 8  # steps
_BEST = "best."  # prefix of the best adapter's tensors in a checkpoint


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a run depends on."""

    base: Base
    instruction: str
    train: pl.DataFrame  # with the columns ROW, INPUT and TARGET
    valid: pl.DataFrame  # the same; may be empty
    tuning: Tuning
    training: Training
    number_type: str  # "float32" or "bfloat16", of the frozen weights
    threads: int
    save_every_step: bool = False


@dataclass(frozen=True)
class Course:
    """What will be learned, in which order."""

    train: Encoded
    valid: Encoded | None
    steps: tuple[Rows, ...]
    epoch_ends: frozenset[int]  # numbers of steps after which an epoch is over
    peak_rate: float
    digest: str  # of everything that decides the run

    def rate(self, step: int, training: Training) -> float:
        """Learning rate of a step, counted from 0."""
        return rate_at(step, len(self.steps), training.warmup_share, self.peak_rate)


def train_adapter(job: Job, *, scratch: Path, out: Path, progress: Progress) -> Run:
    """Train what [tuning] says and write the best state, by loss on the validation rows.

    A run that was killed goes on from its last checkpoint and, on a processor, ends with the same
    bits.

    Args:
        job: What to train on what.
        scratch: Folder of the checkpoint; the caller removes it afterwards.
        out: Folder to write into: an adapter as PEFT does, or of full fine-tuning all weights.
        progress: Told of the steps done.

    Raises:
        BadInput: no row is short enough, the template cannot be trained, the method does not go
            with the base, or the loss is not finite.
    """
    began = time.monotonic()
    give_back_memory()
    forget_peak()
    loaded = load_for(job.tuning, job.base, job.number_type, threads=job.threads)
    course = plan_course(job, loaded)
    method = prepare(loaded, job.tuning, job.training.seed, name=job.base.name)
    learner = Learner(method.parameters, job.training)
    tally, best = _resume(scratch, course, learner)
    saver = Saver(scratch, every_step=job.save_every_step)
    earlier = tally.seconds
    progress.start("training", len(course.steps))
    for number in range(tally.step, len(course.steps)):
        loss = _learn(job, _Learning(loaded, method, learner), course, number)
        tally = msgspec.structs.replace(
            tally,
            step=number + 1,
            losses=(*tally.losses, loss),
            seconds=earlier + time.monotonic() - began,
            peak_memory_bytes=max(tally.peak_memory_bytes, peak_memory_bytes()),
        )
        ended = number + 1 in course.epoch_ends
        if ended and course.valid is not None:
            with torch.no_grad():
                now = method.before(loaded)
            tally, best = _validate(now, course.valid, learner, tally, best)
        saver.save(tally, lambda: _all_tensors(learner, best), force=ended)  # noqa: B023 (called at once)
        progress.advance(number + 1, f"loss {loss:.3f}")
        measure(progress, number + 1, _measured(job, course, tally, ended=ended))
        if number % _GIVE_BACK_EVERY == 0:
            give_back_memory()
    progress.finish()
    method.write(out, best or learner.values(), job.base.name)
    return _run(job, loaded, course, tally, method)


def plan_course(job: Job, loaded: Loaded) -> Course:
    """Encode the rows and deal them out to steps.

    Raises:
        BadInput: see `encode_rows`.
    """
    training, tokenizer, told = job.training, loaded.tokenizer, job.instruction
    room = room_for_rows(loaded.context, job.tuning)
    train = training_rows(tokenizer, told, job.train, training, room)
    valid = None
    if job.valid.height:
        loss_on = loss_of(training)
        valid = encode_rows(tokenizer, told, job.valid, most=room, context=room, loss_on=loss_on)
    a_step = TOKENS_A_STEP if training.batch_tokens == "auto" else training.batch_tokens
    epochs = plan_epochs(train.lengths, training.seed, training.epochs, a_step)
    ends, done = [], 0
    for steps in epochs:
        done += len(steps)
        ends.append(done)
    parameters = sum(numbers_in(parameter) for parameter in loaded.model.parameters())
    return Course(
        train=train,
        valid=valid,
        steps=tuple(rows for steps in epochs for rows in steps),
        epoch_ends=frozenset(ends),
        peak_rate=peak_rate(training, parameters, job.tuning),
        digest=_digest(job, loaded, train, valid),
    )


def _digest(job: Job, loaded: Loaded, train: Encoded, valid: Encoded | None) -> str:
    """Name of everything that decides the run's bits."""
    sides = [side for side in (train, valid) if side is not None]
    rows = [[side.prompts, side.answers, *([side.earlier] if side.earlier else [])]
            for side in sides]  # fmt: skip
    return digest_record(
        [job.base.digest, job.tuning, job.training, rows, loaded.environment, loaded.padded]
    )


class _Learning(NamedTuple):
    """The model, what learns in it, and what changes that."""

    loaded: Loaded
    method: Method
    learner: Learner


def _learn(job: Job, learning: _Learning, course: Course, number: int) -> float:
    """One step; returns its loss in nats per answer token.

    Raises:
        BadInput: loss or gradient is not finite.
    """
    rows, model = course.steps[number], learning.loaded.model
    with torch.random.fork_rng(), dropping(model):
        torch.manual_seed(job.training.seed * 1_000_003 + number)  # dropout of this step
        now = learning.method.before(learning.loaded)
        states, tokens = answer_states(now, course.train, rows.tolist())
        mean = answer_loss(model, states, tokens) / len(tokens)
        mean.backward()
    loss = float(mean.detach())
    norm = learning.learner.step(course.rate(number, job.training))
    if not math.isfinite(loss) or not math.isfinite(norm):
        names = ", ".join(course.train.names[row] for row in rows)
        raise BadInput(
            f"At step {number + 1} the loss is {loss} and the gradient's norm {norm}. "
            f"Rows of this step: {names}.",
            fix="Look at these rows, or lower [training] learning_rate.",
        )
    return loss


def _measured(job: Job, course: Course, tally: Tally, *, ended: bool) -> dict[str, float]:
    """The numbers of the last step: loss in nats per answer token, tokens, learning rate."""
    number = tally.step - 1
    found = {
        "loss": tally.losses[-1],
        "tokens": float(course.train.full_lengths[course.steps[number]].sum()),
        "learning_rate": course.rate(number, job.training),
        "peak_memory_bytes": float(tally.peak_memory_bytes),
    }
    if ended and tally.valid_losses:
        found["valid_loss"] = tally.valid_losses[-1]
    return found


def _validate(
    loaded: Loaded, valid: Encoded, learner: Learner, tally: Tally, best: dict[str, Tensor] | None
) -> tuple[Tally, dict[str, Tensor] | None]:
    """Loss on the validation rows; what was learned is kept if it is the best so far."""
    loss = mean_loss(loaded, valid)
    if not tally.valid_losses or loss < min(tally.valid_losses):
        best = learner.values()
        tally = msgspec.structs.replace(tally, best_step=tally.step)
    return msgspec.structs.replace(tally, valid_losses=(*tally.valid_losses, loss)), best


def _all_tensors(learner: Learner, best: Mapping[str, Tensor] | None) -> dict[str, Tensor]:
    """What a checkpoint holds."""
    return learner.tensors() | {_BEST + name: tensor for name, tensor in (best or {}).items()}


def _resume(
    scratch: Path, course: Course, learner: Learner
) -> tuple[Tally, dict[str, Tensor] | None]:
    """Go on where a killed run of the same plan stopped, or begin."""
    stored = read_checkpoint(scratch, course.digest)
    if stored is None:
        return Tally(plan=course.digest), None
    tally, tensors = stored
    learner.restore(tensors, tally.step)
    best = {
        name.removeprefix(_BEST): tensor
        for name, tensor in tensors.items()
        if name.startswith(_BEST)
    }
    return tally, best or None


def _run(job: Job, loaded: Loaded, course: Course, tally: Tally, method: Method) -> Run:
    """The record of a run that ended well."""
    train = course.train
    lengths = train.full_lengths
    tail = tally.losses[-max(1, len(tally.losses) // 10) :]
    trained = sum(one.numel() for one in method.parameters.values())
    frozen = sum(numbers_in(p) for p in loaded.model.parameters() if not p.requires_grad)
    return Run(
        base=job.base.digest,
        steps=tally.step,
        rows=len(train.names),
        left_out=train.left_out,
        tokens=int(sum(lengths[rows].sum() for rows in course.steps)),
        answer_tokens=sum(
            after - first
            for rows in course.steps
            for row in rows
            for first, after in train.learned(row)
        ),
        trained_parameters=trained,
        all_parameters=trained + frozen,
        seconds=round(tally.seconds, 2),
        peak_memory_bytes=tally.peak_memory_bytes,
        first_loss=tally.losses[0],
        last_loss=sum(tail) / len(tail),
        valid_loss=tally.valid_losses,
        best_step=tally.best_step or tally.step,
        padded=loaded.padded,
        end_token_trained=True,  # `encode_rows` refuses anything else
        environment=loaded.environment,
    )
