"""What each training seed reached, and how far the seeds lie apart, as a chapter."""

from statistics import stdev

from surpass.core.account import Chapter, Table
from surpass.core.digest import short
from surpass.core.records.verdict import Bounds
from surpass.measure.metrics import metric
from surpass.prove.seed_sentences import seeds_note
from surpass.steps.evaluate import Evaluated
from surpass.steps.tell.numbers import UNKNOWN, percent, points_at_least, points_at_most
from surpass.steps.tell.verdict import primary_gate
from surpass.steps.train import RunResult
from surpass.steps.verdict import Judged


def seeds_chapter(
    judged: Judged, valid: dict[str, Evaluated], run: RunResult, seed: int
) -> Chapter:
    """One row a seed, with the spread and the bounds with and without it.

    Args:
        judged: The verdict, on two seeds or more.
        valid: Every model on valid, by name.
        run: The first seed's run, with the others.
        seed: The first seed.
    """
    gate = primary_gate(judged.verdict)
    chosen = metric(gate.metric)
    test = {one.record.model: one for one in (judged.tuned, *judged.further)}
    rows = tuple(
        (
            str(seed + place),
            short(one.digest),
            *(percent(side[name].record.scores.get(chosen.name)) for side in (valid, test)),
            "served" if place == 0 else "judged with it",
        )
        for place, (name, one) in enumerate(zip(test, run.all_seeds, strict=True))
    )
    sides = (f"{chosen.title}, valid", f"{chosen.title}, test")
    return Chapter(
        title="Training seeds",
        text=(
            f"{seeds_note(len(test))} The adapter that is served, and every other chapter, is the "
            "first seed's.",
            *_bounds(gate.bounds),
        ),
        tables=(
            Table(
                title="",
                columns=("seed", "run", *sides, "is"),
                rows=rows,
                numeric=("seed", *sides),
                note=f"Standard deviation on the test: {_spread(test, chosen.name)}.",
            ),
        ),
    )


def _spread(models: dict[str, Evaluated], name: str) -> str:
    scores = [one.record.scores.get(name) for one in models.values()]
    known = [score for score in scores if score is not None]
    return f"{100 * stdev(known):.1f} points" if len(known) == len(scores) else UNKNOWN


def _bounds(bounds: Bounds) -> tuple[str, ...]:
    """The gain for these runs alone beside the gain for the recipe."""
    if bounds.of_runs is None:
        return ()
    low, high = bounds.of_runs
    these = f"of these runs alone {points_at_least(low)} to {points_at_most(high)}"
    recipe = f"{points_at_least(bounds.low)} to {points_at_most(bounds.high)}"
    told = "unknown" if bounds.low is None else recipe
    return (f"The gain is {these}; of the recipe, other seeds included, {told}.",)
