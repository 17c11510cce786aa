import subprocess
import sys

import pytest

import surpass
from small_projects import make_project, rows, write_rows
from surpass.core.account import Standing
from surpass.core.errors import BadInput, Refused


def test_every_verb_says_what_the_command_says(tmp_path, tiny_base):
    make_project(tmp_path, tiny_base)
    project = surpass.Project(tmp_path)
    for verb in ("check", "fix", "split", "evaluate", "seal", "plan", "train", "verdict", "status"):
        said = getattr(project, verb)()
        assert said.headline, verb
        assert said.standing in set(Standing)
    assert project.report() == tmp_path / "report.html"


def test_a_model_is_explained_written_and_taken_in_again(tmp_path, tiny_base):
    groups = '[fairness]\ngroups = ["channel"]\n'
    make_project(tmp_path, tiny_base, count=300, more=groups)
    project = surpass.Project(tmp_path)
    project.seal()
    project.train()
    assert project.explain().data.model == "tuned"
    assert {one.column for one in project.fairness().data.compared} == {"channel"}
    folder = project.merge(tmp_path / "out", form="adapter").data.folder
    assert "adopted:again" in str(project.adopt(folder, name="again").next_command)


def test_the_budget_binds_in_python_too(tmp_path, tiny_base):
    make_project(tmp_path, tiny_base, more="[budget]\nhours = 1e-9\n")
    project = surpass.Project(tmp_path)
    project.seal()
    with pytest.raises(Refused, match="hours; the budget is 1e-09 hours"):
        project.train()
    assert project.train(over_budget=True).headline.startswith("Trained")
    assert project.train().headline.startswith("Trained")  # a finished run costs nothing


def test_the_test_is_extended_and_shown_in_python_too(tmp_path, tiny_base):
    make_project(tmp_path, tiny_base)
    project = surpass.Project(tmp_path)
    new = [{**row, "customer": f"new-{row['customer']}"} for row in rows(60, seed=7)]
    write_rows(tmp_path / "new.csv", new)
    assert project.split(extend_test=tmp_path / "new.csv").data.extension.rows == 60
    project.seal()
    project.train()
    report = project.report(on_test=True).read_text(encoding="utf-8")
    assert "row by row (test)" in report


def test_a_notebook_draws_the_account(tmp_path, tiny_base):
    project = surpass.Project(make_project(tmp_path, tiny_base).folder)
    assert "<table" in project.check()._repr_html_()
    assert str(project.split()) == project.split().headline


def test_what_a_verb_returns_has_raw_numbers_under_their_names(tmp_path, tiny_base):
    data = surpass.Project(make_project(tmp_path, tiny_base).folder).split().data
    assert sum(data.rows.values()) + data.removed_rows == 160
    assert data.labels == ("bill", "move", "outage")


def test_hostile_rows_stay_text_in_a_notebook(tmp_path, tiny_base):
    make_project(tmp_path, tiny_base)
    found = rows(80)
    found[0]["text"] = "<script>alert(1)</script> dead line <img src=x onerror=alert(2)>"
    found[1] = dict(found[0], number="1")
    write_rows(tmp_path / "rows.csv", found)
    drawn = surpass.Project(tmp_path).check()._repr_html_()
    assert "alert(1)" in drawn
    assert "<script" not in drawn
    assert "<img" not in drawn


def test_init_makes_a_project_of_a_file(tmp_path):
    write_rows(tmp_path / "rows.csv", rows(60))
    project = surpass.Project.init(
        tmp_path / "rows.csv", tmp_path, input_column="text", output_column="label"
    )
    assert "60 rows" in project.check().headline or project.check().chapters
    with pytest.raises(BadInput, match="already"):
        surpass.Project.init(tmp_path / "rows.csv", tmp_path)


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, surpass; heavy = {'torch', 'polars', 'numpy', 'sklearn', 'pandas', 'rich'}; "
        "sys.exit(len(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
