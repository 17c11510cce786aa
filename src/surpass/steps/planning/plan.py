"""surpass plan: method, memory, minutes and power, predicted before training."""

from typing import NamedTuple

import msgspec
import polars as pl
from msgspec import UNSET

from surpass.core import columns
from surpass.core.account import Account, Chapter, Fact, Standing, Table
from surpass.core.errors import CannotTell
from surpass.core.recipe import Recipe
from surpass.core.records.results import PlanData
from surpass.core.settings.tuning import spoken
from surpass.core.wording import counted
from surpass.model.find import find_base
from surpass.plan.cost import Cost, Work, excess, predict
from surpass.plan.shape import read_shape
from surpass.prove.power import Power
from surpass.steps.closed_sets import wording
from surpass.steps.evaluate import stored_evaluation
from surpass.steps.ladder import rungs_of
from surpass.steps.machine import machine_rate, memory_here, number_type
from surpass.steps.planning.methods import methods_chapter
from surpass.steps.project import Project
from surpass.steps.seal import power_of_test
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import SplitResult, current_split, split_unasked
from surpass.steps.tell.numbers import gigabytes, minutes
from surpass.steps.tell.seal import power_data
from surpass.steps.tell.share import share_words
from surpass.store.objects import read_record, write_record

_SAMPLE_ROWS = 500
_LEAST_POWER = 0.5


class CountRecipe(Recipe, frozen=True, kw_only=True):
    """Which rows are counted in whose tokens."""

    split: str
    base: str
    instruction: str
    batch_tokens: int  # of one step


class Plan(NamedTuple):
    """The prediction, and what of the budget it exceeds."""

    cost: Cost  # of one run
    work: Work
    evaluation_seconds: float | None  # none: no baseline has been timed yet
    excess: str | None
    seeds: int = 1  # runs that will be trained

    @property
    def seconds(self) -> float:
        """Of training, all seeds."""
        return self.cost.seconds * self.seeds


def plan(project: Project) -> Plan:
    """Predict the run of the project as it stands; nothing is trained.

    Raises:
        CannotTell: what this architecture needs, or learning from pairs, cannot be predicted.
        BadInput: [tuning] targets names no layer.
    """
    if project.settings.training.pairs is not UNSET:
        raise CannotTell(
            "What learning from pairs takes is not predicted.",
            fix="Run `surpass train`; without a [budget] it asks for no prediction.",
        )
    settings, split = project.settings, current_split(project)
    base = find_base(settings.model.base, project.folder)
    work = work_of(project, split)
    kind = number_type(project)
    cost = predict(read_shape(base.folder), settings.tuning, work, kind, machine_rate(project))
    scoring = _evaluation_seconds(project, split)
    seeds = settings.criteria_in_force.seeds
    whole = msgspec.structs.replace(cost, seconds=cost.seconds * seeds)
    too_much = excess(whole, settings.budget, memory_here(), scoring or 0.0)
    return Plan(cost, work, scoring, too_much, seeds)


def predicted_cost(project: Project) -> Cost | None:
    """The plan's cost of one run, or none where this architecture's cannot be predicted."""
    try:
        return plan(project).cost
    except CannotTell:
        return None


def plan_account(project: Project) -> Account:
    """What `surpass plan` says."""
    unasked = split_unasked(project)
    made, sealed, power = plan(project), last_seal(project), power_of_test(project)
    memory = gigabytes(made.cost.memory_bytes)
    tuning, cost = project.settings.tuning, made.cost
    trained, every = cost.trained_parameters, cost.all_parameters
    runs = "" if made.seeds == 1 else f"; {made.seeds} seeds, one run each"
    note = f"predicted on this machine{runs}"
    facts = [
        Fact(label="training", value=minutes(made.seconds), note=note),
        Fact(label="memory", value=memory, note="peak of the process, predicted"),
        Fact(label="trained", value=f"{trained / every:.2%}", note="of the parameters"),
    ]
    if made.evaluation_seconds is not None:
        value = minutes(made.evaluation_seconds)
        facts.append(Fact(label="scoring the test", value=value, note="from the ladder's speed"))
    parts = tuple((name, f"{size / 1e6:,.0f}") for name, size in made.cost.parts.items())
    table = Table(title="Memory by part", columns=("part", "MB"), rows=parts, numeric=("MB",))
    fits = made.excess is None
    return Account(
        title="Plan",
        headline=f"{spoken(tuning)} fits: {minutes(made.seconds)}, {memory}."
        if fits
        else f"It does not fit: {made.excess}.",
        standing=Standing.HOLDS if fits else Standing.DOES_NOT_HOLD,
        text=(
            f"{made.work.tokens:,} tokens an epoch, {_epochs(made.work.epochs)}, "
            f"about {counted(made.cost.steps, 'step')}{runs}.",
            share_words(tuning, trained, every),
            power.sentence,
        ),
        facts=tuple(facts),
        chapters=(Chapter(title="Memory", tables=(table,)), _methods(project, made)),
        warnings=(*unasked, *_weak(power, sealed=sealed is not None)),
        next_command="surpass train" if sealed else "surpass seal",
        data=_data(made, power),
    )


def _methods(project: Project, made: Plan) -> Chapter:
    base, rows = find_base(project.settings.model.base, project.folder), current_split(project)
    return methods_chapter(project, read_shape(base.folder), made.work, rows.train.height)


def _data(made: Plan, power: Power) -> PlanData:
    return PlanData(
        fits=made.excess is None,
        exceeds=made.excess,
        seconds=made.seconds,
        evaluation_seconds=made.evaluation_seconds,
        memory_bytes=made.cost.memory_bytes,
        memory_parts=made.cost.parts,
        tokens=made.work.tokens,
        epochs=made.work.epochs,
        steps=made.cost.steps,
        trained_parameters=made.cost.trained_parameters,
        all_parameters=made.cost.all_parameters,
        power=power_data(power),
    )


def _epochs(epochs: float) -> str:
    return f"{epochs:g} {'epoch' if epochs == 1 else 'epochs'}"


def _weak(power: Power, *, sealed: bool) -> tuple[str, ...]:
    if power.chance >= _LEAST_POWER:
        return ()
    more = (
        "bring more test groups (`surpass split --extend-test FILE`)"
        if sealed
        else "bring more rows or raise [split] test_share"
    )
    return (
        f"This test will probably not decide: {more}, or declare a smaller margin before sealing.",
    )


def work_of(project: Project, split: SplitResult) -> Work:
    """Count tokens and steps of the training rows, on a sample of at most 500."""
    from surpass.train.batches import TOKENS_A_STEP

    base = find_base(project.settings.model.base, project.folder)
    words, training = wording(project, split.sides), project.settings.training
    asked = training.batch_tokens
    recipe = CountRecipe(
        stage="count",
        revision=2,
        split=split.taught_digest,
        base=base.digest,
        instruction=words.digest,
        batch_tokens=TOKENS_A_STEP if asked == "auto" else asked,
    )
    stored = project.objects.find(recipe)
    if stored is None:
        from surpass.train.encode import count_tokens  # pulls in torch

        sample = split.taught.sort(pl.col(columns.ROW).hash(seed=0)).head(_SAMPLE_ROWS)
        found = tuple(count_tokens(base, words.instruction, sample, recipe.batch_tokens))
        with project.objects.write(recipe) as folder:
            write_record(folder, "count", found)
    else:
        found = read_record(stored, "count", tuple[int, ...])
    tokens, answer_tokens, steps, step_tokens = found
    factor = split.taught.height / min(split.taught.height, _SAMPLE_ROWS)
    return Work(
        tokens=int(tokens * factor),
        answer_tokens=int(answer_tokens * factor),
        steps=round(steps * factor),
        step_tokens=step_tokens,
        epochs=training.epochs,
    )


def _evaluation_seconds(project: Project, split: SplitResult) -> float | None:
    """Seconds that scoring the test will take, all rungs and the tuned model of every seed."""
    stored = [stored_evaluation(project, name, "valid") for name in rungs_of(project)]
    timed = [e.record for e in stored if e is not None and e.record.environment is not None]
    if not timed:
        return None
    each = [record.seconds / record.rows for record in timed]
    seeds = project.settings.criteria_in_force.seeds
    return split.sides.test_rows * (sum(each) + seeds * min(each))
