"""Known defects put into public rows, so that it is known what checks of the data should find.

The rows they are put into are sound: none is near another (Jaccard 0.5), as told by comparing all
with all. Rows lie in random order, so that which of two twins came first tells nothing.
"""

import csv
import gzip
import json
import random
import re
import unicodedata
from typing import NamedTuple

import polars as pl

from all_pairs import all_pairs, plain_jaccard
from surpass.core import columns
from surpass.text.canonical import canonical_text

APART = 0.5  # Jaccard that no two sound rows reach
STRENGTHS = {"J .9 to 1": (0.9, 1.01), "J .8 to .9": (0.8, 0.9), "J .6 to .8": (0.6, 0.8)}
_ENDS = ["please", "thanks", "now", "today", "again", "indeed", "though", "then", "too", "actually"]
_TRIES = 60


class Row(NamedTuple):
    """What a check sees of a row, and which planted thing it is part of; none: it is sound."""

    text: str
    label: str
    planted: int | None = None
    group: str | None = None


def snips(shared):
    with gzip.open(shared / "snips" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [(row["text"].strip(), row["intent"]) for row in map(json.loads, stream)]


def banking77(shared):
    with (shared / "banking77" / "train.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["text"].strip(), row["category"]) for row in csv.DictReader(stream)]


def commits(shared):
    path = shared / "commits_vue" / "commits.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [(row["text"].strip(), row["type"]) for row in map(json.loads, stream)]


SETS = {"SNIPS": snips, "Banking77": banking77, "commit subjects": commits}


def sound_rows(rows, count, draw):
    """Up to `count` of the rows, none near another."""
    drawn = [Row(*row) for row in draw.sample(rows, min(count, len(rows))) if row[0]]
    near = {right for _, right in all_pairs([row.text for row in drawn], APART)}
    return [row for place, row in enumerate(drawn) if place not in near]


def frame_of(rows, name="r"):
    """Examples as the reader makes them; the row at place 3 is called r3."""
    names = [f"{name}{place}" for place in range(len(rows))]
    made = {
        columns.ROW: names,
        columns.INPUT: [row.text for row in rows],
        columns.TARGET: [row.label for row in rows],
        columns.GROUP: [row.group or name for row, name in zip(rows, names, strict=True)],
        columns.TIME: [None] * len(rows),
        columns.SOURCE: [f"planted.csv:{place + 2}" for place in range(len(rows))],
    }
    return pl.DataFrame(made, schema=dict.fromkeys(made, pl.String))


def planted_twins(rows, twin, share, draw):
    """The rows with a twin of some of them: `twin(row)` makes one, or none where it cannot."""
    originals = draw.sample(range(len(rows)), len(rows))
    made, number = list(rows), 0
    for place in originals:
        other = twin(rows[place]) if number < share * len(rows) else None
        if other is not None:
            made[place] = rows[place]._replace(planted=number)
            made.append(other._replace(planted=number))
            number += 1
    draw.shuffle(made)
    return made


def changed(rows, change, share, draw):
    """The rows with some of them changed; `change(row)` may give none where it cannot."""
    made, number = list(rows), 0
    for place in draw.sample(range(len(rows)), len(rows)):
        other = change(rows[place]) if number < share * len(rows) else None
        if other is not None:
            made[place] = other._replace(planted=number)
            number += 1
    return made


def exact_twin(row, draw):
    """The same text as people copy it: other case, blanks, or width of a letter."""
    ways = (
        str.upper,
        str.title,
        lambda text: f"  {text} ",
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" ", "\u00a0", 1),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
        str,
    )
    text = draw.choice(ways)(row.text)
    return row._replace(text=text) if canonical_text(text) == canonical_text(row.text) else row


def near_twin(row, strength, draw):
    """The text with a few edits that leave a Jaccard of that strength, if some of 60 tries do."""
    low, high = STRENGTHS[strength]
    for _ in range(_TRIES):
        text = row.text
        for _ in range(draw.randint(1, 3)):
            text = _edited(text, draw)
        different = canonical_text(text) != canonical_text(row.text)
        if different and low <= plain_jaccard(text, row.text) < high:
            return row._replace(text=text)
    return None


def _edited(text, draw):
    """One word added, left out, replaced or misspelt, or other punctuation."""
    words = text.split()
    place = draw.randrange(len(words))
    kind = draw.randrange(5)
    if kind == 0:
        words.insert(draw.choice((0, len(words))), draw.choice(_ENDS))
    elif kind == 1 and len(words) > 2:
        del words[place]
    elif kind == 2:
        words[place] = draw.choice(_ENDS)
    elif kind == 3 and len(words[place]) > 3:
        word, at = words[place], draw.randrange(len(words[place]) - 1)
        words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    else:
        words[-1] = words[-1].rstrip(".?!") if words[-1][-1] in ".?!" else f"{words[-1]}!"
    return " ".join(words)


def other_label(row, labels, draw):
    """The row with a label that it should not have."""
    return row._replace(label=draw.choice([one for one in labels if one != row.label]))


def quoting(row, draw):
    """A longer text that contains the row's, if that has 10 words or more."""
    if len(re.findall(r"\w+", row.text)) < 10:
        return None
    before, after = (" ".join(draw.choices(_ENDS, k=draw.randint(4, 9))) for _ in range(2))
    return row._replace(text=f"{before}. {row.text} {after}.")


def damaged(row, draw):
    """The row with a flaw of structure, and the column that has it."""
    text, label, word = row.text, row.label, "café"
    flaws = (
        ("  ", label),
        (text, ""),
        (text, f" {label} "),
        (text, label.swapcase()),
        (text, f"{label}_x"),
        (f"{text} {word}".encode().decode("latin-1"), label),
        (f"{text} {unicodedata.normalize('NFD', word)}", label),
        (f"\ufeff{text}", label),
        (f"{text[:3]}\0{text[3:]}", label),
        (f"{text} caf\ufffd", label),
        ("N/A", label),
        ("TODO", label),
        (f"{text} {{{{name}}}}", label),
        (f"{text} [INSERT CITY]", label),
        (text * (100_001 // len(text) + 1), label),
    )
    text, label = draw.choice(flaws)
    return row._replace(text=text, label=label)


def rng(seed, *names):
    """A generator of its own for every place that draws."""
    return random.Random(f"{seed} {' '.join(names)}")
