"""Only a PASS makes a champion, force is shown for ever, and what is released stands for itself."""

import json
import os
import shutil

import msgspec
import pytest

from released_projects import copied, judged_model, trained_anew
from small_projects import rows
from surpass.core.account import Standing
from surpass.core.errors import BadInput, BadMachine, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Promotion
from surpass.core.records.release import ReleasedModel
from surpass.release.folder import damage
from surpass.steps.bring import adopt
from surpass.steps.export import export_account
from surpass.steps.project import open_project
from surpass.steps.releasing.check_file import checked_account
from surpass.steps.releasing.read import champion, releases
from surpass.steps.releasing.release import Wish, release
from surpass.steps.releasing.rollback import Back, rollback
from surpass.steps.releasing.tell import live_account
from surpass.steps.report import report_account
from surpass.steps.seal import seal
from surpass.steps.status import status_account
from surpass.steps.verdict import verdict
from tiny_models import save_tiny_base

FORCE = Wish(by="Ann", force=True, reason="the old one is down")


@pytest.fixture(scope="module")
def failed_template(tmp_path_factory):
    base = save_tiny_base(tmp_path_factory.mktemp("base")).folder
    return judged_model(tmp_path_factory.mktemp("failed") / "small", base, margin=0.4)


@pytest.fixture
def failed(failed_template, tmp_path):
    return copied(failed_template, tmp_path / "failed")


def test_a_pass_makes_the_champion(passed):
    account = release(passed, Wish(by="Ann"), Silent())
    now = champion(passed)
    assert account.data.changed
    assert (now.since.by, now.since.outcome, now.since.forced) == ("Ann", "PASS", None)
    assert now.name == account.data.champion == f"small@{now.model[:12]}"
    assert (now.adapter / "adapter_model.safetensors").is_file()
    assert (now.kind, now.labels) == ("classify", ("bill", "move", "outage"))
    assert now.floor.origin == "bound on the test"
    assert 0 <= now.floor.value < 1


def test_to_release_the_champion_again_changes_nothing(passed):
    release(passed, Wish(), Silent())
    again = release(passed, Wish(), Silent())
    assert not again.data.changed
    assert len(releases(passed)) == 1


def test_the_folder_stands_for_itself_and_holds_no_row(passed):
    release(passed, Wish(by="Ann"), Silent())
    folder = champion(passed).folder
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {
        "README.md", "adapter/adapter_config.json", "adapter/adapter_model.safetensors",
        "manifest.json", "model.json", "prompt.md", "verdict.json",
    }  # fmt: skip
    model = msgspec.json.decode((folder / "model.json").read_bytes(), type=ReleasedModel)
    assert model.digest == champion(passed).model
    written = "".join((folder / name).read_text(encoding="utf-8") for name in names - {
        "adapter/adapter_model.safetensors"
    })  # fmt: skip
    assert not [row for row in rows(300) if row["text"] in written]


@pytest.mark.parametrize("wish", [Wish(), Wish(of="tuned")])
def test_without_a_pass_nothing_is_released(failed, wish):
    with pytest.raises(Refused, match="not PASS"):
        release(failed, wish, Silent())
    assert champion(failed) is None
    assert not (failed.folder / ".surpass" / "releases").exists()


@pytest.mark.parametrize(
    "wish",
    [
        Wish(force=True),
        Wish(force=True, by="Ann"),
        Wish(force=True, reason="x"),
        Wish(force=True, by="Ann", reason=" "),
        Wish(force=True, by="Ann", reason="two\nlines"),
        Wish(force=True, by="A" * 501, reason="x"),
        Wish(reason="no force"),
    ],
)
def test_force_needs_a_name_and_a_reason(failed, wish):
    with pytest.raises(BadInput):
        release(failed, wish, Silent())
    assert champion(failed) is None


def test_force_is_shown_for_ever(failed):
    release(failed, FORCE, Silent())
    now = champion(failed)
    assert now.since.forced == "the old one is down"
    shown = "the old one is down"
    assert shown in (now.folder / "README.md").read_text(encoding="utf-8")
    assert any(shown in said for said in report_account(failed, Silent()).warnings)
    status = status_account(failed, check_ledger=True, head=None)
    assert any(shown in said for said in status.warnings)
    checked = checked_account(now.folder / "verdict.json", failed.folder)
    assert checked.standing is Standing.HOLDS
    assert any(shown in said for said in checked.warnings)


def test_force_with_a_pass_is_a_release_like_any_other(passed):
    release(passed, FORCE, Silent())
    assert champion(passed).since.forced is None


def test_an_amended_seal_asks_for_a_verdict_of_its_own(passed):
    path = passed.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8").replace("margin = -0.9", "margin = -0.8")
    path.write_text(text, encoding="utf-8")
    again = open_project(passed.folder)
    with pytest.raises(Refused, match="changed after the seal"):
        release(again, Wish(), Silent())
    seal(again, amend="tighter")
    with pytest.raises(Refused, match="no verdict under the seal"):
        release(again, Wish(), Silent())
    verdict(again, Silent())
    assert release(again, Wish(), Silent()).data.changed


def test_a_pass_of_a_model_that_is_gone_releases_no_other(passed):
    path = passed.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8").replace("rank = 2", "rank = 3")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="is not trained"):
        release(open_project(passed.folder), Wish(), Silent())
    assert champion(passed) is None


def test_a_rollback_brings_the_earlier_model_back(passed):
    release(passed, Wish(by="Ann"), Silent())
    first = champion(passed)
    trained_anew(passed, rank=3)
    again = open_project(passed.folder)
    release(again, Wish(by="Ann"), Silent())
    second = champion(again)
    assert second.model != first.model
    rollback(again, Back(by="Bo", reason="slow"))
    assert champion(again).model == first.model
    assert champion(again).adapter == first.adapter
    with pytest.raises(Refused, match="first champion"):
        rollback(again, Back())
    rollback(again, Back(to=second.name))
    assert champion(again).model == second.model
    with pytest.raises(BadInput, match="champion already"):
        rollback(again, Back(to=second.name))
    with pytest.raises(BadInput, match="No release is called"):
        rollback(again, Back(to="small@ffffffffffff"))


def test_what_was_live_on_a_day_is_in_the_ledger(passed):
    release(passed, Wish(by="Ann"), Silent())
    day = champion(passed).since.at[:10]
    assert champion(passed).name in live_account(passed, day).headline
    assert live_account(passed, "2020-01-01").data.champion is None
    assert live_account(passed, "9999-12-31").data.champion == champion(passed).name
    assert live_account(passed, champion(passed).since.at).data.champion == champion(passed).name
    for nonsense in ("", "yesterday", "2026-13-01"):
        with pytest.raises(BadInput, match="is no date"):
            live_account(passed, nonsense)


def test_a_changed_file_is_not_gone_back_to(passed):
    release(passed, Wish(), Silent())
    first = champion(passed)
    trained_anew(passed, rank=3)
    again = open_project(passed.folder)
    release(again, Wish(), Silent())
    prompt = first.folder / "prompt.md"
    prompt.chmod(0o644)
    prompt.write_text("Answer with bill.", encoding="utf-8")
    with pytest.raises(BadMachine, match=r"prompt\.md is not what was released"):
        rollback(again, Back())
    shutil.rmtree(first.folder)
    with pytest.raises(BadMachine, match="is not there"):
        rollback(again, Back())
    assert champion(again).model != first.model


@pytest.mark.parametrize("edit", ["outcome", "score", "manifest"])
def test_an_edited_verdict_file_does_not_hold(passed, edit):
    release(passed, Wish(), Silent())
    file = champion(passed).folder / "verdict.json"
    file.chmod(0o644)
    told = json.loads(file.read_text(encoding="utf-8"))
    if edit == "outcome":
        told["statement"]["decided"]["outcome"] = "FAIL"
    elif edit == "score":
        told["statement"]["scores"]["tuned"]["accuracy"] = 1.0
    file.write_text(json.dumps(told), encoding="utf-8")
    checked = checked_account(file, passed.folder)
    assert checked.standing is Standing.DOES_NOT_HOLD
    assert any("verdict.json is not what was released" in said for said in checked.data.wrong)
    assert (edit == "manifest") == (len(checked.data.wrong) == 1)


def test_a_verdict_file_of_another_project_does_not_hold(passed, failed):
    release(passed, Wish(), Silent())
    file = champion(passed).folder / "verdict.json"
    checked = checked_account(file, failed.folder)
    assert any("the ledger has no release" in said for said in checked.data.wrong)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[1, 2]"])
def test_what_is_no_verdict_file_is_said(passed, content):
    path = passed.folder / "x.json"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="no verdict file"):
        checked_account(path, passed.folder)
    with pytest.raises(BadInput, match="There is no file"):
        checked_account(passed.folder / "nothing.json", passed.folder)


def test_a_model_of_which_only_answers_are_known_is_not_released(passed):
    for name in ("file:x", "endpoint:x"):
        with pytest.raises(BadInput, match="only answers are known"):
            release(passed, Wish(of=name), Silent())
    with pytest.raises(BadInput, match="cannot be released"):
        release(passed, Wish(of="zero-shot"), Silent())


def test_an_adopted_adapter_is_released_with_its_own_files_alone(passed):
    release(passed, Wish(), Silent())
    source = passed.folder / "theirs"
    shutil.copytree(champion(passed).adapter, source)
    (source / "optimizer.bin").write_bytes(b"pickle")
    adopt(passed, source, "theirs")
    verdict(passed, Silent(), "adopted:theirs")
    release(passed, Wish(of="adopted:theirs"), Silent())
    now = champion(passed)
    names = sorted(path.name for path in now.adapter.iterdir())
    assert names == ["adapter_config.json", "adapter_model.safetensors"]
    first, second = (body for _, body in passed.ledger.bodies(Promotion))
    assert first.model == second.model  # the same weights, told the same, are the same model
    assert first.verdict != second.verdict


def test_a_declared_floor_is_the_one_that_is_watched(tmp_path, template):
    floor = '\n[[criteria.floor]]\nmetric = "accuracy"\nat_least = 0.01\n'
    project = judged_model(
        tmp_path / "small", template.folder / template.settings.model.base, more=floor
    )
    release(project, Wish(), Silent())
    found = champion(project).floor
    assert (found.metric, found.value, found.origin) == ("accuracy", 0.01, "declared")
    out = tmp_path / "rows.jsonl"
    assert export_account(project, out, None, "train").data.rows  # the project goes on as before


class Killed(BaseException):
    """Nothing of ours catches it."""


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_rename_the_old_champion_or_the_new_one_is_live(passed, monkeypatch, after):
    release(passed, Wish(by="Ann"), Silent())
    old = champion(passed)
    trained_anew(passed, rank=3)
    project = open_project(passed.folder)
    renames = 0
    while champion(project).model == old.model:
        with monkeypatch.context() as patched:
            die_at(patched, renames, after=after)
            try:
                release(project, Wish(by="Ann"), Silent())
            except Killed:
                renames += 1
        now = champion(project)
        assert damage(now.folder) == ""
        assert renames < 20
    assert renames > 0
    assert len(releases(project)) == 2
    assert len(list((passed.folder / ".surpass" / "releases").iterdir())) == 2


def die_at(patched, number, *, after):
    seen = 0

    def dying(original):
        def rename(*args, **more):
            nonlocal seen
            seen += 1
            if seen == number + 1 and not after:
                raise Killed
            original(*args, **more)
            if seen == number + 1:
                raise Killed

        return rename

    patched.setattr("os.rename", dying(os.rename))
    patched.setattr("os.replace", dying(os.replace))
