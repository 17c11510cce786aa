"""Which terms of a project stand for each other: from [fairness] swaps, or the file it names."""

from surpass.core.errors import BadInput
from surpass.data.read import read_rows
from surpass.steps.project import Project
from surpass.text.swaps import Terms, wrong_pairs


def swap_terms(project: Project) -> Terms:
    """The declared pairs of terms in their order; empty where none are declared.

    Raises:
        BadInput: the file cannot be read or has not two columns, or a pair swaps nothing.
    """
    declared = project.settings.fairness.swaps
    named = isinstance(declared, str)
    pairs = _of_file(project, declared) if isinstance(declared, str) else tuple(declared.items())
    if wrong := wrong_pairs(pairs):
        where = declared if named else "[fairness.swaps]"
        raise BadInput(
            f"{where}: {wrong[0][0]!r} for {wrong[0][1]!r} swaps nothing.",
            fix='Write two different terms, such as he = "she".',
        )
    return pairs


def _of_file(project: Project, name: str) -> Terms:
    rows = read_rows(project.folder / name, name)
    if rows.frame.width != 2:
        raise BadInput(
            f"{name} has {rows.frame.width} columns; [fairness] swaps needs two.",
            fix="Write a heading and then a pair of terms a line: he,she.",
        )
    first, second = rows.frame.get_columns()
    return tuple(zip(first.fill_null("").to_list(), second.fill_null("").to_list(), strict=True))
