import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for long_tail.py beside the tests

from long_tail import long_tail_project

from tiny_models import save_tiny_base


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory):
    """Folder of a two-layer Llama."""
    return save_tiny_base(tmp_path_factory.mktemp("base")).folder


@pytest.fixture(scope="session")
def long_tail(tmp_path_factory, tiny_base):
    """A project whose linear model gets better with every row; its points are trained already."""
    return long_tail_project(tmp_path_factory.mktemp("long-tail"), tiny_base)
