"""The training rows most like a row that went wrong, and those that contradict it."""

import polars as pl

from surpass.evaluate.blame import DIFFERS, NEAR, blame

TEXT = "the router in the kitchen has been dead since monday please send somebody to repair it"


def train(texts, targets):
    return pl.DataFrame(
        {"row": [f"t{i}" for i in range(len(texts))], "input": texts, "target": targets}
    )


def test_a_twin_with_another_label_comes_first_and_is_named_as_a_contradiction():
    rows = train(["my invoice is wrong", TEXT + " now", "hello"], ["bill", "bill", "other"])
    found = blame({"input": TEXT, "target": "outage"}, rows, "classify")
    assert found["row"][0] == "t1"
    assert found[NEAR].to_list() == [True, False, False]
    assert found[DIFFERS].to_list() == ["the label", None, None]


def test_a_twin_that_agrees_contradicts_nothing():
    found = blame({"input": TEXT, "target": "outage"}, train([TEXT], ["outage"]), "classify")
    assert found[NEAR].to_list() == [True]
    assert found[DIFFERS].to_list() == [None]


def test_a_value_taken_from_the_text_contradicts_nothing_but_another_decision_does():
    rows = train([TEXT + " before sunday"], ['{"since": "sunday", "wants": "callback"}'])
    row = {"input": TEXT, "target": '{"since": "monday", "wants": "visit"}'}
    assert blame(row, rows, "extract")[DIFFERS].to_list() == ["wants"]


def test_texts_contradict_only_where_the_inputs_are_the_same():
    rows = train([TEXT, TEXT + " now"], ["We come today.", "We come tomorrow."])
    found = blame({"input": TEXT, "target": "We come at noon."}, rows, "generate")
    assert found[DIFFERS].to_list() == ["the answer", None]
