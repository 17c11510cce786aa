"""What people said reaches the checks: annotations, decisions, and labels as the files had them."""

import pytest

from small_projects import make_project, rows, write_rows
from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.records.annotation import Annotation
from surpass.core.records.dataset import Decision
from surpass.steps.beside import beside
from surpass.steps.check import check, open_examples
from surpass.steps.project import open_project
from surpass.store.annotations import Annotations

AT = "2026-01-01T00:00:00Z"
OTHER = {"outage": "bill", "bill": "move", "move": "outage"}


@pytest.fixture
def project(tmp_path, tiny_base):
    """300 rows of three labels, every tenth one wrong."""
    project = make_project(tmp_path / "project", tiny_base)
    found = rows(300)
    for row in found[::10]:
        row["label"] = OTHER[row["label"]]
    write_rows(project.folder / "rows.csv", found)
    return open_project(project.folder)


def decide(project, row, action, value=None, by="jane"):
    column = columns.TARGET if action == "fix" else None
    decision = Decision(
        row=row, action=action, reason="looked", by=by, at=AT, column=column, value=value
    )
    project.answers.decide([decision])


def annotate(project, row, value, by="ann", verdict="answered", digest=None):
    examples = open_examples(project)
    text = dict(zip(examples[columns.ROW], examples[columns.INPUT], strict=True))[row]
    Annotations(project.folder).add(
        Annotation(
            at=AT, by=by, row=row, digest=digest or digest_text(text), verdict=verdict, value=value
        )
    )


def reviewed(project):
    found = beside(project, open_examples(project)).reviews
    return {} if found is None else {row: (given, said) for row, given, said in found.iter_rows()}


def labels(project):
    examples = open_examples(project)
    return dict(zip(examples[columns.ROW], examples[columns.TARGET], strict=True))


def test_without_people_there_is_nothing_beside_the_rows(project):
    found = beside(project, open_examples(project))
    assert found.reviews is None
    assert found.annotations is None


def test_a_fix_remembers_what_the_file_said_and_a_keep_confirms_it(project):
    before = labels(project)
    decide(project, "rows:2", "fix", "outage")
    decide(project, "rows:2", "fix", "move")
    decide(project, "rows:3", "keep")
    decide(project, "rows:4", "fix", "bill", by="surpass")
    decide(project, "rows:5", "drop")
    assert reviewed(project) == {
        "rows:2": (before["rows:2"], "move"),
        "rows:3": (before["rows:3"], before["rows:3"]),
    }


def test_answers_of_the_labelling_page_count_where_people_agree_and_the_text_is_the_same(project):
    before = labels(project)
    annotate(project, "rows:2", "move")
    annotate(project, "rows:2", "move", by="bob")
    annotate(project, "rows:3", "move")
    annotate(project, "rows:3", "bill", by="bob")
    annotate(project, "rows:4", "move", digest="of another text")
    annotate(project, "rows:5", None, verdict="rejected")
    annotate(project, "rows:6", None, verdict="skipped")
    assert reviewed(project) == {"rows:2": (before["rows:2"], "move")}
    said = beside(project, open_examples(project)).annotations
    assert said.select(columns.ROW, columns.ANNOTATOR, columns.TARGET).rows() == [
        ("rows:2", "ann", "move"),
        ("rows:2", "bob", "move"),
        ("rows:3", "ann", "move"),
        ("rows:3", "bob", "bill"),
    ]


def test_the_column_of_the_annotator_and_the_labelling_page_are_put_together(project):
    settings = project.folder / "surpass.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[data]\n", '[data]\nannotator = "channel"\n'), encoding="utf-8"
    )
    again = open_project(project.folder)
    annotate(again, "rows:2", "move")
    said = beside(again, open_examples(again)).annotations
    assert said.height == 301
    assert set(said[columns.ANNOTATOR]) == {"chat", "phone", "ann"}


def test_after_enough_reviews_the_precision_is_published(project):
    def wrong_labels():
        return {result.check: result for result in check(project)}["wrong_labels"]

    first = wrong_labels()
    assert "50 reviews are needed" in first.summary
    looked_at = first.evidence[columns.ROW].to_list()
    given = labels(project)
    planted = {f"rows:{line}" for line in range(2, 302, 10)}
    for row in looked_at:
        if row in planted:
            right = next(label for label, wrong in OTHER.items() if wrong == given[row])
            decide(project, row, "fix", right)
        else:
            decide(project, row, "keep")
    settings = project.folder / "surpass.toml"
    with settings.open("a", encoding="utf-8") as stream:
        stream.write(f"\n[checks.wrong_labels]\nfewest_reviews = {len(looked_at)}\n")
    again = {r.check: r for r in check(open_project(project.folder))}["wrong_labels"]
    right = len(planted & set(looked_at))
    assert f"Of {len(looked_at)} reviewed {right} were wrong: precision" in again.summary
    assert not set(again.evidence[columns.ROW]) & set(looked_at)
