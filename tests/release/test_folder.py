"""A released folder is named by its content: any change of it is seen."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surpass.core.errors import BadMachine
from surpass.release.folder import damage, lay_down, require_whole

NAMES = st.dictionaries(
    st.sampled_from(["a.json", "b.md", "adapter/c.json", "adapter/d/e.txt"]),
    st.binary(max_size=40),
    min_size=1,
)


@settings(max_examples=8)
@given(NAMES)
def test_the_same_content_has_the_same_name_and_is_whole(texts):
    with tempfile.TemporaryDirectory() as home:
        first = lay_down(Path(home), {}, texts)
        assert lay_down(Path(home), {}, texts) == first
        assert damage(Path(home) / first) == ""
        assert [path.name for path in Path(home).iterdir()] == [first]


def made(tmp_path):
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(b"numbers")
    texts = {"prompt.md": b"Answer.", "model.json": b"{}"}
    digest = lay_down(tmp_path / "home", {"adapter/w.safetensors": weights}, texts)
    folder = tmp_path / "home" / digest
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


CHANGES = {
    "edited": lambda folder: (folder / "prompt.md").write_bytes(b"Answer!"),
    "added": lambda folder: (folder / "more.txt").write_bytes(b""),
    "lost": lambda folder: (folder / "adapter" / "w.safetensors").unlink(),
    "manifest": lambda folder: (folder / "manifest.json").write_bytes(b'{"files": {}}'),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen(tmp_path, change):
    folder = made(tmp_path)
    require_whole(folder)
    CHANGES[change](folder)
    with pytest.raises(BadMachine):
        require_whole(folder)


def test_what_a_kill_left_is_cleared(tmp_path):
    left = tmp_path / "home" / ".writing.tmp"
    left.mkdir(parents=True)
    (left / "foreign.txt").write_bytes(b"half")
    folder = made(tmp_path)
    assert not left.exists()
    assert not (folder / "foreign.txt").exists()


def test_a_source_that_is_missing_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError):
        lay_down(tmp_path / "home", {"a": tmp_path / "missing"}, {})
    assert list((tmp_path / "home").iterdir()) == []
