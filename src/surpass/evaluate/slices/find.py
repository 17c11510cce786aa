"""From two models' answers to at most five statements about where the tuned one fails."""

from typing import NamedTuple, get_args

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from surpass.core.errors import CannotTell
from surpass.core.records.explanation import Against, Gap, Predicate, Rare, Ways
from surpass.evaluate.slices.candidates import SMALLEST_GROUPS, SMALLEST_ROWS, candidates
from surpass.evaluate.slices.evidence import Difference, difference, p_value
from surpass.evaluate.slices.examples import examples
from surpass.evaluate.slices.members import Looked
from surpass.evaluate.slices.request import request
from surpass.evaluate.slices.samples import Pair, Sample

DISCOVERED = 0.1  # one-sided p on the first half from which on a slice is asked about on the other
CONFIRMED = 0.1  # expected share of wrong statements among those confirmed
MOST_STATEMENTS = 5
_NEW = 0.5  # share of a slice's errors that no earlier statement named, for it to be named too


class Found(NamedTuple):
    """What was asked, and what was found."""

    candidates: int
    discovered: int
    confirmed: int
    gaps: tuple[Gap, ...]  # the one that costs most first, those of nearly all rows last


class Confirmed(NamedTuple):
    """A slice that is worse, with the evidence."""

    predicate: Predicate
    against: Against
    whole: Sample
    measured: Difference  # on the half that confirmed it
    base_wrong: float  # on that half, of the base on the slice's rows
    q: float

    @property
    def sure_mass(self) -> float:
        """Rows that would be right if the slice were as good as the rest, by the lower bound."""
        return float(self.whole.inside.sum()) * self.measured.low


def find_gaps(pair: Pair, train: pl.DataFrame, kind: str, seed: int) -> Found:
    """Discover on one half of the groups, confirm on the other, name what costs most.

    Under no effect at all, a statement is made with a chance of about CONFIRMED.

    Args:
        pair: Both models' answers to the validation rows.
        train: The examples that the model was trained on.
        kind: Of the task.
        seed: Of the halves and of the clusters.

    Raises:
        CannotTell: fewer rows or groups than two slices need.

    Source:
        Benjamini and Hochberg 1995 for the family of discovered slices; the split in halves keeps
        the search for slices out of the evidence for them.
    """
    _require_enough(pair)
    first = halves(pair.groups, seed)
    looked = Looked(train)
    asked = candidates(pair, kind, seed, looked)
    discovered = [
        (predicate, against, whole)
        for predicate, whole in asked
        for against in get_args(Against)
        if p_value(_part(whole, first), against) <= DISCOVERED
    ]
    confirmed = _confirm(discovered, first)
    named = cover(confirmed)
    gaps = sorted((_gap(one, pair, looked) for one in named), key=lambda gap: gap.general)
    return Found(len(asked), len(discovered), len(confirmed), tuple(gaps))


def halves(groups: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
    """True for the rows of a random half of the groups; rows of one group stay together."""
    count = int(groups.max()) + 1
    first = np.random.default_rng(seed).permutation(count) < (count + 1) // 2
    return first[groups]


def cover(confirmed: list[Confirmed]) -> list[Confirmed]:
    """At most five slices that explain most, each half new; the mass that is sure decides.

    Kinds of rows come first, for such rows can be collected; ways to go wrong (a confusion, a
    field, a flaw of the answer) follow. Both are ranked by the lower bound of size times
    difference: of two slices that hold the same errors, the one without rows that do not belong
    there comes first.
    """
    kinds = [item for item in confirmed if not isinstance(item.predicate, Ways)]
    ways = [item for item in confirmed if isinstance(item.predicate, Ways)]
    return [*_greedy(kinds), *_greedy(ways)][:MOST_STATEMENTS]


def _greedy(left: list[Confirmed]) -> list[Confirmed]:
    explained: set[int] = set()
    named: list[Confirmed] = []
    while left:
        left = [c for c in left if c.sure_mass > 0 and _new_share(c, explained) >= _NEW]
        if left:
            plain = [c for c in left if not isinstance(c.predicate, Rare)]  # they say more
            best = max(plain or left, key=lambda c: c.sure_mass * _new_share(c, explained))
            left = [c for c in left if c is not best]  # arrays have no equality to remove by
            named.append(best)
            explained |= _errors(best)
    return named


def _confirm(
    discovered: list[tuple[Predicate, Against, Sample]], first: NDArray[np.bool_]
) -> list[Confirmed]:
    """Those whose adjusted p on the second half is small enough."""
    if not discovered:
        return []
    parts = [_part(whole, ~first) for _, _, whole in discovered]
    p = [p_value(part, item[1]) for part, item in zip(parts, discovered, strict=True)]
    adjusted = stats.false_discovery_control(p, method="bh")
    return [
        Confirmed(
            predicate,
            against,
            whole,
            difference(part, against),
            float(part.base_wrong[part.inside].mean()),
            float(q),
        )
        for (predicate, against, whole), part, q in zip(discovered, parts, adjusted, strict=True)
        if q <= CONFIRMED
    ]


def _part(whole: Sample, rows: NDArray[np.bool_]) -> Sample:
    """The units of some rows."""
    keep = rows[whole.rows]
    return Sample(
        whole.rows[keep],
        whole.groups[keep],
        whole.inside[keep],
        whole.wrong[keep],
        whole.base_wrong[keep],
    )


def _errors(item: Confirmed) -> set[int]:
    """Rows of the slice that went wrong; of scored texts those worse than the usual row."""
    whole = item.whole
    wrong = whole.inside & (whole.wrong > min(float(whole.wrong.mean()), 0.5))
    return set(whole.rows[wrong].tolist())


def _new_share(item: Confirmed, explained: set[int]) -> float:
    errors = _errors(item)
    return len(errors - explained) / len(errors) if errors else 0.0


def _gap(item: Confirmed, pair: Pair, train: Looked) -> Gap:
    whole, measured = item.whole, item.measured
    rows = np.unique(whole.rows[whole.inside])
    errors = float(whole.wrong.sum())
    rest = float(whole.wrong[~whole.inside].mean())
    made = Gap(
        predicate=item.predicate,
        against=item.against,
        rows=rows.size,
        groups=np.unique(whole.groups[whole.inside]).size,
        all_rows=pair.groups.size,
        wrong=measured.inside,
        compared=measured.compared,
        base_wrong=item.base_wrong,
        difference=measured.value,
        low=measured.low,
        high=measured.high,
        q=item.q,
        recoverable=float(whole.inside.sum()) * measured.value,
        error_share=float(whole.wrong[whole.inside].sum()) / errors if errors else 0.0,
        examples=examples(whole, pair.tuned.frame),
        request=request(item.predicate, train, rows.size / pair.groups.size, measured.inside, rest),
    )
    return msgspec.structs.replace(made, request=None) if made.general else made


def _require_enough(pair: Pair) -> None:
    scored = ~np.isnan(pair.wrong)
    rows, groups = int(scored.sum()), int(np.unique(pair.groups[scored]).size)
    if rows < 2 * SMALLEST_ROWS or groups < 2 * SMALLEST_GROUPS:
        raise CannotTell(
            f"{rows} validation rows of {groups} groups can be scored; slices need "
            f"{2 * SMALLEST_ROWS} rows of {2 * SMALLEST_GROUPS} groups.",
            fix="Add rows, or raise [split] valid_share.",
        )
