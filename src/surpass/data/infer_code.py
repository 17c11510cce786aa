"""Whether the rows of a file are functions with tests, and in which columns they stand."""

from typing import NamedTuple

import polars as pl

_SOLUTIONS = ("canonical_solution", "solution", "reference_solution", "code", "function")
_TESTS = ("test", "tests", "test_list", "asserts", "unit_tests")
_ENTRY_POINTS = ("entry_point", "entrypoint", "function_name")
_MOST = 0.9  # of the tests must assert something, and of the solutions be Python


class CodeColumns(NamedTuple):
    """Where the parts of a code task stand."""

    output: str
    tests: str
    entry_point: str | None


def code_columns(
    frame: pl.DataFrame,
    input: str | None,  # noqa: A002
    output: str | None,
) -> CodeColumns | None:
    """The columns of a code task, named as HumanEval and MBPP name them; none: it is another task.

    Args:
        frame: All columns as text.
        input: The input column, if the user named it; it is neither a solution nor a test.
        output: The output column, if the user named it.
    """
    rest = frame.select(name for name in frame.columns if name != input)
    named = _there(rest, _SOLUTIONS) if output is None else [output]
    solutions = [name for name in named if _say(rest[name], r"\b(def|return)\b")]
    tests = [name for name in _there(rest, _TESTS) if _say(rest[name], r"\bassert\b")]
    if not solutions or not tests or solutions[0] == tests[0]:
        return None
    entry = next((n for n in _there(rest, _ENTRY_POINTS) if _are_names(rest[n])), None)
    return CodeColumns(solutions[0], tests[0], entry)


def _there(frame: pl.DataFrame, names: tuple[str, ...]) -> list[str]:
    """The columns with one of these names, in the order of the names."""
    return [column for name in names for column in frame.columns if column.lower() == name]


def _say(column: pl.Series, pattern: str) -> bool:
    share = column.fill_null("").str.contains(pattern).mean()
    return isinstance(share, float) and share >= _MOST


def _are_names(column: pl.Series) -> bool:
    return all(name.isidentifier() for name in column.fill_null(""))
