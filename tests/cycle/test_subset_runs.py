import numpy as np
import pytest
from long_tail import long_tail_project

from small_projects import make_project
from surpass.core import columns
from surpass.core.progress import Silent
from surpass.cycle.subset_runs import Point, _part, answers_of, stored_answers
from surpass.steps.split import current_split
from surpass.steps.train import finished_run


class NotAsked(Silent):
    """Fails where any work begins."""

    def start(self, what, total):
        raise AssertionError(what)


@pytest.fixture(scope="module")
def split(long_tail):
    return current_split(long_tail)


def rows_of(split, point):
    return _part(split, point).train[columns.ROW].to_list()


def test_a_smaller_part_lies_within_a_larger_one_of_the_same_seed(split):
    small, large = (set(rows_of(split, Point(rows, 1))) for rows in (50, 200))
    assert len(small) == 50
    assert small < large <= set(split.train[columns.ROW])


def test_two_seeds_have_two_parts_and_all_rows_are_one(split):
    everything = split.train.height
    assert rows_of(split, Point(50, 0)) != rows_of(split, Point(50, 1))
    assert rows_of(split, Point(everything, 0)) == split.train[columns.ROW].to_list()


def test_a_part_brings_groups_whole_but_for_the_last(split):
    part = _part(split, Point(100, 0)).train
    sizes = dict(split.train[columns.GROUP].value_counts().iter_rows())
    cut = [
        group
        for group, rows in part[columns.GROUP].value_counts().iter_rows()
        if rows < sizes[group]
    ]
    assert len(cut) <= 1


def test_a_point_is_answered_on_valid_and_then_only_read(long_tail, split):
    point = Point(60, 5)
    assert stored_answers(long_tail, split, "proxy", point) is None
    first = answers_of(long_tail, split, "proxy", point, Silent())
    stored = stored_answers(long_tail, split, "proxy", point)
    assert first.equals(stored)
    assert first[columns.ROW].to_list() == split.valid[columns.ROW].to_list()


def test_more_rows_answer_better(long_tail, split):
    right = [
        (frame[columns.ANSWER] == frame[columns.TARGET]).mean()
        for frame in (
            answers_of(long_tail, split, "proxy", Point(rows, 0), Silent())
            for rows in (30, split.train.height)
        )
    ]
    assert np.diff(right)[0] > 0.1


def test_a_real_training_is_kept_and_repeated_by_nobody(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, count=60)
    split, point = current_split(project), Point(20, 0)
    first = answers_of(project, split, "real", point, Silent())
    kept = project.objects.revisions("curve-run")
    assert len(kept) == 1
    assert first.height == split.valid.height
    assert first.equals(answers_of(project, split, "real", point, NotAsked()))
    assert project.objects.revisions("curve-run") == kept
    assert finished_run(project) is None  # `surpass train` still has to train, after the seal


def test_other_settings_are_another_point(tmp_path, tiny_base):
    point, digests = Point(40, 0), set()
    for place, more in enumerate(("", "\n[ladder]\nshots = 2\n")):
        project = long_tail_project(tmp_path / str(place), tiny_base, count=200, more=more)
        answers_of(project, current_split(project), "proxy", point, Silent())
        digests |= {digest for digest, _ in project.objects.revisions("curve")}
    assert len(digests) == 1  # the ladder does not touch it
