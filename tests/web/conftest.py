"""What the tests of this room share: hostile rows, and a project with tasks for three raters."""

import sys
from pathlib import Path

import pytest

from rated_projects import Rated, rated

sys.path.append(str(Path(__file__).parents[1] / "show"))  # for hostile.py


@pytest.fixture
def project(tmp_path) -> Rated:
    """Twelve plain questions, three raters."""
    return rated(tmp_path / "project", [f"question {n}" for n in range(12)])
