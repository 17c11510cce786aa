"""Functions with tests are seen as a code task, under the names of the public sets and ours."""

import polars as pl
import pytest

from surpass.data.infer import infer

COUNT = 30
NAMES = [f"add_{number}" for number in range(COUNT)]
ASKED = pl.Series("prompt", [f"Write {name}(x): adds its number to x." for name in NAMES])
SOLUTIONS = [f"def {name}(x):\n    return x + {number}" for number, name in enumerate(NAMES)]
ASSERTS = [f"assert {name}(0) == {number} # and more" * 9 for number, name in enumerate(NAMES)]
OURS = pl.DataFrame(
    {"prompt": ASKED, "canonical_solution": SOLUTIONS, "test": ASSERTS, "entry_point": NAMES}
)


def test_functions_with_tests_are_a_code_task():
    found = infer(OURS, "f.jsonl", None, None)
    assert (found.kind, found.input, found.output) == ("code", "prompt", "canonical_solution")
    assert found.code == ("canonical_solution", "test", "entry_point")
    assert found.slices == ()
    assert any("'test' asserts" in note for note in found.notes)


def test_the_names_of_another_public_set_are_known_too():
    lists = [f'["{text}"]' for text in ASSERTS]
    rows = pl.DataFrame({"text": ASKED, "code": SOLUTIONS, "test_list": lists})
    found = infer(rows, "f.jsonl", None, None)
    assert (found.kind, found.input) == ("code", "text")
    assert found.code == ("code", "test_list", None)


def test_a_solution_that_the_user_named_is_one():
    rows = OURS.rename({"canonical_solution": "wanted"})
    assert infer(rows, "f.jsonl", None, "wanted").code == ("wanted", "test", "entry_point")


@pytest.mark.parametrize(("asked", "answer"), [("canonical_solution", "test"), ("prompt", "test")])
def test_whoever_wants_tests_written_gets_texts(asked, answer):
    found = infer(OURS, "f.jsonl", asked, answer)
    assert (found.kind, found.code) == ("generate", None)


def test_a_solution_that_is_the_input_is_not_the_output():
    rows = OURS.with_columns(pl.Series("summary", [f"It adds {n} to x." for n in range(COUNT)]))
    found = infer(rows, "f.jsonl", "canonical_solution", "summary")
    assert (found.kind, found.code) == ("generate", None)


@pytest.mark.parametrize("column", ["test", "canonical_solution"])
def test_columns_that_are_only_named_like_code_are_no_code(column):
    plain = pl.Series(column, [f"the blood test {number} was fine" for number in range(COUNT)])
    assert infer(OURS.with_columns(plain), "f.jsonl", None, None).kind == "generate"


def test_a_name_that_no_function_can_have_is_not_an_entry_point():
    rows = OURS.with_columns(pl.Series("entry_point", ["add one", *NAMES[1:]]))
    found = infer(rows, "f.jsonl", None, None)
    assert found.code == ("canonical_solution", "test", None)
