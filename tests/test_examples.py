"""The worked examples: their rows are what the pages say, and both go from `init` to a verdict."""

import json
import re
import shutil
import tomllib
from pathlib import Path

import polars as pl
import pytest

from jailed import outcome
from surpass.core.account import Standing
from surpass.core.progress import Silent
from surpass.core.records.verdict import Outcome
from surpass.evaluate.jail.verdicts import Problem
from surpass.steps.go import Ears, go
from surpass.steps.init import init
from surpass.steps.project import open_project
from surpass.steps.split import current_split
from surpass.steps.verdict import verdict
from surpass.text.near_duplicates import near_duplicates

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
FUNCTIONS = EXAMPLES / "code" / "functions.jsonl"
MEETINGS = EXAMPLES / "summaries" / "meetings.jsonl"
FORM = re.compile(r"Decided: .+\. Money: .+\. Open: .+\. Next meeting: \d+ \w+ 202[45]\.")
LEAST_TOKENS = 1500
SHORT = """
[generation]
max_new_tokens = 24

[ladder]
rungs = ["zero-shot"]
"""


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.jail
@pytest.mark.parametrize("mode", ["default", "strict"])
def test_every_solution_passes_its_asserts(mode):
    rows = lines(FUNCTIONS)
    program = "\n".join(row["canonical_solution"] for row in rows)
    tests = "\n".join(row["test"] for row in rows)
    assert outcome(program, mode, Problem("", tests, ""), seconds=60).passed


@pytest.mark.jail
@pytest.mark.parametrize("wrong", ["None", "True", "0", "{first}"])
def test_no_thoughtless_answer_passes(wrong):
    rows = lines(FUNCTIONS)
    program = "\n".join(thoughtless(row["canonical_solution"], wrong) for row in rows)
    tests = "\n".join(must_fail(row) for row in rows)
    found = outcome(program, "default", Problem("", tests, ""), seconds=60)
    assert found.passed, found.why


def must_fail(row):
    """Python that fails where all the asserts of a row hold."""
    asserts = row["test"].replace("\n", "\n    ")
    name = row["entry_point"]
    return (
        f"try:\n    {asserts}\nexcept Exception:\n    pass\nelse:\n    raise SystemError({name!r})"
    )


def thoughtless(solution, wrong):
    """The same function with another body; `{first}` is its first argument."""
    head, arguments = re.match(r"(def \w+\((.*?)\): return )", solution).groups()
    return head + wrong.replace("{first}", arguments.split(",")[0])


def test_the_functions_are_one_line_each_and_named_in_their_sentences():
    rows = lines(FUNCTIONS)
    assert 180 <= len(rows) <= 220
    assert len({row["entry_point"] for row in rows}) == len(rows)
    for row in rows:
        head = re.match(r"def (\w+\(.*?\)): return [^\n]+$", row["canonical_solution"])[1]
        assert head in row["prompt"]
        assert head.startswith(row["entry_point"] + "(")
        assert 3 <= row["test"].count("assert ") <= 5


@pytest.mark.parametrize(
    ("path", "column"),
    [(FUNCTIONS, "prompt"), (FUNCTIONS, "canonical_solution"), (MEETINGS, "minutes")],
)
def test_no_two_rows_are_near_duplicates(path, column):
    texts = pl.Series([row[column] for row in lines(path)])
    assert near_duplicates(texts).height == 0


def test_no_frame_of_a_sentence_recurs_more_than_a_handful_of_times():
    starts = pl.Series([" ".join(row["prompt"].split()[:2]) for row in lines(FUNCTIONS)])
    assert starts.value_counts()["count"].max() <= 8


def test_the_summaries_keep_the_form():
    rows = lines(MEETINGS)
    assert len(rows) == len({row["id"] for row in rows}) == 24
    assert [row["id"] for row in rows if not FORM.fullmatch(row["summary"])] == []


@pytest.mark.model
def test_the_minutes_are_longer_than_1500_tokens():
    from surpass.model.find import find_base
    from surpass.model.load import read_tokenizer

    tokenizer = read_tokenizer(find_base("smollm2-135m-q4", ROOT).folder)
    short = {
        row["id"]: n for row in lines(MEETINGS) if (n := tokens(tokenizer, row)) <= LEAST_TOKENS
    }
    assert short == {}


def tokens(tokenizer, row):
    return len(tokenizer(row["minutes"])["input_ids"])


@pytest.mark.parametrize("name", ["code", "summaries"])
def test_the_settings_of_an_example_fit_its_rows(tmp_path, name):
    project = example(tmp_path, name)
    sides = current_split(project).sides
    assert sides.test_rows == {"code": 60, "summaries": 10}[name]


def test_the_examples_stay_out_of_the_wheel():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    assert build["build"]["targets"]["wheel"] == {"packages": ["src/surpass"]}
    assert not EXAMPLES.is_relative_to(ROOT / "src")


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.jail
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("name", ["code", "summaries"])
def test_an_example_goes_from_init_to_a_verdict(tmp_path, name):
    project = example(tmp_path, name, tiny=True)
    account = go(project, Ears(Silent(), lambda said: None, lambda proposal: True))
    assert account.standing in set(Standing)
    if name == "summaries":  # ten groups decide nothing, whatever the scores
        assert verdict(project, Silent()).verdict.outcome is Outcome.INCONCLUSIVE
    assert (tmp_path / "report.html").exists()


def example(folder, name, *, tiny=False):
    """An example as its page makes it: `init`, then the settings and the instruction over it."""
    for path in (EXAMPLES / name).iterdir():
        shutil.copy(path, folder)
    rows = next(folder.glob("*.jsonl"))
    kept = (folder / "surpass.toml").read_text(encoding="utf-8")
    (folder / "surpass.toml").unlink()
    init(rows, folder, input_column=None, output_column=None)
    text = shortened(kept) if tiny else kept
    (folder / "surpass.toml").write_text(text, encoding="utf-8")
    return open_project(folder)


def shortened(settings):
    """The same task in minutes: a few steps, few tokens, one baseline."""
    kept, _, rest = settings.partition("[training]")
    criteria = rest[rest.index("[[criteria.primary]]") :]
    return f"{kept}[training]\nepochs = 0.2\n\n{SHORT}\n{criteria}"
