"""Ways to fool oneself, each of which must cost a look or be refused."""

import random
import shutil

import polars as pl
import pytest

from judged_files import bring, edited, judged, judged_project, rows_of, sealed_inputs
from small_projects import make_project, write_rows
from surpass.core.errors import BadInput, BadMachine, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Judgement
from surpass.steps.candidates import next_candidate_number
from surpass.steps.evaluate import evaluate
from surpass.steps.extend_test import extend_test
from surpass.steps.opponent import best_rung
from surpass.steps.project import open_project
from surpass.steps.report import report_account
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.verdict import verdict


@pytest.fixture
def project(tmp_path, tiny_base):
    return judged_project(tmp_path, tiny_base)


def test_each_candidate_and_each_seal_is_a_look(project):
    seal(project)
    for number, name in enumerate(("one", "two"), 1):
        bring(project, name, right_of=2 + number)
        assert judged(project, name).candidate_number == number
    assert judged(project, "one").candidate_number == 1
    again = edited(project, "margin = 0.1", "margin = 0.05")
    seal(again, amend="a smaller margin will do")
    assert judged(again, "one").candidate_number == 3


def test_a_look_without_a_verdict_is_a_look(project):
    seal(project)
    bring(project, "one", right_of=8)
    evaluate(project, "file:one", "test", Silent())
    again = edited(project, "margin = 0.1", "margin = 0.05")
    seal(again, amend="seen, then lowered")
    assert judged(again, "one").candidate_number == 2


def test_the_opponents_answers_are_sealed_with_their_content(project):
    bring(project, "one", right_of=3)
    seal(project)
    assert judged(project, "one").outcome != "PASS"
    bring(project, "base", right_of=1)
    with pytest.raises(Refused, match="baseline that was brought"):
        judged(project, "one")


def test_judged_models_do_not_leave_the_count_as_rungs(project):
    seal(project)
    for name in ("one", "two"):
        bring(project, name, right_of=3)
        judged(project, name)
    again = edited(project, '"file:base"]', '"file:base", "file:one", "file:two"]')
    bring(again, "three", right_of=8)
    seal(again, amend="more baselines")
    assert judged(again, "three").candidate_number == 3


def test_other_answers_of_the_same_model_are_another_look(project):
    seal(project)
    bring(project, "one", right_of=3)
    judged(project, "one")
    cache = project.folder / ".surpass" / "cache"
    for path in (cache / "evaluation").rglob("predictions.parquet"):
        frame = pl.read_parquet(path)
        frame.with_columns(pl.col("target").alias("answer")).write_parquet(path)
    shutil.rmtree(cache / "verdict")
    assert judged(project, "one").candidate_number == 2


def test_a_stored_verdict_that_was_edited_is_refused(project):
    seal(project)
    bring(project, "one", right_of=3)
    outcome = judged(project, "one").outcome
    (path,) = (project.folder / ".surpass" / "cache" / "verdict").rglob("verdict.json")
    text = path.read_text(encoding="utf-8")
    assert f'"{outcome}"' in text
    path.write_text(text.replace(f'"{outcome}"', '"PASS"'), encoding="utf-8")
    with pytest.raises(BadMachine, match="ledger"):
        judged(project, "one")
    assert [b.outcome for _, b in project.ledger.bodies(Judgement)] == [outcome.value]


def test_exposure_survives_an_edit_of_every_text(project):
    seal(project)
    bring(project, "one", right_of=3)
    judged(project, "one")
    report_account(project, Silent(), "file:one", on_test=True)
    old = current_split(project).sides.block
    cleaned = [{**row, "text": f"{row['text']} ."} for row in rows_of(project)]
    write_rows(project.folder / "rows.csv", cleaned)
    again = open_project(project.folder)
    block = current_split(again).sides.block
    assert block != old
    assert again.sealed.shown(block)
    assert next_candidate_number(again, block) == 2


@pytest.mark.parametrize("change", ["seed = 7", "test_share = 0.4"])
def test_sealed_rows_stay_out_of_train_and_valid_however_the_rest_is_dealt(project, change):
    seal(project)
    closed = sealed_inputs(project)
    again = open_project(project.folder)
    path = project.folder / "surpass.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[split]\n{change}\n", encoding="utf-8")
    again = open_project(project.folder)
    split = current_split(again)
    assert not closed & {*split.train["input"], *split.valid["input"]}
    assert sealed_inputs(again) == closed


def test_sides_that_are_swapped_after_the_seal_show_nothing(project):
    rows = rows_of(project)
    for place, name in enumerate(("valid", "test")):
        named = [{**r, "text": f"{r['text']} {name}", "customer": f"{name}{n}"}
                 for n, r in enumerate(rows[60 * place : 60 * place + 60])]  # fmt: skip
        write_rows(project.folder / f"{name}.csv", named)
    both = 'train = ["rows.csv"]\nvalid = ["valid.csv"]\ntest = ["test.csv"]'
    apart = edited(project, 'train = ["rows.csv"]', both)
    seal(apart)
    swapped = 'train = ["rows.csv"]\nvalid = ["test.csv"]\ntest = ["valid.csv"]'
    with pytest.raises(BadInput, match="sealed as a test"):
        current_split(edited(apart, both, swapped))


def test_new_rows_are_dealt_into_train_and_valid_and_the_sealed_test_stays(project):
    seal(project)
    block, closed = current_split(project).sides.block, sealed_inputs(project)
    rows = rows_of(project)
    fresh = [{**r, "text": f"quite another {r['text']} {n}", "customer": f"new{n}"}
             for n, r in enumerate(rows[:60])]  # fmt: skip
    write_rows(project.folder / "rows.csv", [*rows, *fresh])
    again = open_project(project.folder)
    split = current_split(again)
    assert split.sides.block == block
    assert not closed & {*split.train["input"], *split.valid["input"]}
    assert split.sides.train_rows + split.sides.valid_rows > 200
    seal(again, amend="sixty more rows to train on")
    assert current_split(open_project(project.folder)).digest == split.digest


def test_near_copies_of_any_earlier_test_are_not_new(project):
    seal(project)
    draw = random.Random(5)

    def batch(name):
        words = [f"{name}{n}" for n in range(400)]
        return [{**r, "text": " ".join(draw.sample(words, 12)), "customer": f"{name}{n}"}
                for n, r in enumerate(rows_of(project)[:60])]  # fmt: skip

    first = batch("first")
    for number, rows in enumerate((first, batch("second"))):
        write_rows(project.folder / f"e{number}.csv", rows)
        extend_test(project, project.folder / f"e{number}.csv")
        seal(project, amend=f"test {number}")
    near = [{**row, "text": f"{row['text']} again", "customer": f"z{n}"}
            for n, row in enumerate(first)]  # fmt: skip
    write_rows(project.folder / "e3.csv", near)
    with pytest.raises(Refused, match="is new"):
        extend_test(project, project.folder / "e3.csv")


def test_where_lower_is_better_the_best_rung_is_the_lowest(tmp_path, tiny_base):
    more = """
[ladder]
rungs = ["zero-shot", "linear"]
[[criteria.primary]]
metric = "brier"
margin = 0.01
"""
    made = make_project(tmp_path, tiny_base, count=120, more=more)
    scores = {
        name: evaluate(made, name, "valid", Silent()).record.scores["brier"]
        for name in ("zero-shot", "linear")
    }
    assert best_rung(made, Silent()) == min(scores, key=scores.__getitem__)


def test_a_ladder_without_rungs_or_without_the_base_is_refused(project):
    empty = edited(project, 'rungs = ["zero-shot", "file:base"]', "rungs = []")
    with pytest.raises(BadInput, match="rungs is empty"):
        seal(empty)
    alone = edited(empty, "rungs = []", 'rungs = ["file:base"]')
    seal(alone)
    with pytest.raises(BadInput, match="untuned base"):
        verdict(alone, Silent())


def test_a_rung_that_was_refilled_is_another_look(project):
    seal(project)
    evaluate(project, "file:base", "test", Silent())
    block = current_split(project).sides.block
    before = next_candidate_number(project, block)
    bring(project, "base", right_of=5)
    seal(project, amend="other answers")
    evaluate(project, "file:base", "test", Silent())
    assert next_candidate_number(project, block) == before + 1
