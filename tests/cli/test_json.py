"""`--json`: one object with the documented fields, whatever happens."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from small_projects import make_project, rows, write_rows
from surpass.core.records.results import DATA_OF, CheckData, ShowData, VerdictData
from surpass.core.settings.schema import settings_schema

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
IN_ORDER = ("check", "fix", "split", "seal", "evaluate", "plan", "train", "verdict", "report")


@pytest.fixture(scope="module")
def told(tmp_path_factory, tiny_base):
    """The printed object of every command, along the whole path of one project."""
    import contextlib
    import io

    from surpass.cli.app import status_of

    home = tmp_path_factory.mktemp("project")
    make_project(home, tiny_base, count=400)
    said = {}
    for command in (*IN_ORDER, "status", "show"):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = status_of([command, str(home), "--json"])
        assert status < 3, out.getvalue()
        said[command] = json.loads(out.getvalue())
    return said


@pytest.mark.parametrize("command", [*IN_ORDER, "status", "show"])
def test_data_is_the_record_that_the_page_describes(told, command):
    data = told[command]["data"]
    record = msgspec.convert(data, DATA_OF[command])
    assert set(data) == set(record.__struct_fields__)
    assert fields_in_page(f"surpass {command}") == set(data)


def test_every_record_inside_is_described(told):
    page = PAGE.read_text(encoding="utf-8")
    gate = told["verdict"]["data"]["gates"][0]
    assert fields_in_page("Gate") == set(gate)
    assert fields_in_page("Bounds") == set(gate["bounds"])
    links = set(re.findall(r"\]\(#([a-z]+)\)", page))
    headings = {line.lstrip("# ").lower() for line in page.splitlines() if line.startswith("### ")}
    assert links <= headings


def test_a_verdict_has_its_numbers_whole(told):
    data = msgspec.convert(told["verdict"]["data"], VerdictData)
    (gate,) = data.gates
    assert -1 <= gate.bounds.low <= gate.bounds.estimate <= gate.bounds.high <= 1
    gain = data.scores["tuned"][gate.metric] - data.scores[data.opponent][gate.metric]
    assert gate.bounds.estimate == pytest.approx(gain)
    assert told["verdict"]["headline"].startswith(data.outcome.value)
    assert Path(told["report"]["data"]["report"]).is_file()
    assert told["report"]["data"]["verdict"] == data.verdict


def test_shown_settings_say_where_they_come_from(told):
    shown = msgspec.convert(told["show"]["data"], ShowData).settings
    known = {one.key: (one.value, one.origin) for one in shown}
    assert known["training.epochs"] == (1.0, "surpass.toml")
    assert known["training.seed"] == (0, "default")
    assert known["criteria.primary[0].metric"] == ("macro_f1", "default")


def test_commands_without_a_project_have_their_records_too(tmp_path, surpass):
    found = rows(60)
    write_rows(tmp_path / "rows.csv", found)
    answers = [{"id": row["number"], "expected": row["label"], "answer": "bill"} for row in found]
    write_rows(tmp_path / "base.csv", answers)
    write_rows(tmp_path / "tuned.csv", [{**row, "answer": row["expected"]} for row in answers])
    commands = {
        "init": ("rows.csv", tmp_path / "project"),
        "compare": ("base.csv", tmp_path / "tuned.csv"),
    }
    for command, (first, second) in commands.items():
        _, out, _ = surpass(command, tmp_path / first, second, "--json")
        data = json.loads(out)["data"]
        assert set(data) == fields_in_page(f"surpass {command}")
        assert data["rows"] == 60
        msgspec.convert(data, DATA_OF[command])
    assert data["scores"]["tuned"]["accuracy"] == 1


def test_a_contradiction_names_its_rows(tmp_path, tiny_base, surpass):
    make_project(tmp_path, tiny_base)
    found = rows(60)
    found[7] = {**found[3], "label": "move" if found[3]["label"] != "move" else "bill"}
    write_rows(tmp_path / "rows.csv", found)
    _, out, _ = surpass("check", tmp_path, "--json")
    data = msgspec.convert(json.loads(out)["data"], CheckData)
    (finding,) = (one for one in data.findings if one.check == "contradictions")
    assert {row.row for row in finding.rows} == {"rows:5", "rows:9"}


def test_the_terminal_names_them_too(tmp_path, tiny_base, surpass, monkeypatch):
    make_project(tmp_path, tiny_base)
    found = rows(60)
    found[7] = {**found[3], "label": "move" if found[3]["label"] != "move" else "bill"}
    write_rows(tmp_path / "rows.csv", found)
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = surpass("check", tmp_path)
    part = out[out.index("\ncontradictions\n") :]
    assert "rows:5" in part
    assert "rows:9" in part


@pytest.mark.parametrize(
    "words",
    [
        ("trian", "--json"),
        ("check", "--no-such-option", "--json"),
        ("verdict", "a", "b", "c", "--json"),
        ("rate", "--json", "resluts"),
        ("plan", "--json", "nowhere"),
    ],
)
def test_every_error_is_an_object_with_a_fix(surpass, words):
    status, out, err = surpass(*words)
    assert status == 3
    assert set(json.loads(out)) == {"error", "fix"}
    assert err == ""


def test_the_schema_is_printed_and_published(surpass):
    status, out, _ = surpass("show", "--schema")
    assert status == 0
    assert out == settings_schema()
    published = PAGE.with_name("surpass.schema.json").read_text(encoding="utf-8")
    assert json.loads(published)["title"] == "surpass.toml"


def fields_in_page(heading: str) -> set[str]:
    """Names in the table under a heading that names it."""
    page = PAGE.read_text(encoding="utf-8")
    parts = re.split(r"^#+ (.*)$", page, flags=re.MULTILINE)
    under = {
        name.strip(): text
        for title, text in zip(parts[1::2], parts[2::2], strict=True)
        for name in title.split(",")
    }
    return set(re.findall(r"^\| `(\w+)` \|", under[heading], re.MULTILINE))
