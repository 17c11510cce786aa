from hypothesis import given
from hypothesis import strategies as st

from surpass.core.wording import counted, plain_types


@given(st.integers(0, 10**9))
def test_only_one_is_singular(number):
    said = counted(number, "row repeats", "rows repeat")
    assert said.endswith("row repeats" if number == 1 else "rows repeat")
    assert said.split()[0].replace(",", "") == str(number)
    assert counted(number, "row").endswith("s") == (number != 1)


def test_types_are_called_what_people_call_them():
    said = plain_types("Expected `float | null`, got `str`")
    assert said == "Expected a number or nothing, got text"
    assert plain_types("Object contains unknown field `Xy1`").endswith("`Xy1`")
