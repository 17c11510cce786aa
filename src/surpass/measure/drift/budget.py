"""One budget of false alarms a week, shared by all the tests that are made in it."""

from typing import NamedTuple

import numpy as np


class Shared(NamedTuple):
    """What each test may spend."""

    level: float
    tests_a_week: float


def shared_out(false_a_week: float, tests_a_window: int, windows_a_week: float) -> Shared:
    """The level of one test under which so many false alarms a week are expected at most.

    The expected number of false alarms is the sum of the levels, however the tests depend on each
    other (the per-family error rate; Bonferroni).

    Args:
        false_a_week: Accepted on average in a week in which nothing has changed.
        tests_a_window: Detectors times slices.
        windows_a_week: As the traffic of late makes; at least one is counted.
    """
    tests = max(1, tests_a_window) * max(1.0, windows_a_week)
    return Shared(float(min(0.1, false_a_week / tests)), float(np.ceil(tests)))
