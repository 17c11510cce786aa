"""A missing package is one sentence with one command."""

import pytest

from surpass.core.errors import BadMachine
from surpass.model.needs import require_packages


def test_a_missing_package_names_the_extra():
    require_packages(["json"])
    with pytest.raises(BadMachine, match="need no_such_package_1, which") as caught:
        require_packages(["json", "no_such_package_1"])
    assert caught.value.fix == "Run `pip install 'surpass[train]'`."
