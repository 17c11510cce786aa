"""From the seal on test rows stay behind their door, and what was promised binds."""

import json
import shutil

import msgspec
import polars as pl
import pytest

from small_projects import add_settings, make_project
from surpass.cli.app import app
from surpass.core.errors import BadInput, Refused
from surpass.core.records.dataset import Version
from surpass.core.records.decisions import Opening
from surpass.show.as_json import to_json
from surpass.steps.budget import require_budget
from surpass.steps.check import check_account, open_examples
from surpass.steps.dataset import current_dataset, current_version
from surpass.steps.project import open_project
from surpass.steps.seal import said_seal, seal
from surpass.steps.split import current_split, is_split, shown_test_rows
from surpass.steps.status import status_account


def test_check_looks_at_all_rows_before_the_seal_and_at_no_test_row_after_it(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    every = open_examples(project)
    split = current_split(project)
    seal(project)
    left = open_examples(project)
    assert every.height - left.height >= split.sides.test_rows > 0
    texts = set(every["input"]) - set(split.train["input"]) - set(split.valid["input"])
    said = to_json(check_account(project))
    assert texts
    assert not [text for text in texts if text in said]


def test_test_rows_lie_nowhere_in_the_store_but_behind_the_door(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    check_account(project)
    split = current_split(project)
    seal(project)
    check_account(open_project(tmp_path))
    every = set(current_dataset(project).train["input"])
    closed = every - set(split.train["input"]) - set(split.valid["input"])
    assert closed
    assert closed == set(_texts(tmp_path / ".surpass" / "cache" / "sealed")) & every
    home = tmp_path / ".surpass"
    stages = [path for path in (home / "cache").iterdir() if path.name != "sealed"]
    kept = {text for stage in stages for text in _texts(stage)}
    assert set(split.train["input"]) <= kept
    assert not closed & kept
    plain = [*home.rglob("*.json"), *(tmp_path / "versions").iterdir()]
    said = "".join(path.read_text(encoding="utf-8") for path in plain)
    assert not [text for text in closed if text in said]


def _texts(folder):
    """Everything that is text in the tables of a folder."""
    for path in folder.rglob("*.parquet"):
        for column in pl.read_parquet(path).select(pl.col(pl.String)):
            yield from column


def test_check_tells_leaks_from_hashes_and_leaves_the_test_closed(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    seal(project)
    assert any("stayed closed" in said for said in check_account(project).text)
    split = current_split(project)
    path = tmp_path / ".surpass" / "cache" / "sealed" / f"{split.sides.block}.parquet"
    leaked = pl.read_parquet(path).with_columns(pl.lit("train-1").alias("row")).head(1)
    found = shown_test_rows(project, split, pl.concat([split.train, leaked]))
    assert set(found["partner"]) == {"train-1"}
    assert project.ledger.bodies(Opening) == []


def test_versions_follow_one_another(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    path = tmp_path / "rows.csv"
    contents = [path.read_bytes()]
    contents += [b"\n".join(contents[0].splitlines()[:-n]) + b"\n" for n in (1, 2)]
    digests = []
    for content in contents:
        path.write_bytes(content)
        current_split(project)
        digests.append(current_version(project).digest)
    path.write_bytes(contents[1])
    shutil.rmtree(tmp_path / ".surpass")
    assert current_version(project).parent == digests[0]
    kept = [p for p in (tmp_path / "versions").iterdir() if not p.name.startswith("block-")]
    versions = [msgspec.json.decode(p.read_bytes(), type=Version) for p in kept]
    assert {v.digest: v.parent for v in versions} == dict(
        zip(digests, [None, *digests], strict=False)
    )


def test_status_deals_no_split(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    assert not is_split(project)
    account = status_account(project, check_ledger=False, head=None)
    assert account.headline == "These rows are not split yet."
    assert not (tmp_path / ".surpass" / "cache" / "split").exists()
    assert not (tmp_path / ".surpass" / "cache" / "dataset").exists()
    current_split(project)
    assert is_split(project)


def test_an_amendment_that_changes_nothing_is_refused_and_not_lost_in_silence(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    seal(project)
    with pytest.raises(BadInput, match="nothing can be amended"):
        seal(project, amend="better wording")
    changed = add_settings(tmp_path, '[[criteria.primary]]\nmetric = "accuracy"\n')
    first = seal(changed, amend="another metric")
    assert seal(changed, amend="another metric")[0] == first[0]


def test_a_seal_over_faulty_rows_says_so(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    rows = (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()
    head, first = rows[0].split(","), rows[1].split(",")
    other = {"bill": "move", "move": "outage", "outage": "bill"}
    first[head.index("label")] = other[first[head.index("label")]]
    (tmp_path / "rows.csv").write_text("\n".join([*rows, ",".join(first)]) + "\n", encoding="utf-8")
    project = open_project(tmp_path)
    errors = check_account(project).standing.value == "does not hold"
    warned = any("found errors in these rows" in said for said in said_seal(project).warnings)
    assert warned == errors


def test_a_run_that_exceeds_the_budget_is_not_started(tmp_path, tiny_base, capsys):
    project = make_project(tmp_path, tiny_base, more="[budget]\nmemory_gb = 0.0001\n")
    seal(project)
    with pytest.raises(Refused, match="Training needs"):
        require_budget(project)
    assert app(["train", str(tmp_path)], result_action="return_value") == 3
    assert "--over-budget" in capsys.readouterr().err
    command = ["train", str(tmp_path), "--over-budget"]
    assert app(command, result_action="return_value") == 0


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ('[[criteria.ceiling]]\nmetric = "slow"\nat_most = 0.1', "names the metric `slow`"),
        ('[[criteria.floor]]\nmetric = "accuracy"\nat_least = 0.1\nby = "x"', "the column `x`"),
        ('[[criteria.ceiling]]\nmetric = "mcc"\nat_most = 0.1', "no sound bound"),
    ],
)
def test_gates_that_cannot_be_answered_are_not_sealed(tmp_path, tiny_base, gate, said):
    more = f'[[criteria.primary]]\nmetric = "macro_f1"\n{gate}\n'
    with pytest.raises(BadInput, match=said):
        seal(make_project(tmp_path, tiny_base, more=more))


def test_a_finished_run_is_told_beside_what_was_predicted(tmp_path, tiny_base, capsys):
    seal(make_project(tmp_path, tiny_base))
    assert app(["train", str(tmp_path), "--json"], result_action="return_value") == 0
    data = json.loads(capsys.readouterr().out)["data"]
    assert data["predicted_seconds"] > 0
    assert data["predicted_memory_bytes"] > 0
    assert data["run"]["seconds"] > 0
