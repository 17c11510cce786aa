"""A secret does not show."""

import copy

import msgspec
import pytest

from surpass.core.secret import Secret


def test_a_secret_prints_as_stars_and_only_reveal_tells_it():
    secret = Secret("hidden-word")
    shown = f"{secret} {secret!r} {[secret]}"
    assert "hidden" not in shown
    assert secret.reveal() == "hidden-word"


def test_a_secret_is_not_written_down():
    with pytest.raises(TypeError):
        msgspec.json.encode(Secret("hidden-word"))
    with pytest.raises(TypeError, match="not written down"):
        copy.deepcopy(Secret("hidden-word"))
