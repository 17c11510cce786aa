"""New rows become the test: they are fresh, and the old test's rows never come back to training."""

import shutil

import polars as pl
import pytest

from small_projects import make_project, rows, write_rows
from surpass.cli.app import app
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Extension, Opening, Seal
from surpass.steps.evaluate import evaluate
from surpass.steps.extend_test import extend_account, extend_test
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.seal_in_force import require_seal
from surpass.steps.split import current_split, is_split
from surpass.steps.status import status_account
from surpass.steps.train import finished_run, train
from surpass.steps.verdict import verdict


@pytest.fixture
def project(tmp_path, tiny_base):
    return make_project(tmp_path, tiny_base)


def new_rows(count=60, seed=7):
    """Rows of customers that nobody has seen."""
    return [{**row, "customer": f"new-{row['customer']}"} for row in rows(count, seed)]


def bring(project, found, name="new.csv"):
    write_rows(project.folder / name, found)
    return project.folder / name


def sealed_rows(project, block):
    """What lies behind the door, read past it."""
    path = project.folder / ".surpass" / "cache" / "sealed" / f"{block}.parquet"
    return pl.read_parquet(path)


def texts(split):
    return {*split.train["input"], *split.valid["input"]}


def test_new_rows_become_the_test_and_the_open_sides_stay(project):
    before = current_split(project)
    made = extend_test(project, bring(project, new_rows()))
    after = current_split(project)
    assert after.digest == before.digest
    assert after.train.equals(before.train)
    assert (after.sides.block, after.sides.test_rows) == (made.block, made.rows)
    assert made.replaces == before.sides.block
    assert made.rows + made.dropped_repeats + made.dropped_groups == 60
    assert not texts(after) & set(sealed_rows(project, made.block)["input"])
    assert project.ledger.bodies(Opening) == []


def test_an_extension_asks_for_a_new_seal_and_keeps_the_run(project):
    seal(project)
    run = train(project, Silent())
    judged = verdict(project, Silent()).verdict
    account = extend_account(project, bring(project, new_rows()))
    assert account.next_command == "surpass seal --amend REASON"
    assert account.data.extension == project.ledger.bodies(Extension)[0][1]
    with pytest.raises(Refused, match="The test rows changed after the seal"):
        require_seal(project)
    assert "--amend" in status_account(project, check_ledger=True, head=None).next_command
    seal(project, amend="the first test was spent")
    assert finished_run(project) == run
    fresh = verdict(project, Silent())
    assert judged.candidate_number == fresh.verdict.candidate_number == 1
    assert fresh.seal.block == current_split(project).sides.block
    assert [body.block for _, body in project.ledger.bodies(Seal)] == [
        project.ledger.bodies(Extension)[0][1].replaces,
        fresh.seal.block,
    ]


def test_the_same_file_again_changes_nothing(project):
    path = bring(project, new_rows())
    first = extend_test(project, path)
    assert extend_test(open_project(project.folder), path) == first
    assert len(project.ledger.entries()) == 1


def test_repeats_and_known_groups_are_left_out_and_counted(project):
    split = current_split(project)
    tested = sealed_rows(project, split.sides.block)["input"].to_list()
    known = split.train["group"][0]
    found = new_rows(40)
    found += [{**found[0], "text": found[0]["text"].upper()}]
    found += [{**found[1], "text": text} for text in tested[:3]]
    found += [{**row, "customer": known} for row in new_rows(2, seed=9)]
    made = extend_test(project, bring(project, found))
    assert (made.dropped_repeats, made.dropped_groups, made.rows) == (4, 2, 40)


def test_rows_that_training_shows_are_refused_by_their_ids(project):
    shown = current_split(project).train["input"][0]
    found = [*new_rows(10), {**new_rows(1, seed=8)[0], "text": shown}]
    with pytest.raises(Refused, match=r"show 1 row of the new test \(new:12\)"):
        extend_test(project, bring(project, found))
    assert project.ledger.entries() == []


def test_a_file_of_tested_rows_only_is_no_test(project):
    tested = sealed_rows(project, current_split(project).sides.block)["input"].to_list()
    found = [{**row, "text": text} for row, text in zip(new_rows(5), tested, strict=False)]
    with pytest.raises(Refused, match=r"None of the 5 rows of new\.csv is new: 5 rows repeat"):
        extend_test(project, bring(project, found))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": " "}, r"1 row of new.csv without text or answer \(new:2\)"),
        ({"label": "holiday"}, "label that training does not have .'holiday' in new:2"),
    ],
)
def test_rows_that_cannot_be_scored_are_refused(project, change, said):
    first, *others = new_rows(10)
    with pytest.raises(BadInput, match=said):
        extend_test(project, bring(project, [{**first, **change}, *others]))


def test_files_that_cannot_be_the_new_test_are_refused(project, tmp_path_factory):
    with pytest.raises(BadInput, match=r"named under \[data\] already"):
        extend_test(project, project.folder / "rows.csv")
    with pytest.raises(BadInput, match="is not a file"):
        extend_test(project, project.folder / "none.csv")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "new.csv"
    write_rows(elsewhere, new_rows(10))
    with pytest.raises(BadInput, match="is not in"):
        extend_test(project, elsewhere)


def test_the_cache_may_be_deleted_but_the_file_must_stay(project):
    path = bring(project, new_rows())
    extend_test(project, path)
    before = current_split(project)
    shutil.rmtree(project.folder / ".surpass" / "cache")
    after = current_split(open_project(project.folder))
    assert after.sides == before.sides
    assert after.valid.equals(before.valid)
    write_rows(path, new_rows(61))
    shutil.rmtree(project.folder / ".surpass" / "cache")
    with pytest.raises(BadInput, match=r"new\.csv holds the rows of test block"):
        current_split(open_project(project.folder))


def test_a_new_version_keeps_every_tested_row_out_of_training(project):
    first = current_split(project)
    old = set(sealed_rows(project, first.sides.block)["input"])
    extend_test(project, bring(project, new_rows()))
    second = extend_test(project, bring(project, new_rows(50, seed=11), "newer.csv"))
    new = {row["text"] for row in new_rows()}
    more = [*rows(160), *rows(40, seed=5), *new_rows()]  # the first extension's rows too
    write_rows(project.folder / "rows.csv", more)
    dealt = current_split(open_project(project.folder))
    assert dealt.digest != first.digest
    assert dealt.sides.block == second.block
    assert dealt.train.height > first.train.height
    assert old
    assert not texts(dealt) & (old | new)
    write_rows(project.folder / "rows.csv", rows(160))  # back to what it was
    assert current_split(open_project(project.folder)).digest == first.digest


def test_a_third_test_follows_a_changed_version(project):
    current_split(project)
    extend_test(project, bring(project, new_rows()))
    write_rows(project.folder / "rows.csv", [*rows(160), *rows(40, seed=5)])
    project = open_project(project.folder)
    dealt = current_split(project)
    made = extend_test(project, bring(project, new_rows(50, seed=11), "newer.csv"))
    after = current_split(project)
    assert (after.digest, after.sides.block) == (dealt.digest, made.block)
    assert made.split == dealt.digest


def test_status_lays_nothing_down(project):
    extend_test(project, bring(project, new_rows()))
    assert not is_split(project)  # the new block was laid down, but not yet as that of this split
    current_split(project)
    assert is_split(project)
    sealed = project.folder / ".surpass" / "cache" / "sealed"
    shutil.rmtree(sealed)
    status_account(project, check_ledger=False, head=None)
    assert not is_split(project)
    assert not sealed.exists()


def test_the_new_test_is_opened_by_its_own_door(project):
    extend_test(project, bring(project, new_rows()))
    seal(project)
    scored = evaluate(project, "linear", "test", Silent())
    assert scored.record.rows == current_split(project).sides.test_rows
    assert [body.block for _, body in project.ledger.bodies(Opening)] == [
        current_split(project).sides.block
    ]


def test_the_command_says_what_became_of_the_file(project, capsys):
    path = bring(project, new_rows())
    command = ["split", str(project.folder), "--extend-test", str(path)]
    assert app(command, result_action="return_value") == 0
    said = capsys.readouterr().out
    assert "Sealed as the new test:" in said
    assert "surpass seal" in said
