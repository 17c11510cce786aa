import pytest

from surpass.prove.exposure import level_in_force


def test_the_first_candidate_is_judged_at_half_of_alpha():
    assert level_in_force(0.05, 1) == 0.025


def test_endless_candidates_spend_no_more_than_alpha():
    levels = [level_in_force(0.05, k) for k in range(1, 100_000)]
    assert sum(levels) < 0.05
    assert sum(levels) == pytest.approx(0.05, rel=1e-3)


def test_candidates_are_counted_from_one():
    with pytest.raises(ValueError, match="from 1"):
        level_in_force(0.05, 0)
