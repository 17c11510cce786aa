"""What `coverage` finds of slices that were taken out, and `bias` of groups that were swapped."""

from collections import Counter

import polars as pl

import planted_defects as defects
from planted_defects import Row, frame_of, rng
from surpass.core.columns import PARTNER, REASON, ROW, attribute
from surpass.data.checks import bias, coverage
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import shortened

CHANNELS = ("chat", "letter", "phone", "shop")
SWAP = ("husband", "wife")
_TRAFFIC = 1 / 3  # of the rows


def topics(rows, seed, count):
    """Two labels that traffic has and the rows lack: planted are the labels, shown is traffic."""
    draw = rng(seed, "topics")
    drawn = [Row(*row) for row in draw.sample(rows, min(count, len(rows))) if row[0]]
    cut = round(_TRAFFIC * len(drawn))
    asked, rest = drawn[:cut], drawn[cut:]
    gone = set(draw.sample([label for label, _ in _counts(asked)[:7]], 2))
    kept = frame_of([row for row in rest if row.label not in gone])
    beside = Beside(traffic=frame_of(asked, "asked "))
    shown = coverage.find(kept, coverage.Options(), "classify", beside).evidence[ROW]
    labels = [asked[int(row.removeprefix("asked "))].label for row in shown]
    right = sum(label in gone for label in labels)
    return (len(gone), len(gone & set(labels)), len(labels), right)


def cell(rows, seed, count):
    """A common label that one channel of four lacks; what is shown is right if counting says so."""
    draw = rng(seed, "cells")
    drawn = [Row(*row) for row in draw.sample(rows, min(count, len(rows))) if row[0]]
    gone = draw.choice(CHANNELS), draw.choice(_counts(drawn)[:3])[0]
    placed = [(draw.choice(CHANNELS), row) for row in drawn]
    kept = [(channel, row) for channel, row in placed if (channel, row.label) != gone]
    channels = pl.Series(attribute("channel"), [channel for channel, _ in kept])
    frame = frame_of([row for _, row in kept]).with_columns(channels)
    result = coverage.find(frame, coverage.Options(), "classify", Beside(slices=("channel",)))
    shown = result.evidence[REASON].unique()
    few = list(_thin([(channel, row.label) for channel, row in kept]))
    right = sum(any(_names(reason, pair) for pair in few) for reason in shown)
    found = any(_names(reason, gone) for reason in shown)
    return (int(gone in few), int(found), shown.len(), right)


def _names(reason, pair):
    return all(shortened(one) in reason for one in pair)


def _thin(cells):
    """Channels and labels that meet less than 5 times, where 5 times would be expected."""
    both = Counter(cells)
    of_channel, of_label = (Counter(one) for one in zip(*cells, strict=True))
    for channel, there in of_channel.items():
        for label, times in of_label.items():
            if both[channel, label] < 5 <= there * times / len(cells):
                yield channel, label


def swapped(sound, seed):
    """Twins that differ in one term: half with another answer (planted), half with the same."""
    draw = rng(seed, "swaps")
    labels = sorted({row.label for row in sound})
    made = []
    for number, row in enumerate(draw.sample(sound, len(sound) // 10)):
        differs = number % 2 == 0
        one, other = (row._replace(text=f"{row.text} for my {term}") for term in SWAP)
        other = defects.other_label(other, labels, draw) if differs else other
        planted = number if differs else None
        made += [one._replace(planted=planted), other._replace(planted=planted)]
    rows = draw.sample([*sound, *made], len(sound) + len(made))
    options = bias.Options(swaps=("=".join(SWAP),))
    evidence = bias.find(frame_of(rows), options, "classify", Beside()).evidence
    pairs = [
        (rows[int(row[1:])].planted, rows[int(partner[1:])].planted)
        for row, partner in evidence.select(ROW, PARTNER).iter_rows()
    ]
    right = [one for one, other in pairs if one is not None and one == other]
    return (len({row.planted for row in made} - {None}), len(set(right)), len(pairs), len(right))


def _counts(rows):
    """Labels with their rows, the commonest first."""
    counts = pl.Series("label", [row.label for row in rows]).value_counts()
    return counts.sort("count", "label", descending=[True, False]).rows()
