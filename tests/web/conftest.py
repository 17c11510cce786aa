"""What the tests of this room share: hostile rows, a browser, a project for three raters."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from browsers import FLAGS
from rated_projects import Rated, rated

sys.path.append(str(Path(__file__).parents[1] / "show"))  # for hostile.py


@pytest.fixture
def project(tmp_path) -> Rated:
    """Twelve plain questions, three raters."""
    return rated(tmp_path / "project", [f"question {n}" for n in range(12)])


@pytest.fixture
def browser(chromium) -> Iterator[object]:
    """Chromium, closed afterwards."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def port() -> int:
    """A port that nobody has; the server comes back on it."""
    return 20000 + os.getpid() % 10000
