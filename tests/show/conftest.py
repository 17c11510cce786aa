"""What the tests of this room share: a realistic account, and hostile ones."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for sample.py and hostile.py beside the tests

from sample import sample_account

from surpass.core.account import Account


@pytest.fixture(scope="session")
def sample() -> Account:
    """The verdict on an invented ticket model."""
    return sample_account()
