import pytest

from surpass.store.durable import append_line, publish_folder, write_file


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "deep" / "file.json"
    write_file(path, b"old")
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_torn_last_line_is_cut_before_the_next_is_added(tmp_path):
    path = tmp_path / "lines.jsonl"
    append_line(path, b"one")
    with path.open("ab") as stream:
        stream.write(b'{"torn": ')
    append_line(path, b"two")
    assert path.read_bytes() == b"one\ntwo\n"


def test_a_folder_that_is_there_already_wins(tmp_path):
    first, second, final = tmp_path / "a", tmp_path / "b", tmp_path / "final"
    for folder in (first, second):
        folder.mkdir()
        (folder / "name").write_text(folder.name, encoding="utf-8")
    publish_folder(first, final)
    publish_folder(second, final)
    assert (final / "name").read_text(encoding="utf-8") == "a"
    assert not second.exists()


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "file"
    write_file(path, b"old")
    with pytest.raises(TypeError):
        write_file(path, "not bytes")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
