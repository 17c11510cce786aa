import pytest

from surpass.measure.records import read_record, same_fields


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ('{"a": 34.5}', '{"a": "34.50"}'),
        ('{"a": "New  York"}', '{"a": "new york "}'),
        ('{"a": true}', '{"a": "True"}'),
        ('{"a": "x", "b": null}', '{"a": "x"}'),
        ('{"a": [1, 2]}', '{"a": [1,2]}'),
    ],
)
def test_values_that_mean_the_same_are_the_same(left, right):
    assert read_record(left) == read_record(right)


@pytest.mark.parametrize(
    ("left", "right"), [('{"a": "007"}', '{"a": 7}'), ('{"a": "1e3"}', '{"a": 1000}')]
)
def test_names_that_look_like_numbers_stay_names(left, right):
    assert read_record(left) != read_record(right)


@pytest.mark.parametrize(
    "text",
    ["", "[1]", "no", '{"a": NaN}', '{"a": 1', "[" * 100_000, '{"a": 1e99999999999999999999}'],
)
def test_what_is_no_json_object_is_no_record(text):
    assert read_record(text) is None


def test_each_field_is_right_missed_wrong_or_invented():
    found = same_fields('{"a": 1, "b": 2, "c": 3}', '{"a": 1.0, "b": 5, "d": 4}')
    assert found == {"a": "right", "b": "wrong", "c": "missed", "d": "invented"}
