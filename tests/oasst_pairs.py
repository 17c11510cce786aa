"""Ranked replies of OpenAssistant's conversation trees as pairs; read where they lie."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from surpass.core.transcript import Turn, write_transcript

FILE = "oasst_100_trees/en_100_tree.jsonl.gz"


def oasst_pairs(shared: Path, longest: int) -> pl.DataFrame:
    """The best and the worst of people's replies to each message, of at most so many characters.

    Replies that a model wrote are left out; rows of one tree have one `group`.
    """
    found = []
    with gzip.open(shared / FILE, "rt", encoding="utf-8") as stream:
        for line in stream:
            tree = json.loads(line)
            found += [
                {"group": tree["message_tree_id"], **pair}
                for pair in _pairs(tree["prompt"], [], longest)
            ]
    names = [f"r{number}" for number in range(len(found))]
    return pl.DataFrame(found).with_columns(pl.Series("row", names))


def _pairs(asked: dict, before: list[Turn], longest: int) -> Iterator[dict[str, str]]:
    turns = [*before, Turn("user", asked["text"])]
    ranked = sorted(
        (one for one in asked["replies"] if one.get("rank") is not None and not one["synthetic"]),
        key=lambda one: one["rank"],
    )
    told = write_transcript(turns)
    if len(ranked) > 1:
        best, worst = ranked[0]["text"], ranked[-1]["text"]
        if max(map(len, (told, best, worst))) <= longest and best != worst:
            yield {"input": told, "target": best, "@rejected": worst}
    for reply in asked["replies"]:
        for further in reply["replies"]:
            yield from _pairs(further, [*turns, Turn("assistant", reply["text"])], longest)
