"""The ledger alone says who is champion, and a rollback goes back like a stack."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from released_projects import promotion
from surpass.core.records.decisions import Rollback
from surpass.steps.project import Project
from surpass.steps.releasing.read import champion, moves, releases, standing, tenures
from surpass.store.answers import Answers
from surpass.store.ledger import Ledger
from surpass.store.objects import Objects
from surpass.store.sealed import SealedTest


def empty(folder):
    """A project of which only the ledger is asked."""
    ledger = Ledger(folder)
    sealed = SealedTest(folder, folder / "cache", ledger)
    return Project(folder, None, Objects(folder / "cache"), ledger, Answers(folder), sealed)


def write(project, steps):
    """Release on True, go back on False where that can be; returns the expected stack."""
    stack = []
    for number, forward in enumerate(steps):
        if forward:
            stack.append((project.ledger.append(promotion(number)), number))
        elif len(stack) > 1:
            stack.pop()
            entry = stack[-1][0]
            body = Rollback(release=entry, instead_of="x", by="Bo", reason="slower")
            project.ledger.append(body)
    return [f"{number:064x}" for _, number in stack]


@settings(max_examples=12)
@given(st.lists(st.booleans(), max_size=12))
def test_going_back_takes_off_what_lies_on_top(steps):
    with tempfile.TemporaryDirectory() as folder:
        project = empty(Path(folder))
        expected = write(project, steps)
        left = standing(moves(project))
        assert [one.folder.name for one in left] == expected
        now = champion(project)
        assert (now is None) == (not expected)
        assert now is None or now.folder.name == expected[-1]
        assert len(releases(project)) == sum(steps)
        history = tenures(project)
        assert [one.until for one in history[:-1]] == [one.since for one in history[1:]]
        assert not history or history[-1].until is None


def test_nothing_released_is_no_champion(tmp_path):
    project = empty(tmp_path)
    assert champion(project) is None
    assert (releases(project), tenures(project)) == ([], ())


def test_a_rollback_to_a_branch_that_is_not_here_changes_nothing(tmp_path):
    project = empty(tmp_path)
    project.ledger.append(promotion(1))
    project.ledger.append(Rollback(release="f" * 64, instead_of="x", by="Bo", reason="merged"))
    assert champion(project).folder.name == f"{1:064x}"


def test_the_champion_says_who_brought_it_back_and_why(tmp_path):
    project = empty(tmp_path)
    write(project, [True, True, False])
    now = champion(project)
    assert (now.since.by, now.since.back, now.since.outcome) == ("Bo", "slower", "PASS")
    assert tenures(project)[-1].because == "Rolled back: slower"
