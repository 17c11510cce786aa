import pytest

from served_projects import served
from small_projects import add_settings, make_project, rows, write_rows
from surpass.core import columns
from surpass.core.settings.data import Source
from surpass.steps.beside import beside
from surpass.steps.check import check_account, open_examples
from surpass.steps.project import open_project

BASE = "no/such-base-here"


@pytest.fixture
def project(tmp_path):
    """A project whose production asks for vouchers too, which no row does."""
    made = make_project(tmp_path, BASE, count=120)
    asked = rows(120, seed=9)
    asked += [
        one | {"text": f"my voucher code {n} expired gift card shop"} for n, one in enumerate(asked)
    ]
    write_rows(made.folder / "asked.csv", asked)
    text = (made.folder / "surpass.toml").read_text(encoding="utf-8")
    named = text.replace("[data]\n", '[data]\ntraffic = ["asked.csv"]\n')
    (made.folder / "surpass.toml").write_text(named, encoding="utf-8")
    return made


def test_traffic_called_like_a_row_gets_another_name(project):
    text = (project.folder / "surpass.toml").read_text(encoding="utf-8")
    (project.folder / "sub").mkdir()
    (project.folder / "asked.csv").rename(project.folder / "sub" / "rows.csv")
    named = text.replace("asked.csv", "sub/rows.csv")
    (project.folder / "surpass.toml").write_text(named, encoding="utf-8")
    opened = add_settings(project.folder, "")
    examples = open_examples(opened)
    traffic = beside(opened, examples).traffic
    assert not set(traffic[columns.ROW]) & set(examples[columns.ROW])
    assert traffic[columns.ROW].n_unique() == 240


def test_findings_about_traffic_show_its_texts(project):
    account = check_account(add_settings(project.folder, ""))
    chapters = {chapter.title: chapter for chapter in account.chapters}
    shown = [row[2] for row in chapters["relevance"].tables[0].rows]
    assert any("voucher" in text for text in shown)
    asked = chapters["coverage"].tables[0].rows
    assert "voucher" in " ".join(row[2] for row in asked)


def test_every_file_has_its_source_or_none(tmp_path):
    more = '\n[data.sources."rows.csv"]\norigin = "made up"\n'
    opened = make_project(tmp_path, BASE, count=30, more=more)
    assert beside(opened, open_examples(opened)).sources == {"rows.csv": Source(origin="made up")}


def test_what_was_served_is_traffic(tmp_path):
    made = make_project(tmp_path, BASE, count=60)
    served(made, [row["text"] for row in rows(80, seed=9)])
    text = (tmp_path / "surpass.toml").read_text(encoding="utf-8")
    named = text.replace("[data]\n", '[data]\ntraffic = ["journal"]\n')
    (tmp_path / "surpass.toml").write_text(named, encoding="utf-8")
    opened = open_project(tmp_path)
    assert beside(opened, open_examples(opened)).traffic.height == 80
