"""Whether tuning cost the model what it could do before: the rise of its loss on other texts."""

import numpy as np
import polars as pl

from surpass.core.columns import BASE_LOSS, TUNED_LOSS
from surpass.core.errors import CannotTell
from surpass.core.records.verdict import Bounds, Gate, Outcome
from surpass.core.rounding import thousandth, thousandth_at_least, thousandth_at_most
from surpass.core.settings import Forgetting
from surpass.core.wording import counted
from surpass.measure.bootstrap import Levels
from surpass.measure.mean_bounds import mean_bounds
from surpass.measure.one_more import grouped
from surpass.measure.statistics import Floats
from surpass.prove.bounds import no_bounds, swapped

NATS = "nats per token"
WORST_NATS = 100.0
"""What a loss counts as that is no number: far more than any text costs. That a model whose numbers
ran out of range has lost what it could do is known, not unknown."""

_REMEDY = (
    "Lower the learning rate, train fewer epochs or with a smaller rank, or mix general rows into "
    "the training rows; then train again."
)


def forgetting_gate(criterion: Forgetting, losses: pl.DataFrame, levels: Levels) -> Gate:
    """The rise of the loss from base to tuned, paired by text, against the margin.

    Each text counts alike, however long it is: the mean over texts of the mean over tokens. Texts
    of one group count together. "proved": the upper bound of the rise must stay below the margin.
    "no harm shown": only a lower bound above it stops. Where there is no sound bound (under 20
    groups) neither level passes: unlike a slice of a test, a sample can be made larger.

    Args:
        criterion: As sealed.
        losses: One row a text: GROUP, BASE_LOSS and TUNED_LOSS in nats per token.
        levels: Of a bound that proves (low) and of one that refutes (high).
    """
    try:
        bounds = _rise(losses, levels)
    except CannotTell as error:
        return unknown_forgetting(criterion, error.args[0].rstrip("."), levels, remedy=error.fix)
    outcome = _outcome(criterion, bounds)
    return _gate(criterion, bounds, outcome, _sentence(criterion, bounds, outcome))


def unknown_forgetting(
    criterion: Forgetting, reason: str, levels: Levels, *, remedy: str = ""
) -> Gate:
    """The gate where nothing can be told, with the reason, a sentence without its full stop."""
    bounds = no_bounds(reason, swapped(levels))
    sentence = f"What the model forgot of {sample_words(criterion.on)} cannot be told: {reason}."
    return _gate(criterion, bounds, Outcome.INCONCLUSIVE, sentence, remedy)


def sample_words(on: str) -> str:
    """How a sample is called in a sentence."""
    return "the general sample" if on == "general" else on


def rises(losses: pl.DataFrame) -> Floats:
    """Rise of the loss of each text, nats per token, shape (texts,); what is no number is worst.

    Raises:
        CannotTell: the base's own loss is no number.
    """
    base, tuned = (losses[name].to_numpy() for name in (BASE_LOSS, TUNED_LOSS))
    if not np.isfinite(base).all():
        raise CannotTell("The base model's own loss is no number.", fix="Choose another base.")
    worst = np.nan_to_num(tuned, nan=WORST_NATS, posinf=WORST_NATS)
    return np.asarray(worst - base, dtype=np.float64)


def _rise(losses: pl.DataFrame, levels: Levels) -> Bounds:
    groups = grouped(losses)
    turned = swapped(levels)
    found = mean_bounds(rises(losses), groups, turned)
    return Bounds(
        estimate=found.mean,
        low=found.low,
        high=found.high,
        low_level=turned.low,
        high_level=turned.high,
        method="t and bootstrap by group",
        items=losses.height,
        groups=groups.count,
    )


def _outcome(criterion: Forgetting, bounds: Bounds) -> Outcome:
    if bounds.low is not None and bounds.low > criterion.margin:
        return Outcome.FAIL
    stays_below = bounds.high is not None and bounds.high < criterion.margin
    sure_enough = stays_below or criterion.level == "no harm shown"
    return Outcome.PASS if sure_enough else Outcome.INCONCLUSIVE


def _sentence(criterion: Forgetting, bounds: Bounds, outcome: Outcome) -> str:
    rise = bounds.known
    moved = "rose" if rise >= 0 else "fell"
    says_least = outcome is Outcome.FAIL
    bound = (
        f"a rise of at least {thousandth_at_least(bounds.low or 0.0):.3f} is sure"
        if says_least
        else f"it rose by at most {thousandth_at_most(bounds.high or 0.0):.3f}"
    )
    return (
        f"The loss on {sample_words(criterion.on)} {moved} by {abs(thousandth(rise)):.3f} {NATS} "
        f"over {counted(bounds.items, 'text')}; {bound}, {criterion.margin:g} is tolerated."
    )


def _gate(
    criterion: Forgetting, bounds: Bounds, outcome: Outcome, sentence: str, remedy: str = ""
) -> Gate:
    advice = {Outcome.FAIL: _REMEDY, Outcome.INCONCLUSIVE: _more(criterion, bounds)}
    return Gate(
        name=f"forgetting: {criterion.on}",
        role="forgetting",
        metric="loss",
        title=f"rise of the loss on {sample_words(criterion.on)}",
        higher_is_better=False,
        margin=criterion.margin,
        bounds=bounds,
        outcome=outcome,
        sentence=sentence,
        remedy=remedy or advice.get(outcome, ""),
        level=criterion.level,
        unit=NATS,
    )


def _more(criterion: Forgetting, bounds: Bounds) -> str:
    """What would settle an open question: more texts if the rise itself is small enough."""
    if bounds.estimate is None or bounds.high is None:
        return ""
    room = criterion.margin - bounds.known
    if room <= 0:
        return _REMEDY
    texts = int(bounds.groups * ((bounds.high - bounds.known) / room) ** 2) + 1 - bounds.groups
    return (
        f"About {counted(max(1, texts), 'more text')} would decide it if the estimate held; "
        "a lower learning rate or fewer epochs may, too."
    )
