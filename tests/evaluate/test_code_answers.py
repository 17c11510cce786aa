import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.core.settings import Code
from surpass.evaluate.code_answers import items_of, run_codes
from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.probe import require_jail
from surpass.evaluate.jail.verdicts import Bench, judge

TASK = Code(name="t", tests="test", entry_point="entry_point")
PROMPT = 'def add(x, y):\n    """The sum."""\n'
CHECK = "def check(candidate):\n    assert candidate(1, 2) == 3\n"


def frame(**cells):
    row = {
        columns.ROW: "r1",
        columns.INPUT: PROMPT,
        columns.TARGET: "return x + y",
        "@test": CHECK,
        "@entry_point": "add",
    }
    return pl.DataFrame([row | cells], schema=dict.fromkeys(row, pl.String))


def judged(rows, *answers, task=TASK):
    return run_codes(rows, [answers] * rows.height, task, threads=1, progress=Silent()).row(
        0, named=True
    )


@pytest.mark.jail
def test_samples_and_passes_are_counted():
    same = "class S:\n    __eq__ = lambda s, o: True\ndef add(x, y):\n    return S()"
    found = judged(frame(), "return x + y", "```python\ndef add(x, y): return x\n```", same, "x y")
    assert found[columns.SAMPLES] == 4
    assert found[columns.PASSED] == 1
    assert found[columns.PASSED_DEFAULT] == 2
    assert found[columns.OUTCOMES] == ["passed", "AssertionError", "TypeError", "SyntaxError"]
    assert found[columns.STATUS] == "ok"


@pytest.mark.jail
def test_a_row_without_one_readable_answer_is_unreadable():
    found = judged(frame(), "I cannot do that.", "def add(x, y) return")
    assert (found[columns.STATUS], found[columns.PASSED]) == ("unreadable", 0)


@pytest.mark.jail
@pytest.mark.parametrize(
    ("answer", "status"), [("return x + y\n\ndef oth", "ok"), ("return x +", "truncated")]
)
def test_an_answer_that_was_cut_says_so_unless_it_passes(answer, status):
    rows = frame().with_columns(pl.lit("truncated").alias(columns.STATUS))
    assert judged(rows, answer)[columns.STATUS] == status


@pytest.mark.jail
def test_a_list_of_asserts_needs_no_entry_point():
    asserts = json.dumps(["assert add(1, 2) == 3", "assert add((1,), (2,)) == (1, 2)"])
    task = Code(name="t", tests="test")
    assert judged(frame(**{"@test": asserts}), "return x + y", task=task)[columns.PASSED] == 1


@pytest.mark.jail
def test_a_solution_that_fails_its_own_tests_is_named():
    with pytest.raises(BadInput, match=r"1 of 1 rows .* r1, AssertionError"):
        judged(frame(**{columns.TARGET: "return x - y"}), "return x + y")


@pytest.mark.slow
@pytest.mark.jail
def test_time_that_runs_out_is_told():
    found = judged(frame(), "while True: pass")
    assert found[columns.OUTCOMES] == ["time"]


@pytest.mark.parametrize("tests", ["", "  \n", None])
def test_a_row_without_tests_is_refused(tests):
    with pytest.raises(BadInput, match="r1 has no tests"):
        items_of(frame(**{"@test": tests}), TASK)


@pytest.mark.parametrize("name", ["", "add(1)", "os; import os", "ad-d"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(BadInput, match="as the function to test"):
        items_of(frame(**{"@entry_point": name}), TASK)


@pytest.mark.shared
@pytest.mark.jail
@pytest.mark.parametrize("mode", ["default", "strict"])
def test_every_solution_of_humaneval_passes(mode, shared_data):
    with gzip.open(shared_data / "humaneval" / "HumanEval.jsonl.gz") as lines:
        problems = [json.loads(line) for line in lines]
    names = {
        "task_id": columns.ROW,
        "prompt": columns.INPUT,
        "canonical_solution": columns.TARGET,
        "test": "@test",
        "entry_point": "@entry_point",
    }
    rows = pl.DataFrame(problems).rename(names)
    bench = Bench(require_jail(), Limits(), 20.0)
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(
            lambda item: judge(bench, item.problem, [item.canonical], mode)[0],
            items_of(rows, TASK),
        )
    failed = [row for row, one in zip(rows[columns.ROW], found, strict=True) if not one.passed]
    assert rows.height == 164
    assert failed == []


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.jail
def test_the_example_samples_of_humaneval_score_as_its_readme_says(shared_data):
    folder = shared_data / "humaneval"
    problem = json.loads((folder / "example_problem.jsonl").read_text(encoding="utf-8"))
    lines = (folder / "example_samples.jsonl").read_text(encoding="utf-8").splitlines()
    rows = frame(
        **{
            columns.INPUT: problem["prompt"],
            columns.TARGET: problem["canonical_solution"],
            "@test": problem["test"],
            "@entry_point": problem["entry_point"],
        }
    )
    found = judged(rows, *(json.loads(line)["completion"] for line in lines))
    assert (found[columns.PASSED], found[columns.SAMPLES]) == (3, 6)
