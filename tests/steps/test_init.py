import json

import pytest

from surpass.core.errors import BadInput
from surpass.core.settings.read import read_settings
from surpass.steps.init import init

TEXTS = [f"my parcel {number} is late and I am sad" for number in range(40)]


def project(folder, header="text,label", extra=lambda number: ()):
    lines = [
        ",".join([*extra(number), text, ("late", "lost")[number % 2]])
        for number, text in enumerate(TEXTS)
    ]
    file = folder / "rows.csv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    account = init(file, folder, input_column="text", output_column="label")
    return account, read_settings(folder), (folder / "surpass.toml").read_text(encoding="utf-8")


def test_the_instruction_is_mentioned_and_can_be_edited(tmp_path):
    account, settings, _ = project(tmp_path)
    said = " ".join(account.text)
    assert settings.task.prompt == "prompt.md"
    assert "prompt.md holds the instruction" in said
    assert "edit it" in said
    assert "{labels}" in said
    assert "{labels}" in (tmp_path / "prompt.md").read_text(encoding="utf-8")


def test_an_instruction_that_is_there_is_kept(tmp_path):
    (tmp_path / "prompt.md").write_text("Mine: {labels}", encoding="utf-8")
    account, _, _ = project(tmp_path)
    assert (tmp_path / "prompt.md").read_text(encoding="utf-8") == "Mine: {labels}"
    assert any("was there and is kept" in line for line in account.text)


def test_customers_without_repeats_are_a_possible_group_in_the_comments(tmp_path):
    account, settings, text = project(
        tmp_path, "customer_id,text,label", lambda number: (f"c{number}",)
    )
    assert settings.data.id is settings.data.group is None
    assert '# group = "customer_id"  # no value repeats yet' in text
    assert any("'customer_id' may be a group" in line for line in account.text)


def test_customers_that_repeat_are_the_group(tmp_path):
    _, settings, _ = project(tmp_path, "customer_id,text,label", lambda number: (f"c{number % 8}",))
    assert (settings.data.id, settings.data.group) == (None, "customer_id")


def test_a_project_that_is_there_is_left_alone(tmp_path):
    _, _, text = project(tmp_path)
    with pytest.raises(BadInput, match="already"):
        project(tmp_path)
    assert (tmp_path / "surpass.toml").read_text(encoding="utf-8") == text


def test_how_the_file_was_read_is_said(tmp_path):
    file = tmp_path / "rows.csv"
    lines = ["text;label", *(f"{text};{'ab'[place % 2]}" for place, text in enumerate(TEXTS))]
    file.write_text("\n".join(lines), encoding="utf-8")
    account = init(file, tmp_path, input_column=None, output_column=None)
    assert "separated by ';'" in account.warnings[0]


def test_functions_with_tests_become_a_code_task(tmp_path):
    rows = [
        {"prompt": f"f{n}(x): x plus {n}.", "canonical_solution": f"def f{n}(x): return x + {n}",
         "test": f"assert f{n}(0) == {n}", "entry_point": f"f{n}"}
        for n in range(30)
    ]  # fmt: skip
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    init(file, tmp_path, input_column=None, output_column=None)
    settings = read_settings(tmp_path)
    assert settings.kind == "code"
    assert (settings.task.tests, settings.task.entry_point) == ("test", "entry_point")
    assert "Python function" in (tmp_path / "prompt.md").read_text(encoding="utf-8")
