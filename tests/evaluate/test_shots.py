import polars as pl

from surpass.evaluate.shots import pick_shots

TRAIN = pl.DataFrame(
    {
        "row": [f"r{i}" for i in range(40)],
        "input": [f"text number {i} " + "word " * (i % 7) for i in range(40)],
        "target": [f"label{i % 4}" for i in range(40)],
    }
)


def test_every_label_is_shown_once():
    shots = pick_shots(TRAIN, 3, ("label0", "label1", "label2", "label3"), seed=0)
    assert sorted(answer for _, answer in shots) == ["label0", "label1", "label2", "label3"]


def test_the_same_seed_picks_the_same_and_row_order_does_not_matter():
    assert pick_shots(TRAIN, 5, (), seed=1) == pick_shots(TRAIN.reverse(), 5, (), seed=1)
    assert pick_shots(TRAIN, 5, (), seed=1) != pick_shots(TRAIN, 5, (), seed=2)


def test_the_longest_inputs_are_left_alone():
    longest = TRAIN["input"].str.len_chars().max()
    assert all(len(text) < longest for text, _ in pick_shots(TRAIN, 20, (), seed=0))


def test_fewer_rows_than_asked_for_are_all_shown():
    assert len(pick_shots(TRAIN.head(2), 5, (), seed=0)) == 2
