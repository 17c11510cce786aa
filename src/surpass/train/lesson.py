"""Pairs of answers in the order of their steps, with what the base gives them: what TRL is told."""

from collections.abc import Sequence
from dataclasses import dataclass

Tokens = list[int]


@dataclass(frozen=True)
class Lesson:
    """What is learned in which order: one entry a pair, the pairs of all steps end to end."""

    prompts: Sequence[Tokens]
    chosen: Sequence[Tokens]
    rejected: Sequence[Tokens]
    base_chosen: Sequence[float]  # log-probability of the whole answer under the base, nats
    base_rejected: Sequence[float]
    at_once: int  # pairs computed together
    a_step: int  # pairs of one step, a multiple of `at_once`
    rates: Sequence[float]  # learning rate of each step
    mixed: Sequence[Tokens] = ()  # for KTO: the answers of `mixed_up`, and the same of them
    base_mixed: Sequence[float] = ()

    @property
    def steps(self) -> int:
        """How many steps there are; all are full."""
        return len(self.prompts) // self.a_step


def mixed_up(lesson: Lesson) -> list[tuple[Tokens, Tokens]]:
    """Each row of KTO with another's answer: prompts and answers, by which it sets its zero.

    Within what is computed together the chosen answers come first, then the rejected, and each
    prompt gets the answer before its own (TRL's kto_trainer, `add_kl_completion_ids`); with two
    pairs or more none gets an answer of its own.
    """
    found = []
    for rows in parts_of(lesson):
        prompts = [lesson.prompts[row] for row in rows] * 2
        answers = [lesson.chosen[row] for row in rows] + [lesson.rejected[row] for row in rows]
        found += list(zip(prompts, [answers[-1], *answers[:-1]], strict=True))
    return found


def parts_of(lesson: Lesson) -> list[range]:
    """Numbers of the pairs that are computed together."""
    starts = range(0, len(lesson.prompts), lesson.at_once)
    return [range(first, first + lesson.at_once) for first in starts]
