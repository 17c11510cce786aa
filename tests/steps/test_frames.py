import datetime

import pandas as pd
import polars as pl
import pytest

from surpass.core.errors import BadInput
from surpass.steps.frames import rows_file

COLUMNS = {"text": ["a", "b", None], "label": ["x", "y", "x"], "n": [1, 2, 3]}
EXPECTED = [("a", "x", "1"), ("b", "y", "2"), (None, "x", "3")]


@pytest.mark.parametrize("make", [dict, pl.DataFrame, pd.DataFrame])
def test_frames_of_every_make_become_the_same_file(tmp_path, make):
    file = rows_file(make(COLUMNS), tmp_path / "new")
    assert pl.read_parquet(file).rows() == EXPECTED


def test_lists_and_records_become_json_and_what_is_missing_stays_missing(tmp_path):
    frame = pd.DataFrame(
        {
            "messages": [[{"role": "user", "content": "é"}], [{"role": "user", "content": "b"}]],
            "share": [0.5, float("nan")],
            "day": [pd.Timestamp("2024-01-02"), pd.NaT],
            "left": [pd.NA, True],
        }
    )
    read = pl.read_parquet(rows_file(frame, tmp_path))
    assert read.rows() == [
        ('[{"role":"user","content":"é"}]', "0.5", "2024-01-02T00:00:00", None),
        ('[{"role":"user","content":"b"}]', None, None, "true"),
    ]


def test_a_path_is_taken_as_it_is(tmp_path):
    assert rows_file("rows.csv", tmp_path).name == "rows.csv"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1, 2], "not from a list"),
        (None, "not from a NoneType"),
        ({"a": ["x"], "b": []}, "differ in length (a: 1, b: 0)"),
        ({"a": []}, "has no rows"),
        ({}, "has no rows"),
        (pl.DataFrame({"a": [datetime.date(2024, 1, 1)]}).clear(), "has no rows"),
        ({"a": [{1: {2}}, {(1, 2): 3}]}, "holds values that are no JSON"),
    ],
)
def test_what_is_no_frame_of_rows_is_said(tmp_path, given, said):
    with pytest.raises(BadInput) as error:
        rows_file(given, tmp_path)
    assert said in str(error.value)


def test_nothing_that_is_there_is_overwritten(tmp_path):
    rows_file(COLUMNS, tmp_path)
    with pytest.raises(BadInput, match="exists already"):
        rows_file(COLUMNS, tmp_path)
