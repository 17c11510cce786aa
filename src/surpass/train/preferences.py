"""Learn from pairs of a better and a worse answer: TRL's losses, validation, the best state."""

import importlib.util
import math
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from torch import Tensor

from surpass.core.errors import BadInput
from surpass.core.progress import Progress
from surpass.core.records.run import LearnedPairs, Run
from surpass.core.settings import Dpo, Kto, Orpo, Pairs
from surpass.core.settings.objective import objective_of
from surpass.model.documents import shared_prefix
from surpass.model.load import Loaded
from surpass.model.nf4 import numbers_in
from surpass.train.encode import Encoded
from surpass.train.lesson import Lesson, mixed_up
from surpass.train.loop import Job
from surpass.train.memory import forget_peak, give_back_memory, peak_memory_bytes
from surpass.train.methods import Method, load_for, prepare
from surpass.train.pair_course import PairCourse, plan_pairs
from surpass.train.pair_rows import Numbers, PairRows, answer_log_probabilities
from surpass.train.schedule import peak_rate, rate_at
from surpass.train.training_rows import pairs_of

# Shares of the rate for answers. Of full tuning's 2e-5 they make TRL's 1e-6 for DPO and KTO
# (dpo_config.py, kto_config.py) and 5e-6 for ORPO (arXiv:2403.07691 trains at 5e-6 and 8e-6).
_RATE_SHARE = {Dpo: 0.05, Kto: 0.05, Orpo: 0.25}


class Given(NamedTuple):
    """Log-probabilities that a model gives whole answers, in nats; each of shape (pairs,)."""

    chosen: Numbers
    rejected: Numbers


class Told(NamedTuple):
    """What the pairs of the validation rows say of a state."""

    loss: float  # of the objective, a pair
    margin: float  # mean, see LearnedPairs
    won: float  # share of pairs with a margin above 0


@dataclass
class _Diary:
    """What is known of a run so far."""

    losses: list[float] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    best: dict[str, Tensor] = field(default_factory=dict)
    best_step: int = 0
    peak_memory_bytes: int = 0


def train_on_pairs(job: Job, *, scratch: Path, out: Path, progress: Progress) -> Run:
    """Train by [training.pairs] and write the best state, by its loss on the validation pairs.

    A run that was killed begins anew.

    Args:
        job: As for `train_adapter`; its rows have the worse answers in a column of their own.
        scratch: A folder that TRL is told of; nothing is kept there.
        out: Folder to write into, as `train_adapter` does.
        progress: Told of the steps done.

    Raises:
        BadInput: TRL is not installed, rows are no pairs, no pair is short enough, or the loss is
            not finite.
    """
    require_trl()
    from surpass.train.trl import learn

    began = time.monotonic()
    give_back_memory()
    forget_peak()
    loaded = load_for(job.tuning, job.base, job.number_type, threads=job.threads)
    course = plan_pairs(job, loaded)
    progress.start("asking the base", 2)
    lesson = _lesson(job, loaded, course)
    progress.advance(1)
    before = None if course.valid is None else given_by(loaded, course.valid)
    progress.finish()
    method = prepare(loaded, job.tuning, job.training.seed, name=job.base.name)
    diary = _Diary()

    def heard(step: int, loss: float, norm: float) -> None:
        _require_finite(course, step, loss, norm)
        diary.losses.append(loss)
        diary.peak_memory_bytes = max(diary.peak_memory_bytes, peak_memory_bytes())
        if step in course.ends and course.valid is not None and before is not None:
            now = given_by(loaded, course.valid)
            _note(diary, step, _tell(course.valid, before, now, pairs_of(job.training)), method)
        progress.advance(step, f"loss {loss:.3f}")

    progress.start("training", course.steps)
    learn(loaded, method.parameters, lesson, job.training, scratch=scratch, heard=heard)
    progress.finish()
    method.write(out, diary.best or _values(method), job.base.name)
    return _run(job, loaded, course, diary, method, seconds=time.monotonic() - began)


def require_trl() -> None:
    """Refuse where the package is not installed.

    Raises:
        BadInput: with the line that installs it.
    """
    if importlib.util.find_spec("trl") is None:
        raise BadInput(
            "[training.pairs] needs the package trl.", fix="Run `pip install 'surpass[prefer]'`."
        )


def pair_rate(job: Job, loaded: Loaded) -> float:
    """The highest learning rate: as set, or the method's for answers, lowered."""
    parameters = sum(numbers_in(parameter) for parameter in loaded.model.parameters())
    rate = peak_rate(job.training, parameters, job.tuning)
    if job.training.learning_rate != "auto":
        return rate
    return rate * _RATE_SHARE[type(pairs_of(job.training))]


def given_by(loaded: Loaded, rows: PairRows) -> Given:
    """What the model as it is gives the answers of pairs."""
    return Given(
        answer_log_probabilities(loaded, rows.chosen),
        answer_log_probabilities(loaded, rows.rejected),
    )


def margins(before: Given, now: Given, beta: float) -> Numbers:
    """DPO's implicit reward of the chosen answer over the rejected one's, of each pair.

    Source:
        Rafailov et al. 2023 (arXiv:2305.18290), section 4.
    """
    grown = (now.chosen - before.chosen) - (now.rejected - before.rejected)
    return beta * grown


def pair_loss(rows: PairRows, before: Given, now: Given, pairs: Pairs) -> float:
    """The objective's loss, a mean over pairs; KTO's with its reference point at 0.

    Source:
        Equation 7 of arXiv:2305.18290, 7 of arXiv:2402.01306, and 6 to 8 of arXiv:2403.07691.
    """
    beta = pairs.beta
    if isinstance(pairs, Dpo):
        return float(np.logaddexp(0, -margins(before, now, beta)).mean())
    if isinstance(pairs, Kto):
        good = 1 / (1 + np.exp(-beta * (now.chosen - before.chosen)))
        bad = 1 / (1 + np.exp(beta * (now.rejected - before.rejected)))
        return float(1 - (good.mean() + bad.mean()) / 2)
    lengths = np.array([len(answer) for answer in rows.chosen.answers])
    chosen = now.chosen / lengths
    rejected = now.rejected / [len(answer) for answer in rows.rejected.answers]
    odds = _log_odds(chosen) - _log_odds(rejected)
    return float(-now.chosen.sum() / lengths.sum() + beta * np.logaddexp(0, -odds).mean())


def _log_odds(mean: Numbers) -> Numbers:
    """Of the geometric mean of an answer's token probabilities, given as logarithm below 0."""
    return mean - np.log(-np.expm1(np.minimum(mean, -1e-12)))


def _lesson(job: Job, loaded: Loaded, course: PairCourse) -> Lesson:
    """The course in TRL's terms, with what the base gives each answer."""
    train, order, pairs = course.train, course.order.tolist(), pairs_of(job.training)
    peak, warmup = pair_rate(job, loaded), job.training.warmup_share
    unasked = isinstance(pairs, Orpo)
    nothing = np.zeros(len(train.names))
    base = Given(nothing, nothing) if unasked else given_by(loaded, train)
    lesson = Lesson(
        prompts=[train.chosen.prompts[row] for row in order],
        chosen=[train.chosen.answers[row] for row in order],
        rejected=[train.rejected.answers[row] for row in order],
        base_chosen=base.chosen[order].tolist(),
        base_rejected=base.rejected[order].tolist(),
        at_once=course.at_once,
        a_step=course.a_step,
        rates=[rate_at(step, course.steps, warmup, peak) for step in range(course.steps)],
    )
    if not isinstance(pairs, Kto):
        return lesson
    room = loaded.context
    mixed = [(prompt, answer[: room - len(prompt)]) for prompt, answer in mixed_up(lesson)]
    prompts, answers = zip(*mixed, strict=True)
    rows = Encoded(("",) * len(mixed), prompts, answers, shared_prefix(prompts))
    return replace(
        lesson, mixed=answers, base_mixed=answer_log_probabilities(loaded, rows).tolist()
    )


def _tell(rows: PairRows, before: Given, now: Given, pairs: Pairs) -> Told:
    each = margins(before, now, pairs.beta)
    return Told(pair_loss(rows, before, now, pairs), float(each.mean()), float((each > 0).mean()))


def _note(diary: _Diary, step: int, told: Told, method: Method) -> None:
    """Write down what the validation pairs say; what was learned is kept if it is the best."""
    if not diary.told or told.loss < min(one.loss for one in diary.told):
        diary.best, diary.best_step = _values(method), step
    diary.told.append(told)


def _values(method: Method) -> dict[str, Tensor]:
    return {name: one.detach().cpu().clone() for name, one in method.parameters.items()}


def _require_finite(course: PairCourse, step: int, loss: float, norm: float) -> None:
    if math.isfinite(loss) and math.isfinite(norm):
        return
    rows = course.order[(step - 1) * course.a_step : step * course.a_step]
    names = ", ".join(course.train.names[row] for row in rows)
    raise BadInput(
        f"At step {step} the loss is {loss} and the gradient's norm {norm}. "
        f"Rows of this step: {names}.",
        fix="Look at these rows, or lower [training] learning_rate.",
    )


def _run(
    job: Job, loaded: Loaded, course: PairCourse, diary: _Diary, method: Method, *, seconds: float
) -> Run:
    """The record of a run that ended well."""
    train, order, losses = course.train, course.order, diary.losses
    both = (train.chosen, train.rejected)
    tail = losses[-max(1, len(losses) // 10) :]
    trained = sum(one.numel() for one in method.parameters.values())
    frozen = sum(numbers_in(p) for p in loaded.model.parameters() if not p.requires_grad)
    return Run(
        base=job.base.digest,
        steps=course.steps,
        rows=len(train.names),
        left_out=train.left_out,
        tokens=int(sum(side.full_lengths[order].sum() for side in both)),
        answer_tokens=sum(len(side.answers[row]) for side in both for row in order),
        trained_parameters=trained,
        all_parameters=trained + frozen,
        seconds=round(seconds, 2),
        peak_memory_bytes=diary.peak_memory_bytes,
        first_loss=losses[0],
        last_loss=sum(tail) / len(tail),
        valid_loss=tuple(one.loss for one in diary.told),
        best_step=diary.best_step or course.steps,
        padded=True,  # TRL pads
        end_token_trained=True,  # `encode_rows` refuses anything else
        environment=loaded.environment,
        pairs=LearnedPairs(
            objective=objective_of(pairs_of(job.training)),
            valid_pairs=0 if course.valid is None else len(course.valid.names),
            margins=tuple(one.margin for one in diary.told),
            won=tuple(one.won for one in diary.told),
        ),
    )
