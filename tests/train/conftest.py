"""Tiny bases for the tests of the training room."""

from collections.abc import Callable
from functools import lru_cache

import pytest

from surpass.model.find import Base
from surpass.train.loop import Job
from tiny_jobs import six_steps
from tiny_models import save_tiny_base


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory) -> Callable[[str], Base]:
    """The tiny base model of an architecture, on disk."""

    @lru_cache
    def saved(architecture: str) -> Base:
        return save_tiny_base(tmp_path_factory.mktemp(architecture), architecture)

    return saved


@pytest.fixture
def job(tiny_base) -> Job:
    """Six steps over 24 rows with the tiny Llama."""
    return six_steps(tiny_base("llama"))
