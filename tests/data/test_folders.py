import json

import polars as pl
import pytest

from surpass.core.errors import BadInput
from surpass.data.folders import digest_rows
from surpass.data.read import read_rows


def write_texts(folder):
    for name, text in (("ham/a.txt", "hello\n"), ("spam/b.txt", "win"), ("spam/.c.txt", "no")):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text, encoding="utf-8")


def save_dataset(folder, **info):
    folder.mkdir()
    frame = pl.DataFrame({"text": ["a", "b", "c"], "label": [1, 0, -1], "n": [[1], [2], None]})
    for place in range(3):
        frame[place : place + 1].write_ipc_stream(folder / f"data-0000{place}-of-00003.arrow")
    (folder / "dataset_info.json").write_text(json.dumps(info), encoding="utf-8")


def test_texts_in_folders_have_the_folder_as_label(tmp_path):
    write_texts(tmp_path)
    rows = read_rows(tmp_path, "texts")
    assert rows.frame.rows() == [("ham/a.txt", "hello", "ham"), ("spam/b.txt", "win", "spam")]


def test_a_text_in_no_folder_is_named(tmp_path):
    write_texts(tmp_path)
    (tmp_path / "lone.md").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match=r"lone\.md lies in no sub-folder"):
        read_rows(tmp_path)


def test_a_saved_dataset_is_read_with_the_names_of_its_labels(tmp_path):
    names = {"names": ["neg", "pos"], "_type": "ClassLabel"}
    save_dataset(tmp_path / "d", features={"label": names, "text": {"dtype": "string"}})
    rows = read_rows(tmp_path / "d")
    assert rows.frame.rows() == [("a", "pos", "[1]"), ("b", "neg", "[2]"), ("c", None, None)]


def test_other_names_of_labels_are_other_rows(tmp_path):
    save_dataset(tmp_path / "d")
    before = digest_rows(tmp_path / "d")
    (tmp_path / "d" / "dataset_info.json").write_text("{} ", encoding="utf-8")
    assert digest_rows(tmp_path / "d") != before


def test_a_damaged_dataset_is_named(tmp_path):
    save_dataset(tmp_path / "d")
    (tmp_path / "d" / "data-00000-of-00003.arrow").write_bytes(b"nonsense")
    with pytest.raises(BadInput, match="is not a readable dataset"):
        read_rows(tmp_path / "d")


def test_a_dataset_of_several_splits_names_them(tmp_path):
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "test"]}', encoding="utf-8")
    with pytest.raises(BadInput, match=r"several splits: train, test.*/train"):
        read_rows(tmp_path)


def test_the_digest_of_a_folder_is_that_of_its_rows(tmp_path):
    write_texts(tmp_path)
    before = digest_rows(tmp_path)
    (tmp_path / "notes.pdf").write_bytes(b"x")
    assert digest_rows(tmp_path) == before
    (tmp_path / "ham" / "a.txt").rename(tmp_path / "spam" / "a.txt")
    assert digest_rows(tmp_path) != before
    with pytest.raises(FileNotFoundError):
        digest_rows(tmp_path / "none")
