"""A finished run as an account."""

from surpass.core.account import Account, Fact
from surpass.core.records.results import TrainData
from surpass.core.settings import Tuning
from surpass.plan.cost import Cost
from surpass.steps.tell.lineage import run_chapter
from surpass.steps.tell.numbers import counted, gigabytes, minutes
from surpass.steps.tell.share import share_words
from surpass.steps.train import RunResult

_LONGER = ("row was", "rows were")


def run_account(result: RunResult, predicted: Cost | None, tuning: Tuning) -> Account:
    """What `surpass train` says: what it took, beside what the plan predicts.

    Args:
        result: The finished run.
        predicted: The plan of the same run on this machine; none where it cannot be predicted.
        tuning: The method it was trained by.
    """
    run = result.run
    warnings = (
        (f"{counted(len(run.left_out), *_LONGER)} longer than max_tokens and left out.",)
        if run.left_out
        else ()
    )
    time_note, memory_note = "", "peak"
    if predicted is not None:
        time_note = f"{minutes(predicted.seconds)} predicted"
        memory_note += f"; {gigabytes(predicted.memory_bytes)} predicted"
    return Account(
        title="Train",
        headline=f"Trained in {minutes(run.seconds)}: loss {run.first_loss:.3f} to "
        f"{run.last_loss:.3f}.",
        text=(
            f"The {result.adapter.name} {_are(result)} in {result.adapter}.",
            share_words(tuning, run.trained_parameters, run.all_parameters),
            *_pairs(result),
            *_further(result),
        ),
        facts=(
            Fact(label="time", value=minutes(run.seconds), note=time_note),
            Fact(label="memory", value=gigabytes(run.peak_memory_bytes), note=memory_note),
        ),
        chapters=(run_chapter(run),),
        warnings=warnings,
        next_command="surpass evaluate",
        data=TrainData(
            digest=result.digest,
            adapter=str(result.adapter.resolve()),
            run=run,
            predicted_seconds=None if predicted is None else predicted.seconds,
            predicted_memory_bytes=None if predicted is None else predicted.memory_bytes,
        ),
    )


def _are(result: RunResult) -> str:
    return "are" if result.adapter.name == "weights" else "is"


def _pairs(result: RunResult) -> tuple[str, ...]:
    """What the pairs of the validation rows say, at the state that was kept."""
    pairs = result.run.pairs
    if pairs is None or not pairs.margins:
        return ()
    kept = result.run.valid_loss.index(min(result.run.valid_loss))
    return (
        f"Of {counted(pairs.valid_pairs, 'validation pair')} it leans further to the better answer "
        f"than the base in {pairs.won[kept]:.0%}; the mean margin is {pairs.margins[kept]:+.2f}, "
        "before training 0.",
    )


def _further(result: RunResult) -> tuple[str, ...]:
    """What is said of the other seeds."""
    if not result.further:
        return ()
    losses = ", ".join(f"{one.run.last_loss:.3f}" for one in result.further)
    return (
        f"It is the first of {len(result.all_seeds)} seeds, and the one that is served; the others "
        f"ended with losses of {losses}. All of them are judged together.",
    )
