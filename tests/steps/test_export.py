import json

import polars as pl
import pytest

from small_projects import make_project
from surpass.core.columns import GROUP, INPUT, ROW, TARGET
from surpass.core.errors import BadInput, Refused
from surpass.data.write import PLAIN, STYLES
from surpass.steps.dataset import current_dataset
from surpass.steps.export import export_account
from surpass.steps.init import init
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.split import current_split


@pytest.fixture(scope="module")
def project(tmp_path_factory, tiny_base):
    """A project that is split and not sealed."""
    made = make_project(tmp_path_factory.mktemp("project"), tiny_base, count=120)
    current_split(made)
    return made


@pytest.mark.parametrize("style", STYLES)
def test_what_is_exported_makes_the_same_project_again(project, tmp_path, style):
    ending = style if style in {"csv", "tsv", "parquet"} else "jsonl"
    file = tmp_path / f"out.{ending}"
    said = export_account(project, file, style, "all")
    assert said.data.rows == 120
    named = ("text", "label") if style in PLAIN else (None, None)
    init(file, tmp_path, input_column=named[0], output_column=named[1])
    after = current_dataset(open_project(tmp_path)).train
    before = current_dataset(project).train
    assert after.select(INPUT, TARGET).rows() == before.select(INPUT, TARGET).rows()
    if style != "openai":
        assert after[GROUP].n_unique() == before[GROUP].n_unique()


def test_a_side_is_exported_and_the_test_is_not(project, tmp_path):
    split = current_split(project)
    for side, rows in (("train", split.train), ("valid", split.valid)):
        export_account(project, tmp_path / f"{side}.jsonl", None, side)
        lines = (tmp_path / f"{side}.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["text"] for line in lines] == rows[INPUT].to_list()


def test_no_row_of_a_sealed_test_leaves(tmp_path, tiny_base):
    project = make_project(tmp_path / "p", tiny_base, count=120)
    with pytest.raises(Refused, match="not split yet"):
        export_account(project, tmp_path / "a.csv", None, "train")
    everything = set(current_dataset(project).train[ROW])
    seal(project)
    with pytest.raises(Refused, match="The test is sealed"):
        export_account(project, tmp_path / "a.csv", None, "all")
    split = current_split(project)
    hidden = everything - set(split.train[ROW]) - set(split.valid[ROW])
    assert hidden
    texts = current_dataset(project).train.filter(pl.col(ROW).is_in(list(hidden)))[INPUT]
    for side in ("train", "valid"):
        export_account(project, tmp_path / f"{side}.csv", None, side)
        written = (tmp_path / f"{side}.csv").read_text(encoding="utf-8")
        assert not [text for text in texts if text in written]


@pytest.mark.parametrize(
    ("name", "style", "side", "said"),
    [
        ("a.xlsx", None, "train", "'xlsx' is no format to export"),
        ("a", None, "train", "has no ending that says a format"),
        ("a.csv", "word", "train", "'word' is no format"),
        ("a.csv", None, "test", "'test' is no side to export"),
        ("there.csv", None, "train", "exists"),
    ],
)
def test_what_cannot_be_exported_is_said(project, tmp_path, name, style, side, said):
    (tmp_path / "there.csv").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        export_account(project, tmp_path / name, style, side)
