import polars as pl
import pytest

import surpass
from surpass.core.errors import BadInput

ROWS = {
    "text": [f"my lamp {number} is {'late' if number % 2 else 'broken'}" for number in range(12)],
    "label": ["damage", "delivery"] * 6,
}


@pytest.mark.parametrize("make", [dict, pl.DataFrame])
def test_a_project_is_made_from_a_frame_and_handed_on(tmp_path, make):
    project = surpass.Project.init(make(ROWS), tmp_path / "p")
    told = project.export(tmp_path / "out.parquet", side="all")
    assert told.data.rows == 12
    assert pl.read_parquet(tmp_path / "out.parquet").select("text", "label").rows() == list(
        zip(ROWS["text"], ROWS["label"], strict=True)
    )
    assert project.card().data.rows == 12
    assert "Motivation" in project.card(check=True).data.blanks


def test_a_folder_that_is_a_project_is_left_alone(tmp_path):
    surpass.Project.init(ROWS, tmp_path)
    with pytest.raises(BadInput, match="already"):
        surpass.Project.init(ROWS, tmp_path)
