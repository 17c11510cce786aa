"""Showing test rows is allowed, asked about, written down first, and retires the test."""

import polars as pl
import pytest

from small_projects import add_settings, make_project, rows, write_rows
from surpass.cli.app import app
from surpass.core.errors import Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Judgement, Opening
from surpass.show.as_json import to_json
from surpass.steps.extend_test import extend_test
from surpass.steps.project import open_project
from surpass.steps.report import cost_of_showing, report_account
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.train import train
from surpass.steps.verdict import verdict


@pytest.fixture
def project(tmp_path, tiny_base):
    """Sealed and trained."""
    project = make_project(tmp_path, tiny_base)
    seal(project)
    train(project, Silent())
    return project


def shown(project):
    return [body for _, body in project.ledger.bodies(Opening) if body.purpose == "show"]


def sealed_texts(project):
    block = current_split(project).sides.block
    path = project.folder / ".surpass" / "cache" / "sealed" / f"{block}.parquet"
    return pl.read_parquet(path)["input"].to_list()


def test_a_report_shows_no_test_row_until_it_is_told_to(project):
    said = to_json(report_account(project, Silent()))
    assert not [text for text in sealed_texts(project) if text in said]
    assert shown(project) == []
    said = to_json(report_account(project, Silent(), on_test=True))
    assert [text for text in sealed_texts(project) if text in said]
    assert "row by row (test)" in said
    assert [body.block for body in shown(project)] == [current_split(project).sides.block]


def test_a_shown_test_judges_nothing_new_and_keeps_what_it_judged(project, tmp_path):
    judged = verdict(project, Silent()).verdict
    report_account(project, Silent(), on_test=True)
    assert verdict(open_project(tmp_path), Silent()).verdict == judged
    edited = add_settings(tmp_path, '[[criteria.primary]]\nmetric = "accuracy"\n')
    with pytest.raises(Refused, match="--extend-test"):
        seal(edited, amend="another metric")
    path = tmp_path / "surpass.toml"
    text = path.read_text(encoding="utf-8").partition("[[criteria")[0]
    path.write_text(text.replace("epochs = 1", "epochs = 2"), encoding="utf-8")
    with pytest.raises(Refused, match="shown row by row"):
        train(open_project(tmp_path), Silent())
    assert len(project.ledger.bodies(Judgement)) == 1


def test_new_rows_gate_again_after_the_old_ones_were_shown(project, tmp_path):
    report_account(project, Silent(), on_test=True)
    write_rows(tmp_path / "new.csv", [{**r, "customer": f"n{r['customer']}"} for r in rows(60, 7)])
    extend_test(project, tmp_path / "new.csv")
    seal(project, amend="the first test was shown")
    assert verdict(project, Silent()).verdict.candidate_number == 1


def test_the_cost_is_said_once(project):
    cost = cost_of_showing(project)
    assert "retires it" in cost.headline
    assert any("--extend-test" in said for said in cost.text)
    report_account(project, Silent(), on_test=True)
    assert cost_of_showing(project) is None


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_without_a_persons_word_nothing_is_shown(project, tmp_path, capsys, words):
    entries = project.ledger.entries()
    command = ["report", str(tmp_path), "--on-test", *words]
    assert app(command, result_action="return_value") == 3
    said = capsys.readouterr()
    assert "No test row was shown" in said.out + said.err
    assert ("retires it" in said.out) is (words == [])
    assert project.ledger.entries() == entries


def test_a_word_in_advance_is_enough(project, tmp_path):
    assert app(["report", str(tmp_path), "--on-test", "--yes"], result_action="return_value") < 3
    assert "row by row (test)" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(shown(project)) == 1
