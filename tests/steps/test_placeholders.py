import pytest

from surpass.steps.check import check_account
from surpass.steps.init import init
from surpass.steps.project import open_project

LABELS = ("late", "lost")


@pytest.fixture(params=["classify", "extract"])
def folder(tmp_path, request):
    answers = LABELS if request.param == "classify" else [f'{{"{name}": "x"}}' for name in LABELS]
    rows = [
        f'{{"text": "parcel {number} is gone", "answer": {answers[number % 2]!r}}}'.replace(
            "'", '"' if request.param == "classify" else ""
        )
        for number in range(40)
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
    init(tmp_path / "rows.jsonl", tmp_path, input_column="text", output_column="answer")
    return tmp_path


def warnings(folder, text=None):
    if text is not None:
        (folder / "prompt.md").write_text(text, encoding="utf-8")
    return check_account(open_project(folder)).warnings


def test_the_standard_instruction_names_the_answers(folder):
    assert warnings(folder) == ()


def test_answers_may_be_spelled_out(folder):
    assert warnings(folder, "Say late or lost.") == ()


def test_an_instruction_that_does_not_name_the_answers_is_a_warning(folder):
    (said,) = warnings(folder, "Say late or not.")
    assert said.startswith("prompt.md has no {")
    assert "'lost'" in said
    assert "'late'" not in said


def test_an_instruction_that_is_not_there_is_a_warning(folder):
    (folder / "prompt.md").unlink()
    (said,) = warnings(folder)
    assert "which is not in" in said
