"""DVC's files as DVC writes them; the slow tests ask the real DVC."""

import hashlib
import os
import stat
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peers import peer
from surpass.store.dvc import _pointer, find_dvc, left_alone, make_dvc, track


@pytest.fixture
def folder(tmp_path):
    make_dvc(tmp_path)
    (tmp_path / "rows.csv").write_text("text,label\na,b\n", encoding="utf-8")
    return tmp_path


def cached(folder, content: bytes):
    digest = hashlib.md5(content).hexdigest()
    return folder / ".dvc" / "cache" / "files" / "md5" / digest[:2] / digest[2:]


def test_nothing_is_written_where_there_is_no_dvc(tmp_path):
    (tmp_path / "rows.csv").write_text("a", encoding="utf-8")
    track(tmp_path, ("rows.csv",))
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]
    assert left_alone(tmp_path, ("rows.csv",)) is None


def test_a_file_gets_the_pointer_the_object_and_the_ignored_line_of_dvc_add(folder):
    content = (folder / "rows.csv").read_bytes()
    track(folder, ("rows.csv",))
    digest = hashlib.md5(content).hexdigest()
    assert (folder / "rows.csv.dvc").read_text() == (
        f"outs:\n- md5: {digest}\n  size: {len(content)}\n  hash: md5\n  path: rows.csv\n"
    )
    assert cached(folder, content).read_bytes() == content
    assert stat.S_IMODE(cached(folder, content).stat().st_mode) == 0o444
    assert (folder / ".gitignore").read_text() == "/rows.csv\n"


def test_again_changes_nothing_and_another_content_is_another_object(folder):
    track(folder, ("rows.csv",))
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    track(folder, ("rows.csv", "rows.csv"))
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()} == before
    old = (folder / "rows.csv").read_bytes()
    (folder / "rows.csv").write_bytes(old + b"c,d\n")
    track(folder, ("rows.csv",))
    assert cached(folder, old).exists()
    assert cached(folder, old + b"c,d\n").exists()
    assert hashlib.md5(old + b"c,d\n").hexdigest() in (folder / "rows.csv.dvc").read_text()


def test_what_a_person_added_to_a_pointer_is_kept(folder):
    track(folder, ("rows.csv",))
    pointer = folder / "rows.csv.dvc"
    pointer.write_text(pointer.read_text() + "  desc: ours\nmeta:\n  owner: Ann\n")
    (folder / "rows.csv").write_text("other")
    track(folder, ("rows.csv",))
    assert pointer.read_text().endswith("  path: rows.csv\n  desc: ours\nmeta:\n  owner: Ann\n")
    assert "size: 5\n" in pointer.read_text()


def test_lines_of_other_tools_stay_as_they_are(folder):
    (folder / ".gitignore").write_bytes(b"caf\xe9/\r\n*.log")
    track(folder, ("rows.csv",))
    track(folder, ("rows.csv",))
    assert (folder / ".gitignore").read_bytes() == b"caf\xe9/\r\n*.log\n/rows.csv\n"


def test_files_above_the_project_are_found_and_named_from_where_they_lie(tmp_path):
    make_dvc(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "data" / "rows.csv").write_text("a")
    assert find_dvc(tmp_path / "project") == tmp_path
    track(tmp_path / "project", ("../data/rows.csv",))
    assert "path: rows.csv\n" in (tmp_path / "data" / "rows.csv.dvc").read_text()
    assert (tmp_path / "data" / ".gitignore").read_text() == "/rows.csv\n"


def test_what_is_not_ours_to_track_is_left_alone_with_the_reason(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    make_dvc(home)
    for name in ("made.csv", "brought.csv"):
        (home / name).write_text("a")
    (home / "folder.parquet").mkdir()
    (tmp_path / "outside.csv").write_text("a")
    (home / "dvc.lock").write_text(
        "schema: '2.0'\nstages:\n  make:\n    cmd: x\n    deps:\n    - path: y\n"
        "    outs:\n    - path: made.csv\n      md5: 1\n      size: 1\n"
    )
    (home / "brought.csv.dvc").write_text(
        "frozen: true\ndeps:\n- path: x\nouts:\n- path: brought.csv\n"
    )
    names = ("made.csv", "brought.csv", "folder.parquet", "missing.csv", "../outside.csv")
    alone = left_alone(home, names)
    assert alone == {
        "made.csv": "of a pipeline",
        "brought.csv": "imported",
        "folder.parquet": "not a file",
        "missing.csv": "not a file",
        "../outside.csv": "outside",
    }
    track(home, names)
    assert not (home / "made.csv.dvc").exists()
    assert not (tmp_path / "outside.csv.dvc").exists()


def test_the_cache_is_where_the_settings_say(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / ".dvc" / "config").write_text("[core]\n    no_scm = True\n    remote = r\n")
    relative = os.path.relpath(elsewhere, folder / ".dvc")
    (folder / ".dvc" / "config.local").write_text(f"[cache]\n    dir = {relative}\n")
    track(folder, ("rows.csv",))
    assert [path for path in elsewhere.rglob("*") if path.is_file()]
    assert not (folder / ".dvc" / "cache").exists()


names = st.text(st.characters(exclude_characters="/\0\n\r", codec="utf-8"), min_size=1, max_size=12)


@given(names)
def test_a_pointer_made_anew_is_the_pointer_changed(name):
    old = _pointer("", "1" * 32, 1, name)
    assert _pointer(old, "2" * 32, 22, name) == _pointer("", "2" * 32, 22, name)


def dvc(folder, *words: str) -> str:
    """Run the real DVC; its standard output."""
    done = subprocess.run(
        [str(peer("dvc") / "dvc"), *words],
        cwd=folder,
        env=os.environ | {"HOME": str(folder.parent), "DVC_NO_ANALYTICS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


ODD = "odd [name] #1's.csv"


@pytest.mark.slow
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("with_git", [True, False], ids=["git", "no git"])
def test_the_real_dvc_pushes_restores_and_fetches_what_was_written(tmp_path, with_git):
    home, remote = tmp_path / "home", tmp_path / "remote"
    home.mkdir()
    if with_git:
        subprocess.run(["git", "init", "-q", str(home)], check=True)
    make_dvc(home)
    content = {"rows.csv": b"a" * 100_000, ODD: "ünï\r\n".encode()}
    for name, bytes_ in content.items():
        (home / name).write_bytes(bytes_)
    track(home, tuple(content))
    assert "up to date" in dvc(home, "status")
    dvc(home, "remote", "add", "-d", "store", str(remote))
    assert "2 files pushed" in dvc(home, "push")

    for name in content:
        (home / name).unlink()
    dvc(home, "checkout")
    assert {name: (home / name).read_bytes() for name in content} == content

    for name, bytes_ in content.items():
        (home / name).unlink()
        cached(home, bytes_).unlink()
    dvc(home, "pull")
    assert {name: (home / name).read_bytes() for name in content} == content
    assert "up to date" in dvc(home, "status")

    (home / "rows.csv").unlink()  # DVC may have linked it to its cache
    (home / "rows.csv").write_bytes(b"b" * 50)
    assert "modified" in dvc(home, "status")
    track(home, tuple(content))
    assert "up to date" in dvc(home, "status")


@pytest.mark.parametrize("name", ["rows.csv", "odd [name] #1's.csv", "!a*?.csv", "\\ b .csv"])
def test_git_sees_the_pointer_and_not_the_file(tmp_path, name):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    make_dvc(tmp_path)
    (tmp_path / name).write_text("a")
    track(tmp_path, (name,))
    seen = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    assert f"{name}.dvc" in seen
    assert name not in seen
    assert not [path for path in seen if path.startswith(".dvc/cache")]


@pytest.mark.slow
@pytest.mark.timeout(2400)
@pytest.mark.parametrize("with_git", [True, False], ids=["git", "no git"])
def test_what_make_dvc_writes_is_what_dvc_init_writes(tmp_path, with_git):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
        if with_git:
            subprocess.run(["git", "init", "-q", str(folder)], check=True)
    make_dvc(ours)
    dvc(theirs, "init", "-q", *([] if with_git else ["--no-scm"]))
    for name in (".dvc/config", ".dvcignore", *([".dvc/.gitignore"] if with_git else [])):
        assert (ours / name).read_text() == (theirs / name).read_text()
