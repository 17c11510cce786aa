"""What the checks of the data find of what was planted, and what else they show."""

from collections import Counter
from functools import partial
from typing import NamedTuple

import found_of_groups as groups
import found_of_written as written
import planted_defects as defects
import planted_people as people
from all_pairs import all_pairs
from planted_defects import frame_of, rng
from surpass.core.columns import PARTNER, ROW
from surpass.data.checks import (
    contradictions,
    exact_duplicates,
    imbalance,
    near_duplicates,
    personal_data,
    structure,
    wrong_labels,
)
from surpass.data.leaks import leaks
from surpass.measure.intervals import clopper_pearson_high, clopper_pearson_low

SHARE = 0.05  # of the rows that get a defect
FLIPS = (0.01, 0.05, 0.1)
SWAPS = (0.01, 0.05, 0.1)
DISPUTES = ("equal inputs", "J .9 to 1", "J .8 to .9")
LEAKS = ("same text", "near text", "quoted text", "group")
_DECOYS = 0.1
_TEST = 0.2
_LEVEL = 0.025  # of each end of an interval


class Found(NamedTuple):
    """Counts of one check on one planted set; they add up over seeds."""

    check: str
    strength: str
    planted: int
    found: int  # of what was planted
    shown: int
    right: int  # of what was shown
    silent: int = 0  # times that the check said it cannot tell


def added(one, other):
    """The counts of two seeds together."""
    sums = (mine + theirs for mine, theirs in zip(one[2:], other[2:], strict=True))
    return Found(*one[:2], *sums)


def with_interval(part, whole):
    """A share in percent with its Clopper-Pearson interval at 95 %."""
    if not whole:
        return "none"
    low = clopper_pearson_low(part, whole, _LEVEL)
    high = clopper_pearson_high(part, whole, _LEVEL)
    return f"{100 * part / whole:.1f} ({100 * low:.1f} to {100 * high:.1f})"


def all_found(rows, seed, count, check=""):
    """Every check, or the one asked for, on one set: of `count` rows those that are sound."""
    sound = defects.sound_rows(rows, count, rng(seed, "sound"))
    tries = {
        "exact_duplicates": [lambda: exact(sound, seed)],
        "near_duplicates": [partial(near, sound, seed, one) for one in defects.STRENGTHS],
        "contradictions": [partial(contradicting, sound, seed, one) for one in DISPUTES],
        "leaks": [partial(leaking, sound, seed, one) for one in LEAKS],
        "personal_data": [partial(personal, sound, seed, one) for one in people.KINDS],
        "structure": [lambda: damage(sound, seed)],
        "imbalance": [lambda: rare(sound, seed)],
        "coverage": [
            lambda: Found("coverage", "a topic taken out", *groups.topics(rows, seed, count)),
            lambda: Found("coverage", "a label of a slice", *groups.cell(rows, seed, count)),
        ],
        "leakage": [lambda: Found("leakage", "in the instruction", *written.quoted(sound, seed))],
        "languages": [lambda: _by_row("languages", "", *written.foreign(sound, seed))],
        "bias": [lambda: Found("bias", "swapped terms", *groups.swapped(sound, seed))],
        "wrong_labels": [partial(flips, rows, seed, one, count) for one in FLIPS],
    }
    for name, asked in tries.items():
        for one in asked if check in ("", name) else ():
            yield one()


def all_found_written(rows, seed, count, check=""):
    """What `wrong_outputs` finds of answers that were exchanged, and of numbers that were changed.

    Exchanged answers are counted twice: as found by the model of words alone, and by all ways.
    """
    if check not in ("", "wrong_outputs"):
        return
    for share in SWAPS:
        made, result = written.swapped(rows, seed, count, share)
        words = written.of_words(result)
        yield _by_row("wrong_outputs", f"{share:.0%} exchanged, by words", made, words)
        yield _by_row("wrong_outputs", f"{share:.0%} exchanged, all ways", made, result)
    made, result = written.numbers(rows, seed, count)
    yield _by_row("wrong_outputs", "a number changed", made, result)


def exact(sound, seed):
    draw = rng(seed, "exact")
    made = defects.planted_twins(sound, lambda row: defects.exact_twin(row, draw), SHARE, draw)
    result = exact_duplicates.find(frame_of(made), exact_duplicates.Options(), "classify")
    pairs = _pairs(result)
    right = [made[one].planted for one, other in pairs if _twins(made, one, other)]
    return Found("exact_duplicates", "", _planted(made), len(set(right)), len(pairs), len(right))


def near(sound, seed, strength):
    """With the threshold at .6 where J is under .8; what all-with-all finds is right to show."""
    draw = rng(seed, "near", strength)
    twin = lambda row: defects.near_twin(row, strength, draw)  # noqa: E731
    made = defects.planted_twins(sound, twin, SHARE, draw)
    threshold = min(0.8, defects.STRENGTHS[strength][0])
    options = near_duplicates.Options(threshold=threshold)
    pairs = _pairs(near_duplicates.find(frame_of(made), options, "classify"))
    truth = all_pairs([row.text for row in made], threshold)
    found = {made[one].planted for one, other in pairs if _twins(made, one, other)}
    right = sum((min(pair), max(pair)) in truth for pair in pairs)
    return Found("near_duplicates", strength, _planted(made), len(found), len(pairs), right)


def contradicting(sound, seed, strength):
    """A planted pair is found if both its rows are shown: neither has a majority."""
    draw = rng(seed, "contradictions", strength)
    labels = sorted({row.label for row in sound})

    def twin(row):
        same = strength == "equal inputs"
        other = defects.exact_twin(row, draw) if same else defects.near_twin(row, strength, draw)
        return other and defects.other_label(other, labels, draw)

    made = defects.planted_twins(sound, twin, SHARE, draw)
    result = contradictions.find(frame_of(made), contradictions.Options(), "classify")
    shown = _rows(result)
    numbers = [made[place].planted for place in shown if made[place].planted is not None]
    both = [number for number, times in Counter(numbers).items() if times == 2]
    return Found("contradictions", strength, _planted(made), len(both), len(shown), len(numbers))


def leaking(sound, seed, kind):
    """A test side of which training shows some rows in one way."""
    draw = rng(seed, "leaks", kind)
    mixed = draw.sample(sound, len(sound))
    mixed.sort(key=lambda row: kind == "quoted text" and defects.quoting(row, draw) is None)
    cut = round(_TEST * len(mixed))
    train = mixed[cut:]

    def shown(row):
        own = row._replace(group=f"shared {len(train)}")
        other = _showing(row, kind, draw)
        if other is None:
            return None
        train.append(other._replace(group=own.group if kind == "group" else None))
        return own if kind == "group" else row

    test = defects.changed(mixed[:cut], shown, 0.25, draw)
    named = leaks(frame_of(train, "train "), frame_of(test, "test "))[ROW].unique()
    places = [int(name.removeprefix("test ")) for name in named]
    right = sum(test[place].planted is not None for place in places)
    return Found("leaks", kind, _planted(test), right, len(places), right)


def _showing(row, kind, draw):
    """A training row that gives the test row away."""
    if kind == "same text":
        return defects.exact_twin(row, draw)
    if kind == "near text":
        return defects.near_twin(row, draw.choice(["J .9 to 1", "J .8 to .9"]), draw)
    if kind == "quoted text":
        return defects.quoting(row, draw)
    return row._replace(text=" ".join(f"word{draw.randrange(10**6)}" for _ in range(12)))


def personal(sound, seed, kind):
    """One kind in some rows, and in others what only looks like personal data."""
    draw = rng(seed, "personal", kind)

    def told(value):
        return lambda row: row._replace(text=people.put_into(row.text, value(draw), draw))

    decoyed = defects.changed(sound, told(people.decoy), _DECOYS, draw)
    made = defects.changed(
        [row._replace(planted=None) for row in decoyed], told(people.KINDS[kind]), SHARE, draw
    )
    result = personal_data.find(frame_of(made), personal_data.Options(), "classify")
    return _by_row("personal_data", kind, made, result)


def damage(sound, seed):
    draw = rng(seed, "structure")
    labels = tuple(sorted({row.label for row in sound}))
    made = defects.changed(sound, lambda row: defects.damaged(row, draw), SHARE, draw)
    result = structure.find(frame_of(made), structure.Options(labels=labels), "classify")
    return _by_row("structure", "", made, result)


def rare(sound, seed):
    """Of one common label three rows are left; what is shown is right if counting says so."""
    draw = rng(seed, "imbalance")
    counts = Counter(row.label for row in sound)
    lost = draw.choice([label for label, _ in counts.most_common(5)])
    kept = set(draw.sample([place for place, row in enumerate(sound) if row.label == lost], 3))
    made = [
        row._replace(planted=0) if place in kept else row
        for place, row in enumerate(sound)
        if row.label != lost or place in kept
    ]
    result = imbalance.find(frame_of(made), imbalance.Options(), "classify")
    left = Counter(row.label for row in made)
    few = {label for label, rows in left.items() if rows < max(5, max(left.values()) / 20)}
    shown = _rows(result)
    found = sum(made[place].planted is not None for place in shown)
    right = sum(made[place].label in few for place in shown)
    return Found("imbalance", "", 3, found, len(shown), right)


def flips(rows, seed, share, count):
    """Labels turned at random; rows as they are, with the mistakes that they had before."""
    draw = rng(seed, "flips", str(share))
    drawn = [defects.Row(*row) for row in draw.sample(rows, min(count, len(rows)))]
    labels = sorted({row.label for row in drawn})
    made = defects.changed(drawn, lambda row: defects.other_label(row, labels, draw), share, draw)
    result = wrong_labels.find(frame_of(made), wrong_labels.Options(), "classify")
    if result.state == "cannot tell":
        return Found("wrong_labels", f"{share:.0%} flipped", 0, 0, 0, 0, silent=1)
    return _by_row("wrong_labels", f"{share:.0%} flipped", made, result)


def _by_row(check, strength, made, result):
    shown = _rows(result)
    right = sum(made[place].planted is not None for place in shown)
    planted = sum(row.planted is not None for row in made)
    return Found(check, strength, planted, right, len(shown), right)


def _planted(made):
    return len({row.planted for row in made} - {None})


def _rows(result):
    """Places of the rows that the check shows."""
    return [int(name[1:]) for name in result.evidence[ROW].unique(maintain_order=True)]


def _pairs(result):
    return [
        (int(row[1:]), int(partner[1:]))
        for row, partner in result.evidence.select(ROW, PARTNER).iter_rows()
    ]


def _twins(made, one, other):
    return made[one].planted is not None and made[one].planted == made[other].planted
