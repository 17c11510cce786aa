"""Which pairs are learned from in which step: a pure function of rows, settings and seed."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surpass.core.errors import BadInput
from surpass.core.settings import Kto, Training
from surpass.model.load import Loaded
from surpass.train.loop import Job
from surpass.train.pair_rows import PairRows, encode_pairs
from surpass.train.training_rows import pairs_of, training_pairs

PAIRS_A_STEP = 8  # sixteen answers: LoRA learns less from more than 32 (LoRA Without Regret)
_TOKENS_AT_ONCE = 1024  # of padded rows; what more a step has is computed one after the other


@dataclass(frozen=True)
class PairCourse:
    """What will be learned, in which order."""

    train: PairRows
    valid: PairRows | None
    order: NDArray[np.int64]  # numbers of the pairs, of all steps end to end
    a_step: int  # pairs, a multiple of `at_once`
    at_once: int  # pairs that are computed together
    ends: frozenset[int]  # numbers of steps after which an epoch is over

    @property
    def steps(self) -> int:
        """How many steps; all are full."""
        return len(self.order) // self.a_step


def plan_pairs(job: Job, loaded: Loaded) -> PairCourse:
    """Encode the pairs and deal them out to steps; an epoch's last step is filled from the next.

    Raises:
        BadInput: see `encode_pairs`; or KTO has a single pair.
    """
    training, pairs = job.training, pairs_of(job.training)
    tokenizer, told, room = loaded.tokenizer, job.instruction, loaded.context
    train = training_pairs(tokenizer, told, job.train, training, room)
    valid = None
    if job.valid.height:
        worse = pairs.rejected
        valid = encode_pairs(tokenizer, told, job.valid, worse, most=room, context=room)
    count, least = len(train.names), 2 if isinstance(pairs, Kto) else 1
    if count < least:
        raise BadInput(
            'objective = "kto" needs the answers of two rows at least, and there is one.',
            fix='Add rows, or set [training.pairs] objective = "dpo".',
        )
    at_once, a_step = _sizes(train, training, least)
    steps = math.ceil(count * training.epochs / a_step)
    rounds = range(math.ceil(steps * a_step / count))
    order = [np.random.default_rng([training.seed, one]).permutation(count) for one in rounds]
    ends = (round(count * one / a_step) for one in range(1, math.floor(training.epochs) + 1))
    return PairCourse(
        train=train,
        valid=valid,
        order=np.concatenate(order)[: steps * a_step],
        a_step=a_step,
        at_once=at_once,
        ends=frozenset({steps, *(min(steps, max(1, end)) for end in ends)}),
    )


def _sizes(rows: PairRows, training: Training, least: int) -> tuple[int, int]:
    """Pairs computed together, and pairs a step."""
    sizes = rows.chosen.full_lengths + rows.rejected.full_lengths
    wanted = PAIRS_A_STEP
    if training.batch_tokens != "auto":
        wanted = round(training.batch_tokens / float(sizes.mean()))
    wanted = min(max(wanted, least), len(sizes))
    longest = 2 * max(rows.chosen.full_lengths.max(), rows.rejected.full_lengths.max())
    at_once = min(max(_TOKENS_AT_ONCE // int(longest), least), wanted)
    return at_once, at_once * (wanted // at_once)
