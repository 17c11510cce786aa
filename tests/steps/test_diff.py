import msgspec
import pytest

from surpass.core.errors import BadInput
from surpass.core.records.dataset import Decision
from surpass.steps.diff import diff_account
from surpass.steps.fix import fix
from surpass.steps.init import init
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.versions import kept_versions

AT = "2026-01-01T00:00:00+00:00"


@pytest.fixture
def project(tmp_path):
    """Sixty rows, the last of which is a copy of the first."""
    lines = [f"number {n} of the letters {chr(97 + n % 26)}{n},{'ab'[n % 2]}" for n in range(59)]
    text = "\n".join(["text,label", *lines, lines[0]]) + "\n"
    (tmp_path / "rows.csv").write_text(text, encoding="utf-8")
    init(tmp_path / "rows.csv", tmp_path, input_column="text", output_column="label")
    return open_project(tmp_path)


def relabel(project, row, value):
    made = Decision(
        row=row, action="fix", reason="It is b", by="ann", at=AT, column="target", value=value
    )
    project.answers.decide([made])


def test_what_fix_dropped_is_told_with_its_reason(project):
    fix(project)
    data = diff_account(project).data
    assert data.counts["removed"] == 1
    assert [(row.change, row.row) for row in data.rows] == [("removed", "rows:61")]
    assert "surpass" in data.rows[0].because


def test_a_relabelled_row_names_the_person_and_the_labels(project):
    relabel(project, "rows:2", "b")
    account = diff_account(project)
    (row,) = account.data.rows
    assert (row.change, row.before, row.after) == ("answer changed", "a", "b")
    assert row.because == "It is b (ann)."
    labels = next(chapter for chapter in account.chapters if chapter.title == "Labels")
    assert labels.tables[0].rows == (("a", "b", "1"),)


def test_versions_are_had_again_from_files_and_decisions(project):
    fix(project)
    first, second = sorted(kept_versions(project), key=lambda version: version.decisions)
    data = diff_account(project, first.digest[:10], second.digest[:10]).data
    assert data.counts["removed"] == 1
    back = diff_account(project, second.digest[:10], first.digest[:10]).data
    assert back.counts["added"] == 1
    assert "surpass" in back.rows[0].because


def test_a_version_whose_files_changed_is_refused_by_name(project):
    fix(project)
    version = kept_versions(project)[0]
    with (project.folder / "rows.csv").open("a", encoding="utf-8") as file:
        file.write("one more,a\n")
    with pytest.raises(BadInput, match=r"rows\.csv changed"):
        diff_account(project, version.digest[:10])


def test_two_files_are_compared_by_their_inputs(project):
    text = (project.folder / "rows.csv").read_text(encoding="utf-8")
    head, rest = text.split("\n", 1)
    (project.folder / "new.csv").write_text(f"{head}\nat the top,a\n{rest}", encoding="utf-8")
    assert diff_account(project, "rows.csv", "new.csv").data.counts["added"] == 1
    assert diff_account(project, "rows.csv", "rows.csv").headline == "No row differs."


@pytest.mark.parametrize("name", ["", "0" * 12, "missing.csv"])
def test_an_unknown_name_is_refused_with_what_there_is(project, name):
    fix(project)
    with pytest.raises(BadInput) as error:
        diff_account(project, name)
    assert error.value.fix


def test_after_the_seal_no_test_row_is_shown(project):
    split = current_split(project)
    seal(project)
    seen = {*split.train["row"], *split.valid["row"]}
    text = (project.folder / "rows.csv").read_text(encoding="utf-8")
    (project.folder / "copy.csv").write_text(text.replace(",a\n", ",b\n"), encoding="utf-8")
    (project.folder / "empty.csv").write_text("text,label\nnothing of it,a\n", encoding="utf-8")
    for other in ("copy.csv", "empty.csv"):
        account = diff_account(project, other, "now")
        assert account.data.closed >= split.sides.test_rows
        places = {int(row.row.partition(":")[2]) for row in account.data.rows}
        assert places <= {int(row.partition(":")[2]) for row in seen} | {2}
        assert msgspec.json.encode(account)
