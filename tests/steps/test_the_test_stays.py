"""What models have answered is the test for good: its rows, their answers, and who looked at it."""

import pytest

from judged_files import (
    CRITERIA,
    OTHER,
    bring,
    edited,
    judged,
    judged_project,
    rows_of,
    sealed_inputs,
)
from small_projects import write_rows
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.verdict import Outcome
from surpass.steps.candidates import next_candidate_number
from surpass.steps.diff import diff_account
from surpass.steps.opponent import best_rung
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.verdict import verdict


@pytest.fixture
def project(tmp_path, tiny_base):
    return judged_project(tmp_path, tiny_base)


def looked_at(project):
    seal(project)
    bring(project, "one", right_of=3)
    judged(project, "one")
    return sealed_inputs(project)


def rewritten(project, change):
    """The project after a change of its rows; rows that change to none are left out."""
    rows = [change(row) for row in rows_of(project)]
    write_rows(project.folder / "rows.csv", [row for row in rows if row is not None])
    return open_project(project.folder)


def test_answers_of_a_test_that_was_answered_are_not_rewritten(project):
    closed = looked_at(project)
    cheat = rewritten(
        project, lambda r: {**r, "label": OTHER[r["label"]]} if r["text"] in closed else r
    )
    with pytest.raises(Refused, match="no longer the same"):
        seal(cheat, amend="labels were mended")


def test_its_hard_rows_are_not_dropped(project):
    hard = set(sorted(looked_at(project))[:20])
    cheat = rewritten(project, lambda r: None if r["text"] in hard else r)
    with pytest.raises(Refused, match="20 of its rows are gone"):
        seal(cheat, amend="bad rows")


def test_rows_of_train_do_not_become_the_test(project):
    closed = looked_at(project)
    train = set(current_split(project).train["input"])
    known = [row for row in rows_of(project) if row["text"] in train][:80]
    write_rows(project.folder / "t.csv", known)
    cheat = rewritten(project, lambda r: None if r["text"] in closed else r)
    cheat = edited(cheat, 'train = ["rows.csv"]', 'train = ["rows.csv"]\ntest = ["t.csv"]')
    with pytest.raises((Refused, BadInput)):
        seal(cheat, amend="another test")


def test_rewording_every_row_makes_no_fresh_test(project):
    looked_at(project)
    again = rewritten(project, lambda r: {**r, "text": f"dear team {r['text']} so it goes"})
    with pytest.raises(BadInput, match="sealed test"):
        current_split(again)


def test_blocks_sealed_in_place_of_each_other_share_their_looks(project):
    seal(project)
    more = [{**row, "text": f"new {row['text']} {n}", "customer": f"n{n}"}
            for n, row in enumerate(rows_of(project)[:40])]  # fmt: skip
    write_rows(project.folder / "rows.csv", [*rows_of(project), *more])
    again = open_project(project.folder)
    seal(again, amend="more rows, nobody has looked yet")
    bring(again, "one", right_of=3)
    assert judged(again, "one").candidate_number == 1
    assert next_candidate_number(again, "0" * 64) == 2


def test_candidates_are_not_looked_at_as_rungs_first(tmp_path, tiny_base):
    many = CRITERIA.replace('"file:base"]', '"file:base", "file:a", "file:b"]')
    project = judged_project(tmp_path, tiny_base, more=many)
    for name in ("a", "b", "dummy"):
        bring(project, name, right_of=3)
    seal(project)
    assert judged(project, "dummy").candidate_number == 1
    less = edited(project, ', "file:a", "file:b"]', "]")
    seal(less, amend="fewer baselines")
    assert judged(less, "a").candidate_number >= 3


def test_the_best_rung_is_the_best_beside_a_named_one(tmp_path, tiny_base):
    both = """
[ladder]
rungs = ["zero-shot", "file:base", "file:strong"]
[[criteria.primary]]
metric = "macro_f1"
against = "file:base"
margin = 0.05
[[criteria.primary]]
metric = "accuracy"
against = "best rung"
margin = 0.05
"""
    project = judged_project(tmp_path, tiny_base, more=both)
    bring(project, "strong", right_of=20)
    bring(project, "one", right_of=10)
    assert best_rung(project, Silent()) == "file:strong"
    seal(project)
    found = verdict(project, Silent(), "file:one").verdict
    assert [gate.against for gate in found.gates] == ["file:base", "file:strong"]
    assert found.outcome is not Outcome.PASS


def test_an_opponent_that_did_not_answer_is_said_to(project):
    rows = rows_of(project)
    bring(project, "base", right_of=2, rows=rows[::2])
    bring(project, "one", right_of=3)
    seal(project)
    assert any("of the opponent were" in note for note in judged(project, "one").notes)


def test_no_file_shows_a_test_row_through_diff(project):
    closed = looked_at(project)
    raw = [{**row, "text": row["text"].upper() + " !"} for row in rows_of(project)]
    write_rows(project.folder / "raw.csv", raw)
    shown = diff_account(project, "raw.csv", "now").data.rows
    folded = {text.casefold() for text in closed}
    lines = {int(row.row.partition(":")[2]) - 2 for row in shown if row.row.startswith("raw")}
    assert not any(raw[line]["text"].casefold().removesuffix(" !") in folded for line in lines)
