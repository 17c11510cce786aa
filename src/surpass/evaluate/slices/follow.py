"""What became of a known gap under a new model: closed, narrowed, open, or nobody can tell."""

from typing import NamedTuple

from surpass.core.records.explanation import Against, Explanation, Followed, Predicate, Standing
from surpass.evaluate.slices.candidates import enough
from surpass.evaluate.slices.evidence import Difference, difference
from surpass.evaluate.slices.samples import Pair, sample

_LEVEL = 0.1  # two-sided: each of "smaller than before" and "still there" is said at 5 %


class Known(NamedTuple):
    """A gap of an earlier model."""

    predicate: Predicate
    against: Against
    difference: float


def known_gaps(before: Explanation) -> tuple[Known, ...]:
    """Gaps of an earlier explanation, and those that it had itself inherited and did not close."""
    own = [Known(gap.predicate, gap.against, gap.difference) for gap in before.gaps]
    told = {(gap.predicate, gap.against) for gap in own}
    inherited = [
        Known(old.predicate, old.against, old.before)
        for old in before.followed
        if old.standing != "closed" and (old.predicate, old.against) not in told
    ]
    return (*own, *inherited)


def follow(known: Known, pair: Pair) -> Followed:
    """Ask the same slice the same question again; it was not chosen on these answers."""
    found = sample(known.predicate, pair)
    if found is None or not enough(found):
        rows = 0 if found is None else int(found.inside.sum())
        return _followed(known, None, rows, "cannot tell")
    now = difference(found, known.against, _LEVEL)
    return _followed(known, now, int(found.inside.sum()), standing(known.difference, now))


def standing(before: float, now: Difference) -> Standing:
    """What the interval of the gap now says, given how large the gap was.

    Closed: surely smaller, and no gap can be shown any more. Narrowed: surely smaller, and still
    there. Open: surely there, and not surely smaller. Else the rows are too few to tell.
    """
    smaller, there = now.high < before, now.low > 0
    if smaller:
        return "narrowed" if there else "closed"
    return "open" if there else "cannot tell"


def _followed(known: Known, now: Difference | None, rows: int, said: Standing) -> Followed:
    return Followed(
        predicate=known.predicate,
        against=known.against,
        before=known.difference,
        now=None if now is None else now.value,
        low=None if now is None else now.low,
        high=None if now is None else now.high,
        rows=rows,
        standing=said,
    )
