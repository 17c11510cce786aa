"""A pack is the whole project or refused: there and back, and nothing else gets in."""

import io
import json
import stat
import zipfile
from hashlib import sha256

import pytest

from released_projects import trained_anew
from surpass.core.errors import BadInput, BadMachine
from surpass.core.progress import Silent
from surpass.core.records.decisions import Judgement
from surpass.release.pack import MANIFEST
from surpass.steps.alone import only_command
from surpass.steps.project import open_project
from surpass.steps.releasing.pack import pack_account
from surpass.steps.releasing.read import champion
from surpass.steps.releasing.release import Wish, release
from surpass.steps.releasing.unpack import unpack_account
from surpass.steps.train import finished_run


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "lock" not in path.name
    }


@pytest.fixture(scope="module")
def packed(template, tmp_path_factory):
    """The template's pack; never changed."""
    file = tmp_path_factory.mktemp("packed") / "p.zip"
    pack_account(template, file)
    return file


def test_there_everything_is_as_it_was(template, packed, tmp_path):
    unpack_account(packed, tmp_path / "there")
    there = open_project(tmp_path / "there")
    assert contents(there.folder).items() <= contents(template.folder).items()
    assert finished_run(there).digest == finished_run(template).digest
    assert release(there, Wish(), Silent()).data.changed
    assert unpack_account(packed, tmp_path / "there").data.changed == 0


def test_what_was_done_there_comes_home(passed, tmp_path):
    pack_account(passed, tmp_path / "out.zip")
    unpack_account(tmp_path / "out.zip", tmp_path / "there")
    there = open_project(tmp_path / "there")
    release(there, Wish(by="Ann"), Silent())
    pack_account(there, tmp_path / "back.zip")
    came = unpack_account(tmp_path / "back.zip", passed.folder)
    assert came.data.changed > 0
    assert champion(passed).name == champion(there).name
    assert contents(champion(passed).folder) == contents(champion(there).folder)
    assert unpack_account(tmp_path / "back.zip", passed.folder).data.changed == 0
    assert unpack_account(tmp_path / "out.zip", passed.folder).data.changed == 0  # an older one
    trained_anew(passed, rank=3)
    assert len(passed.ledger.bodies(Judgement)) == 2


def test_two_that_both_went_on_are_not_mixed(passed, tmp_path):
    pack_account(passed, tmp_path / "out.zip")
    unpack_account(tmp_path / "out.zip", tmp_path / "there")
    there = open_project(tmp_path / "there")
    for one, name in ((passed, "Ann"), (there, "Bo")):
        release(one, Wish(by=name), Silent())
    pack_account(there, tmp_path / "back.zip")
    before = contents(passed.folder)
    with pytest.raises(BadInput, match="both went on"):
        unpack_account(tmp_path / "back.zip", passed.folder)
    assert contents(passed.folder) == before


def test_secrets_and_traffic_stay_at_home(passed, tmp_path):
    home = passed.folder / ".surpass"
    for name in ("journal.db", "serving/keys.json", "outbox/mlflow/waiting/1.json", "label/x.json"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("secret", encoding="utf-8")
    (passed.folder / ".env").write_text("KEY=secret", encoding="utf-8")
    (passed.folder / "notes.txt").write_text("secret", encoding="utf-8")
    pack_account(passed, tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert not [name for name in archive.namelist() if archive.read(name) == b"secret"]


def test_nothing_is_overwritten_and_nothing_left_half(passed, tmp_path, monkeypatch):
    (tmp_path / "there.zip").write_bytes(b"mine")
    with pytest.raises(BadInput, match="exists"):
        pack_account(passed, tmp_path / "there.zip")
    with pytest.raises(BadInput, match="There is no folder"):
        pack_account(passed, tmp_path / "no" / "p.zip")
    (passed.folder / "elsewhere.md").symlink_to(tmp_path / "there.zip")
    path = passed.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("[data]", 'prompt = "elsewhere.md"\n[data]', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="is a link"):
        pack_account(open_project(passed.folder), tmp_path / "p.zip")
    assert sorted(file.name for file in tmp_path.glob("*zip*")) == ["there.zip"]


def test_a_folder_that_is_no_project_and_one_in_use_are_left_alone(packed, passed, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_bytes(b"")
    with pytest.raises(BadInput, match="no project"):
        unpack_account(packed, tmp_path / "taken")
    with only_command(passed.folder), pytest.raises(BadMachine, match="Another surpass command"):
        unpack_account(packed, passed.folder)
    (tmp_path / "empty").mkdir()
    assert unpack_account(packed, tmp_path / "empty").data.changed > 0
    assert not list(tmp_path.glob(".*"))


def repacked(packed, out, *, change=None, add=None, drop=(), mode=None, manifest=True):
    """The same pack with something wrong in it."""
    with zipfile.ZipFile(packed) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    told = json.loads(entries.pop(MANIFEST))
    entries |= (change or {}) | (add or {})
    for name, content in (add or {}).items():
        if manifest:
            told["files"][name] = {"digest": sha256(content).hexdigest(), "size": len(content)}
    for name in drop:
        del entries[name]
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(told))
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode or {}).get(name, stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content)
    return out


BAD_NAMES = [
    "../out.txt", "/etc/x", "a/../../x", "a\\b", "a//b", ".", "..", "C:x", ".env", ".git/config",
    ".surpass/journal.db", ".surpass/lock", "a/.", "x\n", "dir/", "answers/..", ".surpass/cache",
    "a.",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_path_that_no_project_has_is_refused(packed, tmp_path, name):
    bad = repacked(packed, tmp_path / "bad.zip", add={name: b"x"})
    with pytest.raises(BadInput):
        unpack_account(bad, tmp_path / "there")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"change": {"rows.csv": b"other"}},
        {"change": {"rows.csv": b"0" * 1_000_000}},
        {"change": {"rows.csv": b""}},
        {"add": {"more.csv": b"x"}, "manifest": False},
        {"drop": ["rows.csv"]},
        {"mode": {"rows.csv": stat.S_IFLNK | 0o777}},
        {"mode": {"rows.csv": stat.S_IFIFO | 0o644}},
    ],
)
def test_what_the_manifest_does_not_announce_is_refused(packed, tmp_path, wrong):
    bad = repacked(packed, tmp_path / "bad.zip", **wrong)
    with pytest.raises(BadInput):
        unpack_account(bad, tmp_path / "there")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip"]


@pytest.mark.parametrize("cut", [0, 10, 500, -1, -30])
def test_a_cut_pack_is_refused(packed, tmp_path, cut):
    (tmp_path / "bad.zip").write_bytes(packed.read_bytes()[:cut])
    with pytest.raises(BadInput):
        unpack_account(tmp_path / "bad.zip", tmp_path / "there")
    assert not (tmp_path / "there").exists()


def test_other_files_are_no_packs(tmp_path):
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for content in (b"", b"text", empty.getvalue()):
        (tmp_path / "x.zip").write_bytes(content)
        with pytest.raises(BadInput, match="is no pack"):
            unpack_account(tmp_path / "x.zip", tmp_path / "there")
    with pytest.raises(BadInput, match="There is no file"):
        unpack_account(tmp_path / "none.zip", tmp_path / "there")
    with pytest.raises(BadInput, match="There is no file"):
        unpack_account(tmp_path, tmp_path / "there")


def test_a_ledger_that_was_edited_is_refused(packed, template, tmp_path):
    lines = (template.folder / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    cut = b"".join(lines[1:])
    bad = repacked(packed, tmp_path / "bad.zip", add={"ledger.jsonl": cut})
    with pytest.raises(BadInput, match="was edited or removed"):
        unpack_account(bad, tmp_path / "there")
    assert not (tmp_path / "there").exists()


def test_the_pack_of_one_project_is_always_the_same_but_for_its_time(template, tmp_path):
    for name in ("a.zip", "b.zip"):
        pack_account(template, tmp_path / name)
    with zipfile.ZipFile(tmp_path / "a.zip") as a, zipfile.ZipFile(tmp_path / "b.zip") as b:
        assert {n: a.read(n) for n in a.namelist()[1:]} == {n: b.read(n) for n in b.namelist()[1:]}
