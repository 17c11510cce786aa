"""What would fit where something does not: another machine, several, or a smaller base."""

import math

from surpass.plan.machines import Machine, machines
from surpass.plan.methods import Method, Name
from surpass.plan.offer import Job, Offer, offer
from surpass.plan.shape import Shape
from surpass.plan.shapes import known_shapes


def machines_that_fit(shape: Shape, job: Job, method: Name, rank: int) -> tuple[str, ...]:
    """Names of known machines on which the method fits memory, hours and money, smallest first."""
    asked = Method(name=method, rank=rank)
    found = {
        name: machine.memory_gb
        for name, machine in machines().items()
        if offer(shape, machine, job, asked).exceeds is None
    }
    return tuple(sorted(found, key=lambda name: found[name]))


def cards_needed(refused: Offer, machine: Machine) -> int:
    """How many such machines hold the method together if its memory is split evenly."""
    return math.ceil(refused.needed_bytes / (machine.memory_gb * 1e9))


def largest_base_that_fits(machine: Machine, job: Job, method: Name, rank: int) -> str | None:
    """The largest known base that the method trains there; none where not even the smallest."""
    asked = Method(name=method, rank=rank)
    fitting = [
        (shape.parameters, name)
        for name, shape in known_shapes().items()
        if offer(shape, machine, job, asked).exceeds is None
    ]
    return max(fitting)[1] if fitting else None
