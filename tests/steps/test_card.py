import pytest

from small_projects import add_settings, make_project
from surpass.core.account import Standing
from surpass.core.errors import BadInput
from surpass.show.card import PARTS
from surpass.steps.card import CARD, card_account, card_check
from surpass.steps.fix import drop_found, fix_account
from surpass.steps.split import current_split

SOURCE = """
[data.sources."rows.csv"]
origin = "made by us in 2024 =cmd() <script>"
licence = "CC-BY-4.0"
"""


@pytest.fixture
def project(tmp_path, tiny_base):
    """A project whose rows hold an e-mail address and a copy."""
    make_project(tmp_path, tiny_base, count=60)
    path = tmp_path / "rows.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.append('write to jo@example.com because the line is dead,outage,"{}",c1,chat,60')
    lines.append(lines[-1])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return add_settings(tmp_path, SOURCE)


def test_a_card_says_what_the_manifest_knows(project):
    fix_account(project, lambda p: drop_found(p, "exact_duplicates", by="Jo Doe", reason="copies"))
    current_split(project)
    data = card_account(project).data
    text = (project.folder / CARD).read_text(encoding="utf-8")
    assert data.rows == 61
    assert sum(data.sides.values()) <= 61
    assert data.personal == {"email": 1}
    assert [(d.action, d.by, d.reason, d.rows) for d in data.decisions] == [
        ("drop", "people", "copies", 1)
    ]
    assert 'license: "cc-by-4.0"' in text
    assert "task_categories: [text-classification]" in text
    assert data.sources[0].digest in text
    for secret in ("jo@example.com", "Jo Doe", "<script>", "is dead"):
        assert secret not in text


def test_blanks_are_open_until_people_write_them_and_stay_written(project):
    path = project.folder / CARD
    assert card_check(project).standing == Standing.DOES_NOT_HOLD
    card_account(project)
    told = card_check(project)
    assert told.standing == Standing.DOES_NOT_HOLD
    assert told.data.blanks == tuple(PARTS)
    text = path.read_text(encoding="utf-8")
    for name, question in PARTS.items():
        blank = f"TODO({name.lower()}): {question}"
        assert blank in text
        text = text.replace(blank, "en, de; both read by us." if name == "Languages" else "Ours.")
    path.write_text(text + "\n## Thanks\n\nTo all.\n", encoding="utf-8")
    assert card_check(project).standing == Standing.HOLDS
    card_account(project)
    again = path.read_text(encoding="utf-8")
    assert again.count("Ours.") == len(PARTS) - 1
    assert 'language: ["en", "de"]' in again
    assert "## Thanks\n\nTo all." in again
    assert card_check(project).headline == f"{CARD} is complete."


def test_a_card_of_other_rows_is_stale(project):
    card_account(project)
    path = project.folder / "rows.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("jo@", "al@"), encoding="utf-8")
    assert "is of other rows" in card_check(project).headline


def test_a_file_that_is_no_card_is_left_alone(project):
    (project.folder / CARD).write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(BadInput, match="was not written by"):
        card_account(project)
    assert (project.folder / CARD).read_text(encoding="utf-8") == "# Mine\n"
