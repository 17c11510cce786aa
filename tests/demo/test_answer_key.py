"""The answer key is exact, and nothing but what it names is planted."""

import json
import re
from collections import Counter, defaultdict
from importlib.resources import files

import polars as pl
import pytest

from surpass.text.canonical import canonical_text as canonical
from surpass.text.near_duplicates import near_duplicates

DEMO = files("surpass.demo")
FIELDS = ("intent", "product", "since", "amount", "wants")


def lines(name):
    return [json.loads(line) for line in (DEMO / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def rows():
    return {row["id"]: row for row in lines("messages.jsonl")}


@pytest.fixture(scope="module")
def key():
    found = defaultdict(list)
    for entry in lines("answer_key.jsonl"):
        found[entry["kind"]].append(entry)
    return found


def test_pairs_of_the_key_are_what_it_calls_them(rows, key):
    for entry in key["exact_duplicate"]:
        row, partner = rows[entry["row"]], rows[entry["partner"]]
        assert (row["text"], row["record"]) == (partner["text"], partner["record"])
    for entry in key["near_duplicate"]:
        row, partner = rows[entry["row"]], rows[entry["partner"]]
        assert canonical(row["text"]) != canonical(partner["text"])
    for entry in key["contradiction"]:
        row, partner = rows[entry["row"]], rows[entry["partner"]]
        assert row["text"] == partner["text"]
        assert row["record"]["intent"] != partner["record"]["intent"]


def test_every_close_pair_of_texts_is_in_the_key(rows, key):
    ids = sorted(rows)
    planted = {
        frozenset((entry["row"], entry["partner"]))
        for kind in ("exact_duplicate", "near_duplicate", "contradiction")
        for entry in key[kind]
    }
    found = near_duplicates(pl.Series([rows[row]["text"] for row in ids]), threshold=0.8)
    pairs = {frozenset((ids[a], ids[b])) for a, b in found.select("left", "right").rows()}
    assert pairs == planted


def test_wrong_labels_are_four_percent_and_differ_from_the_right_ones(rows, key):
    assert len(key["wrong_label"]) == 33
    for entry in key["wrong_label"]:
        assert rows[entry["row"]]["record"]["intent"] != entry["right"]["intent"]


def test_empty_and_truncated_rows_are_exactly_those_of_the_key(rows, key):
    empty = {row["id"] for row in rows.values() if not row["text"].strip()}
    assert empty == {entry["row"] for entry in key["empty"]}
    for entry in key["truncated"]:
        assert rows[entry["row"]]["text"][-1].isalpha()


def test_groups_are_all_customers_with_several_rows(rows, key):
    count = Counter(row["customer"] for row in rows.values())
    several = {row["id"] for row in rows.values() if count[row["customer"]] > 1}
    assert several == {entry["row"] for entry in key["group"]}


def test_the_leaking_column_gives_the_right_intent_away(rows, key):
    right = {e["row"]: e["right"] for kind in ("wrong_label", "contradiction") for e in key[kind]}
    intents = defaultdict(set)
    for row in rows.values():
        intents[row["queue"]].add(right.get(row["id"], row["record"])["intent"])
    assert all(len(found) == 1 for found in intents.values())


def test_records_follow_the_guideline(rows, key):
    cut = {entry["row"] for kind in ("empty", "truncated") for entry in key[kind]}
    for row in rows.values():
        record = row["record"]
        assert [field for field in FIELDS if field in record] == list(record)
        assert record["intent"] == row["intent"]
        if row["id"] not in cut and "since" in record:
            assert record["since"] in row["text"].lower()


def test_messages_are_as_long_as_people_write(rows):
    words = [len(row["text"].split()) for row in rows.values() if row["text"].strip()]
    assert min(words) >= 8
    assert max(words) <= 90
    assert 28 <= sum(words) / len(words) <= 36


def test_no_opening_recurs_more_than_a_handful_of_times(rows, key):
    kinds = ("exact_duplicate", "near_duplicate", "contradiction")
    copies = {entry["row"] for kind in kinds for entry in key[kind]}
    texts = [row["text"].lower() for row in rows.values() if row["id"] not in copies]
    openings = Counter(" ".join(re.findall(r"\w+", text)[:4]) for text in texts if text.strip())
    assert max(openings.values()) <= 5
