"""A verdict on two files of answers, without project and without model."""

import csv
import json
import random

import polars as pl
import pytest

import surpass
from surpass.cli.app import app
from surpass.core.account import Standing
from surpass.core.errors import BadInput
from surpass.core.records.verdict import Outcome
from surpass.core.settings import Ceiling, Criteria, Primary
from surpass.steps.compare import Asked, compare, compare_files

LABELS = ("refund", "delivery", "account")


def answers(right, *, rows=240, seed=0):
    """Expected labels, and answers of which this share is right."""
    draw = random.Random(seed)
    expected = [LABELS[i % 3] for i in range(rows)]
    flips = [draw.random() < right for _ in expected]
    wrong = {"refund": "delivery", "delivery": "account", "account": "refund"}
    return expected, [e if ok else wrong[e] for e, ok in zip(expected, flips, strict=True)]


def frame(base=0.6, tuned=0.85, **columns):
    expected, of_base = answers(base)
    _, of_tuned = answers(tuned, seed=1)
    return pl.DataFrame({"expected": expected, "base": of_base, "tuned": of_tuned} | columns)


def write(path, expected, answered):
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = enumerate(zip(expected, answered, strict=True))
        csv.writer(stream).writerows(
            [("id", "label", "prediction"), *((i, e, a) for i, (e, a) in rows)]
        )


def test_two_files_get_a_verdict_in_one_command(tmp_path, capsys):
    write(tmp_path / "base.csv", *answers(0.6))
    write(tmp_path / "tuned.csv", *answers(0.85, seed=1))
    status = app(
        ["compare", str(tmp_path / "base.csv"), str(tmp_path / "tuned.csv"), "--margin", "0.05"],
        result_action="return_value",
    )
    said = capsys.readouterr().out
    assert status == 0
    assert "PASS" in said
    assert "surpasses the base model" in said
    assert "Nothing was sealed" in said


def test_the_wrong_order_fails(tmp_path):
    write(tmp_path / "base.csv", *answers(0.85))
    write(tmp_path / "tuned.csv", *answers(0.6, seed=1))
    account = compare_files(tmp_path / "base.csv", tmp_path / "tuned.csv", Asked())
    assert account.standing is Standing.DOES_NOT_HOLD


def test_equal_answers_prove_nothing():
    compared = compare(frame(0.7, 0.7), None, group=None)
    assert compared.verdict.outcome is not Outcome.PASS


def test_whole_customers_are_counted_not_their_rows():
    customers = [f"c{i // 12}" for i in range(240)]
    alone = compare(frame(), None, group=None)
    grouped = compare(frame(customer=customers), None, group="customer")
    assert grouped.verdict.gates[0].bounds.groups == 20
    assert grouped.verdict.gates[0].bounds.low < alone.verdict.gates[0].bounds.low


def test_criteria_come_from_a_file(tmp_path):
    write(tmp_path / "base.csv", *answers(0.6))
    write(tmp_path / "tuned.csv", *answers(0.85, seed=1))
    file = tmp_path / "criteria.toml"
    file.write_text(
        '[[criteria.primary]]\nmetric = "accuracy"\nmargin = 0.4\nexpect = 0.5\n', encoding="utf-8"
    )
    account = compare_files(tmp_path / "base.csv", tmp_path / "tuned.csv", Asked(criteria=file))
    assert account.standing is Standing.DOES_NOT_HOLD
    with pytest.raises(BadInput, match="twice"):
        compare_files(
            tmp_path / "base.csv", tmp_path / "tuned.csv", Asked(criteria=file, margin=0.1)
        )


def test_records_that_cannot_be_read_count_as_wrong():
    expected = [json.dumps({"amount": i, "product": "tv"}) for i in range(60)]
    rows = pl.DataFrame({"expected": expected, "base": ["no json"] * 60, "tuned": expected})
    compared = compare(rows, None, group=None)
    assert compared.kind == "extract"
    assert compared.verdict.outcome is Outcome.PASS


def test_a_notebook_compares_frames_of_polars_of_pandas_and_plain_columns():
    columns = {name: frame()[name].to_list() for name in ("expected", "base", "tuned")}

    class Pandas:
        def to_dict(self, orient):
            assert orient == "list"
            return columns

    wanted = {"primary": [{"metric": "accuracy", "margin": 0.05}]}
    found = [surpass.compare(given, wanted) for given in (frame(), columns, Pandas())]
    assert len({str(said) for said in found}) == 1
    assert "<" in found[0]._repr_html_()


def test_a_ceiling_and_a_floor_stand_beside_the_gain():
    asked = Criteria(
        primary=(Primary(metric="accuracy"),), ceiling=(Ceiling(metric="accuracy", at_most=0.95),)
    )
    compared = compare(frame(), asked, group=None)
    assert [gate.role for gate in compared.verdict.gates] == ["primary", "ceiling"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rename": {"tuned": "other"}}, "no column `tuned`"),
        ({"metric": "chrf"}, "does not fit these answers"),
        ({"rows": 0}, "no rows"),
        ({"group": "customer"}, "no column `customer`"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, said):
    rows = frame().rename(change.get("rename", {})).head(change.get("rows", 240))
    asked = None
    if "metric" in change:
        asked = Criteria(primary=(Primary(metric=change["metric"]),))
    with pytest.raises(BadInput, match=said):
        compare(rows, asked, group=change.get("group"))


def test_a_frame_must_be_a_frame():
    with pytest.raises(BadInput, match="not a list"):
        surpass.compare([1, 2])
