"""The number type is as set, or the faster one."""

import pytest

from surpass.model.precision import choose_number_type, matrix_rate


@pytest.mark.parametrize("name", ["float32", "bfloat16"])
def test_a_named_type_is_respected(name):
    assert choose_number_type(name) == name


def test_auto_is_the_type_that_multiplies_faster():
    chosen = choose_number_type("auto")
    faster = matrix_rate("bfloat16", 1) / matrix_rate("float32", 1)
    if not 1.0 < faster < 1.7:  # near the border both are right
        assert (chosen == "bfloat16") == (faster > 1.3)
