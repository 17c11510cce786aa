from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.data.moments import moment_of


@pytest.mark.parametrize(
    "written",
    ["2024-03-05", " 2024-03-05 ", "2024/3/5", "2024.03.05", "2024-03-05T00:00:00Z", "1709596800",
     "1709596800000", "2024-03-05T01:00:00+01:00"],
)  # fmt: skip
def test_one_moment_in_many_spellings(written):
    assert moment_of(written) == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("written", [None, "", "03/04/2024", "yesterday", "2024-13-01", "9" * 40])
def test_what_could_mean_several_days_or_none_is_unknown(written):
    assert moment_of(written) is None


@given(st.text())
def test_no_text_stops_it(written):
    moment = moment_of(written)
    assert moment is None or moment.tzinfo is not None
