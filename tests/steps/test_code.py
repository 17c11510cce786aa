"""A task of kind code goes from rows to a verdict; answers are run in the jail only."""

import csv

import pytest

from surpass.core.progress import Silent
from surpass.core.records.verdict import Outcome
from surpass.data.answer_files import Named
from surpass.steps.bring import import_answers
from surpass.steps.evaluate import evaluate
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.verdict import verdict

pytestmark = pytest.mark.jail

SETTINGS = """
[task]
name = "lines"
kind = "code"
input = "asked"
output = "solution"
tests = "asserts"
[data]
train = ["rows.csv"]
id = "id"
[model]
base = "{base}"
[split]
test_share = 0.5
[ladder]
rungs = ["file:base"]
[[criteria.primary]]
metric = "pass_at_k"
against = "file:base"
margin = 0.1
expect = 0.5
"""


def problems(count=60):
    """One function of one line a row, each with its own name and its own number."""
    for number in range(count):
        name = f"add_{number}"
        yield {
            "id": f"p{number}",
            "asked": f"def {name}(x):\n    # adds {number} to x; {number * 7919} is its mark\n",
            "solution": f"def {name}(x):\n    return x + {number}\n",
            "asserts": f"assert {name}(1) == {number + 1}\nassert {name}(0) == {number}",
        }


def write(path, rows):
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def answered(right):
    """Answers of which every n-th is right, as a model writes them: fenced, with words around."""
    for place, row in enumerate(problems()):
        code = row["solution"] if place % right == 0 else row["solution"].replace("+", "-")
        yield {"id": row["id"], "answer": f"Here it is:\n```python\n{code}```\nDone."}


def test_code_goes_from_rows_to_a_verdict(tmp_path, tiny_base):
    write(tmp_path / "rows.csv", problems())
    write(tmp_path / "base.csv", answered(right=4))
    write(tmp_path / "tuned.csv", answered(right=1))
    settings = SETTINGS.format(base=tiny_base)
    (tmp_path / "surpass.toml").write_text(settings, encoding="utf-8")
    project = open_project(tmp_path)
    for name in ("base", "tuned"):
        import_answers(project, tmp_path / f"{name}.csv", name, Named())
    seal(project)
    found = evaluate(project, "file:tuned", "valid", Silent())
    assert found.record.scores["pass_at_k"] == 1
    assert found.predictions["passed"].to_list() == [1] * found.record.rows
    judged = verdict(project, Silent(), "file:tuned").verdict
    assert judged.outcome is Outcome.PASS
    assert "pass@k" in judged.headline
