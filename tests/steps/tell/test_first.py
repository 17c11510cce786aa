import polars as pl

from surpass.data.checks.result import CheckResult, Evidence, evidence_frame
from surpass.steps.tell.first import first_chapter


def found(name, rows, severity="review", proposal="review", state="found"):
    evidence = evidence_frame(Evidence(str(n), None, "x", proposal) for n in range(rows))
    return CheckResult(
        check=name,
        examined=100,
        state=state,
        severity=severity,
        summary="x",
        evidence=evidence,
    )


def order(*results):
    chapters = first_chapter(results)
    return [row[1] for row in chapters[0].tables[0].rows] if chapters else []


def test_errors_come_before_what_touches_more_rows():
    results = (found("many", 50), found("few", 5), found("grave", 2, "error"))
    assert order(*results) == ["grave", "many", "few"]


def test_notes_what_is_clear_and_what_asks_for_rows_are_no_mending():
    assert order(found("a", 5, "note"), found("coverage", 9), found("b", 0)) == []
    assert order(found("c", 5, state="cannot tell")) == []


def test_each_line_names_the_command_that_begins():
    results = (
        found("structure", 5, "error", "fix"),
        found("near_duplicates", 4),
        found("contradictions", 3),
    )
    (chapter,) = first_chapter(results)
    frame = pl.DataFrame(chapter.tables[0].rows, orient="row")
    assert frame.row(0)[-1] == "surpass fix"
    assert frame.row(1)[-1] == "surpass fix --drop near_duplicates --by NAME"
    assert frame.row(2)[-1] == "surpass label start --check contradictions"
