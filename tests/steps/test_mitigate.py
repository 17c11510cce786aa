"""Mitigation adds to training alone, says what it changes, and is taken back in one step."""

import csv
import random

import polars as pl
import pytest

from small_projects import add_settings, make_project
from surpass.core.errors import BadInput, CannotTell, Refused
from surpass.steps.check import open_examples
from surpass.steps.diff import diff_account
from surpass.steps.fix import fix, undo
from surpass.steps.mitigate import mitigate, take_back
from surpass.steps.mitigated import mitigated, taken_back
from surpass.steps.seal import seal
from surpass.steps.seal_in_force import require_seal
from surpass.steps.split import current_split, is_split, split_account
from surpass.steps.train import train_recipes

FAIRNESS = '\n[fairness]\ngroups = ["channel"]\n[fairness.swaps]\nrouter = "line"\n'


@pytest.fixture
def project(tmp_path, tiny_base):
    """160 rows; by chat people write of bills twice as often as by phone."""
    folder = tmp_path / "p"
    make_project(folder, tiny_base)
    path, draw = folder / "rows.csv", random.Random(0)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        odds = 0.7 if row["label"] == "bill" else 0.4
        row["channel"] = "chat" if draw.random() < odds else "phone"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return add_settings(folder, FAIRNESS)


def measured(found, words):
    return next((one.before, one.after) for one in found.measures if words in one.name)


def sides(project):
    split = current_split(project)
    return split.digest, split.sides.block, split.train, split.valid


def test_copies_even_out_the_answers_and_touch_neither_valid_nor_test(project):
    digest, block, train, valid = sides(project)
    found = mitigate(project, "reweigh", by="Ada")
    gap = measured(found, "widest gap")
    assert gap[0] > 0.15
    assert gap[1] < 0.02
    after = current_split(project)
    assert (after.digest, after.sides.block) == (digest, block)
    assert after.train.equals(train)
    assert after.valid.equals(valid)
    assert after.taught.height == found.after == train.height + after.added.height
    assert set(after.added["made_from"]) <= set(train["row"])
    assert {decision.row for decision in found.made} <= set(train["row"])
    assert all(d.reason == "Reweighed by channel" and d.by == "Ada" for d in found.made)


def test_what_is_added_is_a_version_of_its_own_that_diff_explains(project):
    before = current_split(project)
    version = before.sides.version
    mitigate(project, "reweigh", by="Ada", reason="Bills by phone are rare")
    after = current_split(project)
    assert after.sides.version != version
    assert after.taught_digest != before.taught_digest
    assert train_recipes(project, after)[0].digest != train_recipes(project, before)[0].digest
    data = diff_account(project, version, "now").data
    assert data.counts["added"] == len(data.rows) >= after.added.height
    assert {row.because for row in data.rows} == {"Bills by phone are rare (Ada)."}
    assert open_examples(project).height == 160
    assert is_split(project)
    assert "added by mitigation" in " ".join(split_account(project).text)


def test_a_second_time_nothing_changes_and_taking_back_is_whole(project):
    before = current_split(project)
    first = mitigate(project, "reweigh", by="Ada")
    assert mitigate(project, "reweigh", by="Ada").made == []
    gone = take_back(project, "reweigh", by="Bea")
    assert len(gone.made) == len(first.made)
    assert gone.after == before.taught.height
    assert current_split(project).taught_digest == before.taught_digest
    assert current_split(project).sides == before.sides
    with pytest.raises(BadInput, match="Nothing was added by reweigh"):
        take_back(project, "reweigh", by="Bea")


def test_undoing_one_row_takes_its_copies_back(project):
    made = mitigate(project, "reweigh", by="Ada").made
    copies = current_split(project).added["made_from"].to_list()
    undo(project, (made[0].row,), by="Ada", reason="")
    left = current_split(project).added["made_from"].to_list()
    assert [row for row in copies if row != made[0].row] == left


def test_twins_are_added_where_they_show_no_row_of_valid_or_test(project):
    found = mitigate(project, "counterfactual", by="Ada")
    before, after = measured(found, "twin")
    assert before == 0
    assert after > 0.9
    twins = current_split(project).added
    originals = dict(current_split(project).train.select("row", "input").iter_rows())
    for text, of in twins.select("input", "made_from").iter_rows():
        swapped = {"router": "line", "line": "router"}
        assert [swapped.get(word, word) for word in originals[of].split()] == text.split()
    account = taken_back(project, ("counterfactual",), by="Ada")
    assert account.data.rows_after == len(originals)
    assert current_split(project).added is None


def test_a_twin_of_a_row_that_valid_shows_is_left_out(tmp_path, tiny_base):
    folder = tmp_path / "p"
    make_project(folder, tiny_base)
    path = folder / "rows.csv"
    frame = pl.read_csv(path, infer_schema=False)
    held = frame.with_columns(
        pl.col("text").str.replace("router", "l1ne"), customer="v" + pl.col("customer")
    ).filter(frame["text"].str.contains("router"))
    held.with_columns(pl.col("text").str.replace("l1ne", "modem")).write_csv(folder / "valid.csv")
    text = (folder / "surpass.toml").read_text(encoding="utf-8")
    text = text.replace('train = ["rows.csv"]', 'train = ["rows.csv"]\nvalid = ["valid.csv"]')
    swaps = '\n[fairness.swaps]\nrouter = "modem"\n'
    (folder / "surpass.toml").write_text(text + swaps, encoding="utf-8")
    project = add_settings(folder, "")
    train = current_split(project).train
    asked = train.filter(pl.col("input").str.contains("router")).height
    found = mitigate(project, "counterfactual", by="Ada")
    assert found.before + len(found.made) - asked == found.after == found.before


def test_after_the_seal_training_is_refused_until_it_is_amended(project):
    seal(project)
    mitigated_now = mitigated(project, "reweigh", by="Ada")
    assert "amended" in mitigated_now.warnings[0]
    with pytest.raises(Refused, match="rows that mitigation adds"):
        require_seal(project)
    take_back(project, "reweigh", by="Ada")
    require_seal(project)
    mitigate(project, "reweigh", by="Ada")
    block = current_split(project).sides.block
    seal(project, amend="Even answers")
    require_seal(project)
    assert current_split(project).sides.block == block


def test_what_surpass_mends_itself_is_still_mended_in_a_row_with_copies(project):
    made = mitigate(project, "reweigh", by="Ada").made
    path = project.folder / "rows.csv"
    frame = pl.read_csv(path, infer_schema=False)
    place = int(made[0].row.partition(":")[2]) - 2
    texts = frame["text"].to_list()
    texts[place] += " cafe\u0301"
    frame.with_columns(pl.Series("text", texts)).write_csv(path)
    assert made[0].row in {decision.row for decision in fix(project)}


def test_lists_for_people_change_nothing(project):
    account = mitigated(project, "collect", by="")
    assert (
        (project.folder / account.data.file)
        .read_text(encoding="utf-8")
        .startswith("column,group,rows,to collect\nchannel,")
    )
    assert account.data.decisions == ()
    reference = '\n[checks.bias]\nreference = ["channel=chat:0.9"]\n'
    declared = add_settings(project.folder, reference)
    (row,) = [r for r in mitigated(declared, "collect", by="").chapters[0].tables[0].rows
              if r[1] == "chat"]  # fmt: skip
    assert int(row[3].replace(",", "")) > 100
    looked = mitigated(declared, "relabel", by="")
    assert looked.next_command == "surpass label start --rows requests/relabel.txt"


def test_where_the_check_shows_nothing_there_is_nothing_to_look_at(tmp_path, tiny_base):
    with pytest.raises(CannotTell, match="no row to look at"):
        mitigated(make_project(tmp_path / "p", tiny_base, count=40), "relabel", by="")


def test_nobody_no_groups_and_other_tasks_are_refused(project, tmp_path, tiny_base):
    with pytest.raises(BadInput, match="somebody's decision"):
        mitigate(project, "reweigh", by=" ")
    plain = make_project(tmp_path / "q", tiny_base, kind="extract", output="record")
    with pytest.raises(BadInput, match="a task of kind 'extract' has none"):
        mitigate(plain, "reweigh", by="Ada")
    with pytest.raises(BadInput, match="No terms are declared"):
        mitigate(plain, "counterfactual", by="Ada")
