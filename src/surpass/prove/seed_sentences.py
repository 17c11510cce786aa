"""The words for a verdict on several training seeds."""

from surpass.core.records.verdict import Bounds
from surpass.measure.seeds import FEW_SEEDS, MIN_SEEDS


def mean_words(seeds: int) -> str:
    """What an estimate is the mean of; nothing for a single run."""
    return f", mean of {seeds} seeds" if seeds > 1 else ""


def seeds_note(seeds: int) -> str:
    """What several runs can tell of further ones."""
    said = f"Judged is the mean of {seeds} training seeds"
    if seeds < MIN_SEEDS:
        return f"{said}; fewer than {MIN_SEEDS} bound nothing but these runs."
    said += ": the bounds hold for the recipe, other seeds included"
    if seeds < FEW_SEEDS:
        return (
            f"{said}; but fewer than {FEW_SEEDS} show little of how seeds differ, so take the "
            "conclusion as one about these runs."
        )
    return f"{said}. A collapse that happens to one seed in ten can still be missed."


def too_few_seeds(bounds: Bounds) -> bool:
    """Whether it is for the seeds alone that there is no bound."""
    return bounds.low is None and bounds.of_runs is not None


def seeds_remedy(bounds: Bounds) -> str:
    """What helps where seeds, not rows, are missing."""
    if too_few_seeds(bounds):
        return (
            f"Seal [criteria] seeds = {MIN_SEEDS} or more with "
            "`surpass seal --amend REASON`, or 1 to judge one artefact."
        )
    return (
        "The seeds differ too much for any number of rows to decide it: seal more of them, or "
        "train longer or on more rows so that they differ less."
    )
