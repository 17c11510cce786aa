"""Every method on this machine beside the one that is set, and which of them the facts favour."""

import importlib.util

from surpass.core.account import Chapter, Table
from surpass.core.errors import BadInput
from surpass.core.settings import (
    Dora,
    Full,
    Ia3,
    Lora,
    Prefix,
    Prompt,
    Ptuning,
    Qlora,
    Tuning,
)
from surpass.core.settings.tuning import method_of
from surpass.plan.cost import Cost, Work, excess, predict
from surpass.plan.methods import method_in
from surpass.plan.shape import Shape
from surpass.plan.strategy import Facts, advise
from surpass.steps.machine import machine_rate, memory_here, number_type
from surpass.steps.planning.ladder import ladder_facts
from surpass.steps.project import Project
from surpass.steps.tell.numbers import gigabytes, minutes

_SHOWN = 3  # of the advice; what comes after is for rare cases


def methods_chapter(project: Project, shape: Shape, work: Work, rows: int) -> Chapter:
    """A table of all methods, predicted as the run itself is, and the advice on top."""
    kept: list[Tuning] = []
    cells: list[tuple[str, ...]] = []
    kind, rate = number_type(project), machine_rate(project)
    for tuning in _all_methods(project.settings.tuning):
        cost = predict(shape, tuning, work, kind, rate)
        too_much = _too_much(project, tuning, cost)
        if too_much is None:
            kept.append(tuning)
        cells.append(_row(tuning, cost, too_much))
    table = Table(
        title="Predicted on this machine, one run",
        columns=("method", "fits", "time", "memory", "trained"),
        rows=tuple(cells),
        numeric=("time", "memory", "trained"),
    )
    return Chapter(
        title="Which method",
        text=_advice(project, shape, work, rows, kept),
        tables=(table,),
    )


def _all_methods(present: Tuning) -> list[Tuning]:
    """One of each; the one that is set as it is set, and its rank for all that have one."""
    rank = present.rank if isinstance(present, Lora) else Lora().rank
    usual: list[Tuning] = [
        Lora(rank=rank),
        Qlora(rank=rank),
        Dora(rank=rank),
        Ia3(),
        Prefix(),
        Prompt(),
        Ptuning(),
        Full(),
    ]
    return [present if method_of(one) == method_of(present) else one for one in usual]


def _too_much(project: Project, tuning: Tuning, cost: Cost) -> str | None:
    if method_in(tuning).four_bit and importlib.util.find_spec("bitsandbytes") is None:
        return "bitsandbytes is not installed"
    try:
        return excess(cost, project.settings.budget, memory_here())
    except BadInput:  # a budget of money without a price, which the plan itself says
        return None


def _row(tuning: Tuning, cost: Cost, too_much: str | None) -> tuple[str, ...]:
    share = cost.trained_parameters / cost.all_parameters
    return (
        method_of(tuning),
        "yes" if too_much is None else f"no: {too_much}",
        minutes(cost.seconds),
        gigabytes(cost.memory_bytes),
        f"{share:.2%}",
    )


def _advice(
    project: Project, shape: Shape, work: Work, rows: int, kept: list[Tuning]
) -> tuple[str, ...]:
    ladder = ladder_facts(project)
    facts = Facts(
        fits=tuple(method_in(tuning).name for tuning in kept),
        base_parameters=shape.parameters,
        adapter_parameters=shape.adapter_parameters(
            project.settings.tuning.rank if isinstance(project.settings.tuning, Lora) else 8
        ),
        rows=rows,
        tokens=float(work.tokens),
        prompt_that_meets=ladder.prompt_that_meets,
        no_room=ladder.no_room,
    )
    return tuple(f"{one.choice}: {one.reason}" for one in advise(facts)[:_SHOWN])
