"""Kept versions: their manifests bind training, and DVC points to their files where it is."""

import hashlib

import pytest

from small_projects import make_project
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.steps.fix import fix_account
from surpass.steps.init import init
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.split import split_account
from surpass.steps.train import train
from surpass.store.dvc import make_dvc


def pointed_to(folder) -> str:
    return (folder / "rows.csv.dvc").read_text().partition("md5: ")[2].partition("\n")[0]


def md5(folder) -> str:
    return hashlib.md5((folder / "rows.csv").read_bytes()).hexdigest()


def edit(folder, old: str, new: str) -> None:
    path = folder / "rows.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"), [(",bill,", ",move,"), (",bill,", ',"bill",')], ids=["an answer", "quotes"]
)
def test_training_refuses_files_that_are_not_those_of_a_kept_version(tmp_path, tiny_base, old, new):
    seal(make_project(tmp_path, tiny_base))
    manifests = sorted((tmp_path / "versions").iterdir())
    edit(tmp_path, old, new)
    with pytest.raises(Refused, match=r"rows\.csv changed since the last version") as told:
        train(open_project(tmp_path), Silent())
    assert "surpass split" in told.value.fix
    assert sorted((tmp_path / "versions").iterdir()) == manifests


def test_a_version_that_was_kept_after_an_edit_still_breaks_the_seal(tmp_path, tiny_base):
    seal(make_project(tmp_path, tiny_base))
    edit(tmp_path, ",bill,", ",move,")
    split_account(open_project(tmp_path))
    with pytest.raises(Refused, match="changed after the seal"):
        train(open_project(tmp_path), Silent())


def test_bytes_that_change_no_row_are_kept_by_a_split_and_train(tmp_path, tiny_base):
    seal(make_project(tmp_path, tiny_base, count=120))
    edit(tmp_path, ",bill,", ',"bill",')
    split_account(open_project(tmp_path))
    assert train(open_project(tmp_path), Silent()).run.steps > 0


def test_a_damaged_manifest_is_named(tmp_path, tiny_base):
    seal(make_project(tmp_path, tiny_base, count=120))
    manifest = next(p for p in (tmp_path / "versions").iterdir() if not p.name.startswith("block"))
    manifest.write_bytes(b'{"digest": ')
    with pytest.raises(BadInput, match="is no manifest of a version"):
        train(open_project(tmp_path), Silent())


def test_without_dvc_nothing_of_it_is_written(tmp_path, tiny_base):
    account = split_account(make_project(tmp_path, tiny_base))
    assert not any("DVC" in line for line in account.text)
    assert not (tmp_path / "rows.csv.dvc").exists()


def test_keeping_a_version_points_dvc_at_its_files(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    make_dvc(tmp_path)
    account = split_account(project)
    assert any("DVC points to 1 data file" in line for line in account.text)
    assert pointed_to(tmp_path) == md5(tmp_path)
    edit(tmp_path, ",bill,", ",move,")
    assert pointed_to(tmp_path) != md5(tmp_path)
    split_account(open_project(tmp_path))
    assert pointed_to(tmp_path) == md5(tmp_path)


def test_a_fix_keeps_a_version_too(tmp_path, tiny_base):
    make_project(tmp_path, tiny_base)
    lines = (tmp_path / "rows.csv").read_text(encoding="utf-8")
    (tmp_path / "rows.csv").write_text(lines + lines.splitlines()[1] + "\n", encoding="utf-8")
    make_dvc(tmp_path)
    assert any("DVC points" in line for line in fix_account(open_project(tmp_path)).text)
    assert pointed_to(tmp_path) == md5(tmp_path)


def test_init_makes_dvcs_files_if_asked_and_only_once(tmp_path):
    for name in ("plain", "versioned"):
        folder = tmp_path / name
        folder.mkdir()
        rows = "".join(f"text {n},{'ab'[n % 2]}\n" for n in range(20))
        (folder / "rows.csv").write_text("text,label\n" + rows, encoding="utf-8")
        asked = name == "versioned"
        init(folder / "rows.csv", folder, input_column=None, output_column=None, dvc=asked)
        assert (folder / ".dvc" / "config").exists() == asked
    assert ".surpass/" in (tmp_path / "versioned" / ".gitignore").read_text(encoding="utf-8")
