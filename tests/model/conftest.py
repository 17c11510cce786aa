"""Tiny models for the tests of the model room, loaded once each."""

from collections.abc import Callable
from functools import lru_cache

import pytest

from surpass.model.load import Loaded, load
from tiny_models import save_tiny_base


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Callable[[str], Loaded]:
    """Loads the tiny model of an architecture in fp32; never change it."""

    @lru_cache
    def loaded(architecture: str) -> Loaded:
        folder = tmp_path_factory.mktemp(architecture)
        base = save_tiny_base(folder, architecture, more_ends=range(300, 320))
        return load(base, "float32", threads=1)

    return loaded
