"""Rows whose labels are told by one word out of many, so that more rows keep on helping."""

import random

from small_projects import SETTINGS, write_rows
from surpass.steps.project import open_project

LABELS = ("outage", "bill", "move")
_WORDS = 300  # of each label
_FILLER = (
    "the", "a", "my", "our", "this", "that", "since", "again", "monday", "sunday", "please", "why",
)  # fmt: skip
_SPLIT = "\n[split]\nvalid_share = 0.3\ntest_share = 0.1\n"


def long_tail_rows(count, seed=0):
    """The word number k of a label comes up about as 1 / k, as words do."""
    draw = random.Random(seed)
    words = [_word(draw) for _ in range(_WORDS * len(LABELS))]
    chances = [1 / (place + 3) for place in range(_WORDS)]
    found = []
    for number in range(count):
        label = draw.randrange(len(LABELS))
        word = draw.choices(words[label :: len(LABELS)], chances)[0]
        text = [word, *draw.sample(_FILLER, 7)]
        draw.shuffle(text)
        found.append(
            {
                "text": f"{' '.join(text)} {number}",
                "label": LABELS[label],
                "customer": f"c{draw.randrange(count)}",
                "channel": "chat",
            }
        )
    return found


def long_tail_project(folder, base, *, count=500, more=""):
    """A project on these rows, not split yet."""
    folder.mkdir(parents=True, exist_ok=True)
    write_rows(folder / "rows.csv", long_tail_rows(count))
    text = SETTINGS.format(kind="classify", output="label", base=base, epochs=1) + _SPLIT + more
    (folder / "surpass.toml").write_text(text, encoding="utf-8")
    return open_project(folder)


def _word(draw):
    return "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(4))
