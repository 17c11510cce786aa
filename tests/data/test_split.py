import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.core.settings import Split
from surpass.data.atoms import find_atoms
from surpass.data.leaks import fingerprints, leaks, leaks_against
from surpass.data.split import split

WORDS = [
    "parcel",
    "late",
    "card",
    "money",
    "login",
    "refund",
    "broken",
    "colour",
    "invoice",
    "shop",
]
inputs = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
    min_size=12,
    max_size=60,
)


@st.composite
def frames(draw):
    texts = draw(inputs)
    numbers = st.lists(st.integers(0, 15), min_size=len(texts), max_size=len(texts))
    labels = st.lists(st.sampled_from("ab"), min_size=len(texts), max_size=len(texts))
    return texts, draw(labels), [f"g{number}" for number in draw(numbers)]


def sides_of(parts):
    return {
        row: name
        for name, frame in (("train", parts.train), ("valid", parts.valid), ("test", parts.test))
        for row in frame["row"]
    }


@settings(max_examples=15, deadline=None)
@given(frames(), st.integers(0, 3), st.booleans())
def test_every_row_lands_once_and_nothing_straddles(examples, made, seed, stratify):
    frame = examples(*made[:2], groups=made[2])
    try:
        parts = split(frame, Split(seed=seed), stratify=stratify)
    except BadInput:
        return
    side = sides_of(parts)
    assert parts.train.height + parts.valid.height + parts.test.height == frame.height
    assert sorted(side) == sorted(frame["row"])
    atoms = find_atoms(frame).atom
    together = pl.DataFrame({"atom": atoms, "side": [side[row] for row in frame["row"]]})
    assert together.group_by("atom").agg(pl.col("side").n_unique())["side"].max() == 1
    assert leaks(parts.train, parts.test).is_empty()
    assert leaks(parts.train, parts.valid).is_empty()
    assert leaks(parts.valid, parts.test).is_empty()
    assert parts.removed.is_empty()


@settings(max_examples=8, deadline=None)
@given(frames(), st.randoms(use_true_random=False))
def test_the_same_seed_deals_the_same_rows_alike_in_any_order(examples, made, rng):
    frame = examples(*made[:2], groups=made[2])
    order = list(range(frame.height))
    rng.shuffle(order)
    try:
        before = sides_of(split(frame, Split(seed=1), stratify=True))
    except BadInput:
        return
    assert sides_of(split(frame[order], Split(seed=1), stratify=True)) == before


def test_another_seed_deals_otherwise(examples, varied):
    one, other = (split(examples(varied), Split(seed=seed), stratify=False) for seed in (0, 1))
    assert sides_of(one) != sides_of(other)


def test_shares_hold_for_each_label(examples):
    texts = [f"{WORDS[i % 10]} {i} {WORDS[i * 7 % 9]} {i * i}" for i in range(1000)]
    labels = ["rare" if i % 10 == 0 else "usual" for i in range(1000)]
    parts = split(examples(texts, labels), Split(valid_share=0.15, test_share=0.25), stratify=True)
    for frame, share in ((parts.valid, 0.15), (parts.test, 0.25)):
        assert frame.height / 1000 == pytest.approx(share, abs=0.01)
        assert (frame["target"] == "rare").sum() / 100 == pytest.approx(share, abs=0.05)


def test_a_label_with_one_row_goes_to_train(examples, varied):
    labels = ["once", *["a", "b"] * 29, "a"]
    for seed in range(5):
        parts = split(examples(varied, labels), Split(seed=seed), stratify=True)
        assert "once" in parts.train["target"]


def test_a_giant_group_goes_to_train(examples, varied):
    groups = ["giant"] * 40 + [f"g{i}" for i in range(20)]
    parts = split(examples(varied, groups=groups), Split(), stratify=False)
    assert parts.train.filter(pl.col("group") == "giant").height == 40
    assert parts.test.height > 5


def test_the_users_test_is_kept_and_what_shows_it_leaves_train(examples, varied):
    test = examples(
        [varied[0].upper(), "Something that nobody else has ever asked us before today."],
        ["a", "b"],
        rows=["t1", "t2"],
        groups=["t1", "shared"],
    )
    train = examples(varied, ["a", "b"] * 30, groups=[*[f"g{i}" for i in range(59)], "shared"])
    parts = split(train, Split(), stratify=True, test=test)
    assert parts.test.equals(test)
    assert set(parts.removed["row"]) == {"r1", "r60"}
    assert parts.train.height + parts.valid.height == 58
    assert leaks(pl.concat([parts.train, parts.valid]), test).is_empty()


def test_the_users_valid_is_kept_unless_it_shows_the_test(examples, varied):
    valid = examples([varied[0], varied[1]], rows=["v1", "v2"])
    test = examples([varied[1]], rows=["t1"])
    parts = split(examples(varied[2:]), Split(), stratify=False, valid=valid, test=test)
    assert parts.valid["row"].to_list() == ["v1"]
    assert parts.train.height == 58
    assert parts.removed["row"].to_list() == ["v2"]


def test_a_test_that_is_all_of_train_leaves_nothing_to_train_on(examples, varied):
    with pytest.raises(BadInput, match="No row is left to train on"):
        split(
            examples(varied),
            Split(),
            stratify=False,
            test=examples(varied, rows=[f"t{i}" for i in range(60)]),
        )


def test_one_id_on_two_sides_is_refused(examples, varied):
    with pytest.raises(BadInput, match="same id 'r1'"):
        split(examples(varied), Split(), stratify=False, test=examples(["Quite another question."]))


@pytest.mark.parametrize(
    ("texts", "labels", "groups", "said"),
    [
        (
            ["one thing", "another"],
            ["a", "b"],
            None,
            "2 rows in 2 groups cannot be dealt out to 3 sides",
        ),
        (["one thing", "another", "third"], ["a", "a", "a"], None, "nothing to learn"),
        (["one thing", "another", "third"], ["a", "b", "c"], None, "no row is left for test"),
        (
            ["one thing", "another", "third"],
            ["a", "b", "a"],
            ["g", "g", "g"],
            "3 rows in 1 group cannot",
        ),
        (["same text here"] * 9, ["a", "b", "a"] * 3, None, "1 group or cluster of"),
    ],
)
def test_too_little_to_split_is_said_with_numbers(examples, texts, labels, groups, said):
    with pytest.raises(BadInput) as error:
        split(examples(texts, labels, groups=groups), Split(), stratify=True)
    assert said in str(error.value)


def test_three_rows_are_enough_for_three_sides(examples, varied):
    parts = split(examples(varied[:3]), Split(), stratify=False)
    assert [parts.train.height, parts.valid.height, parts.test.height] == [1, 1, 1]


def test_empty_inputs_are_no_twins(examples, varied):
    parts = split(examples([*varied, "", "", ""]), Split(), stratify=False)
    assert parts.joined_clusters == 0


PLANTED = {
    "exact": "the PARCEL of my order number twelve never arrived at our house last week",
    "near": "The parcel of my order number twelve never arrived at our house last week, thanks",
    "quoted": "Dear team, as I wrote before: the parcel of my order number twelve never arrived at "
    "our house last week. Since then nobody has answered me and I would like to know the reason.",
}
TEST = "The parcel of my order number twelve never arrived at our house last week."


@pytest.mark.parametrize("kind", PLANTED)
def test_each_kind_of_leak_is_found(examples, varied, kind):
    train = examples([*varied, PLANTED[kind]])
    found = leaks(train, examples([TEST, varied[0][:30]], rows=["t1", "t2"]))
    assert found.select("row", "partner").rows() == [("t1", "r61")]


def test_a_shared_group_is_a_leak(examples, varied):
    train = examples(varied[:2], groups=["c1", "c2"])
    found = leaks(train, examples([varied[5]], rows=["t1"], groups=["c2"]))
    assert found.rows() == [("t1", "r2", "Another row of its group is in training.")]


def test_boilerplate_in_many_rows_is_no_leak(examples, varied):
    opening = "Hello, I am writing to you because I have a question about something I bought. "
    train = examples([opening + text for text in varied])
    assert leaks(
        train, examples([opening + "Which colours of lamps do you sell?"], rows=["t1"])
    ).is_empty()


def test_every_leaking_row_of_both_sides_is_listed(examples):
    train, test = examples([TEST] * 300), examples([TEST] * 300, rows=[f"t{i}" for i in range(300)])
    found = leaks(train, test)
    assert (found["row"].n_unique(), found["partner"].n_unique()) == (300, 300)
    assert found.height < 1000


def test_hashes_of_the_test_are_enough(examples, varied):
    train = examples([*varied, *PLANTED.values()])
    test = examples([TEST, varied[3]], rows=["t1", "t2"], groups=["t1", "r9"])
    prints = fingerprints(test)
    assert prints.columns == ["row", "unit", "hash"]
    assert leaks_against(train, prints).equals(leaks(train, test))
    assert set(leaks_against(train, prints)["partner"]) == {"r4", "r9", "r61", "r62", "r63"}


def test_a_test_row_is_not_quoted_on_an_earlier_side(examples, varied):
    order = {"train": 0, "valid": 1, "test": 2}
    for seed in range(6):
        frame = examples([*varied, TEST, PLANTED["quoted"]])
        parts = split(frame, Split(seed=seed), stratify=False)
        side = sides_of(parts)
        assert order[side["r62"]] >= order[side["r61"]]
        assert parts.removed.is_empty()


def sheets(count, seed):
    """Inputs of one form that differ in a few values, as data sheets do."""
    draw = random.Random(seed)
    values = {
        "name": ["Fitzbillies", "The Eagle", "Green Man", "The Mill", "Aromi", "Zizzi"],
        "kind": ["coffee shop", "pub", "restaurant"],
        "food": ["English", "French", "Italian", "Chinese"],
        "price": ["cheap", "moderate", "high", "less than 20", "20 to 25"],
        "rating": ["low", "average", "high", "3 out of 5", "5 out of 5"],
        "area": ["riverside", "city centre"],
        "near": ["Burger King", "The Rice Boat", "Crowne Plaza"],
    }
    made = {}
    while len(made) < count:
        row = {name: draw.choice(known) for name, known in values.items() if draw.random() < 0.85}
        made[", ".join(f"{name}[{value}]" for name, value in row.items())] = None
    return list(made)


@pytest.mark.parametrize("seed", range(6))
def test_sheets_of_one_form_leave_no_leak_on_any_side(examples, seed):
    """Removing a row can make a passage telling that was boilerplate before."""
    parts = split(examples(sheets(400, seed)), Split(seed=seed), stratify=False)
    pairs = ((parts.train, parts.test), (parts.valid, parts.test), (parts.train, parts.valid))
    assert [leaks(earlier, later).height for earlier, later in pairs] == [0, 0, 0]
