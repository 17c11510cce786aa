"""From a gap to rows to collect, to the sentence that it closed: the whole way in a project."""

import csv
import json

import numpy as np
import polars as pl
import pytest

from planted import LABELS, PRODUCTS, examples
from small_projects import SETTINGS
from surpass.cli.app import app
from surpass.core.errors import BadInput, CannotTell
from surpass.core.progress import Silent
from surpass.core.records.decisions import Opening
from surpass.core.records.explanation import Value
from surpass.data.answer_files import Named
from surpass.steps.bring import import_answers
from surpass.steps.explain import explain, explained_row, said_explanation
from surpass.steps.project import open_project
from surpass.steps.split import current_split

MORE = """
[split]
valid_share = 0.4

[ladder]
rungs = ["file:base"]
[[criteria.primary]]
metric = "macro_f1"
against = "file:base"
"""
GAP = Value(column="product", value="tv")


def as_file(path, frame):
    """Examples as a user's file, in which nothing is called as we call it."""
    frame = frame.select(
        pl.col("row").alias("id"),
        pl.col("input").alias("text"),
        pl.col("target").alias("label"),
        pl.col("group").alias("customer"),
        pl.col("@product").alias("product"),
        pl.col("@channel").alias("channel"),
    )
    frame.write_csv(path)


def answer(project, rows, name, rates, seed):
    """Bring answers that are wrong as often as the row's product says."""
    rng = np.random.default_rng(seed)
    path = project.folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "answer"])
        for row in rows.iter_rows(named=True):
            shift = int(rng.random() < rates[row["@product"]]) * int(rng.integers(1, len(LABELS)))
            label = LABELS[(LABELS.index(row["target"]) + shift) % len(LABELS)]
            writer.writerow([row["row"], label])
    import_answers(project, path, name, Named())


@pytest.fixture
def rows():
    return examples(900, 7)


@pytest.fixture
def project(tmp_path, rows):
    as_file(tmp_path / "rows.csv", rows)
    text = SETTINGS.format(kind="classify", output="label", base="none", epochs=1)
    text = text.replace('group = "customer"', 'id = "id"\ngroup = "customer"')
    (tmp_path / "surpass.toml").write_text(text + MORE, encoding="utf-8")
    made = open_project(tmp_path)
    answer(made, rows, "base", dict.fromkeys(PRODUCTS, 0.5), seed=1)
    answer(made, rows, "tuned", dict.fromkeys(PRODUCTS, 0.1) | {"tv": 0.6}, seed=2)
    as_file(tmp_path / "pool.csv", examples(120, 99))
    return made


def test_the_gap_is_named_its_rows_are_queued_and_later_it_is_said_to_be_closed(project, rows):
    said = said_explanation(project, Silent(), "file:tuned")
    assert "`product` = `tv`" in said.headline
    assert said.next_command.startswith("surpass explain --pool")

    pool = project.folder / "pool.csv"
    said = said_explanation(project, Silent(), "file:tuned", pool=pool, queue=8)
    (lines,) = (project.folder / "requests").glob("pool-*.jsonl")
    assert said.next_command == f"surpass label start --rows {lines.relative_to(project.folder)}"
    queued = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert len(queued) == 8
    assert {row["product"] for row in queued} == {"tv"}
    assert all("label" not in row for row in queued)
    assert {row["id"] for row in queued} <= {f"s99-{i}" for i in range(120)}

    answer(project, rows, "tuned", dict.fromkeys(PRODUCTS, 0.1), seed=3)
    after = explain(project, Silent(), "file:tuned").record
    assert [(one.predicate, one.standing) for one in after.followed] == [(GAP, "closed")]
    assert not after.gaps


def test_a_gap_that_stays_is_open_and_is_asked_about_until_it_closes(project, rows):
    explain(project, Silent(), "file:tuned")
    answer(project, rows, "tuned", dict.fromkeys(PRODUCTS, 0.1) | {"tv": 0.7}, seed=4)
    assert explain(project, Silent(), "file:tuned").record.followed[0].standing == "open"
    answer(project, rows, "tuned", dict.fromkeys(PRODUCTS, 0.1), seed=5)
    again = explain(project, Silent(), "file:tuned").record
    assert (GAP, "closed") in {(one.predicate, one.standing) for one in again.followed}


def test_the_same_question_is_answered_from_the_store_and_never_opens_the_test(project):
    first = explain(project, Silent(), "file:tuned").record
    assert explain(project, Silent(), "file:tuned").record == first
    assert len(project.objects.newest("explanation")) == 1
    said = said_explanation(project, Silent(), "file:tuned", pool=project.folder / "pool.csv")
    valid = set(current_split(project).valid["row"])
    shown = {pair.row.split(" ")[0] for chapter in said.chapters for pair in chapter.pairs}
    assert shown
    assert shown <= valid
    assert not project.ledger.bodies(Opening)


def test_a_row_is_answered_with_the_training_rows_most_like_it(project):
    split = current_split(project)
    said = explained_row(project, Silent(), split.valid["row"][0], "file:tuned")
    listed = {row[0] for chapter in said.chapters for table in chapter.tables for row in table.rows}
    assert listed
    assert listed <= set(split.train["row"])
    with pytest.raises(BadInput, match="test rows are not shown"):
        explained_row(project, Silent(), "nobody", "file:tuned")


def test_a_pool_needs_only_the_input_column(project):
    pool = project.folder / "bare.jsonl"
    rows = examples(60, 98)
    pool.write_text(
        "".join(json.dumps({"text": text}) + "\n" for text in rows["input"]), encoding="utf-8"
    )
    said = said_explanation(project, Silent(), "file:tuned", pool=pool, queue=5)
    assert any("could be such rows" in line for chapter in said.chapters for line in chapter.text)
    (lines,) = (project.folder / "requests").glob("bare-*.jsonl")
    queued = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    products = dict(zip(rows["input"], rows["@product"], strict=True))
    assert [products[row["text"]] for row in queued].count("tv") >= 4
    assert queued[0]["id"].startswith("bare:")


def test_wrong_questions_get_one_sentence(project, capsys):
    folder = str(project.folder)
    for words in (["--queue", "3"], ["--pool", folder + "/none.csv"]):
        command = ["explain", folder, "--of", "file:tuned", *words]
        assert app(command, exit_on_error=False, result_action="return_value") == 3
        assert "Traceback" not in capsys.readouterr().err
    with pytest.raises(BadInput, match="has no column 'text'"):
        said_explanation(project, Silent(), "file:tuned", pool=project.folder / "tuned.csv")
    with pytest.raises(BadInput, match="asks for no rows"):
        said_explanation(project, Silent(), "file:tuned", pool=project.folder / "pool.csv", queue=0)


def test_without_a_gap_nothing_is_queued(project, rows):
    answer(project, rows, "even", dict.fromkeys(PRODUCTS, 0.1), seed=6)
    pool = project.folder / "pool.csv"
    said = said_explanation(project, Silent(), "file:even", pool=pool)
    assert said.headline.startswith("No kind of row")
    with pytest.raises(CannotTell, match="No gap asks"):
        said_explanation(project, Silent(), "file:even", pool=pool, queue=5)


def test_the_command_prints_json(project, capsys):
    command = ["explain", str(project.folder), "--of", "file:tuned", "--json"]
    assert app(command, exit_on_error=False, result_action="return_value") == 0
    printed = json.loads(capsys.readouterr().out)
    assert "`product` = `tv`" in printed["headline"]
    first = printed["data"]["gaps"][0]
    assert first["predicate"] == {"slice": "value", "column": "product", "value": "tv"}


def test_one_row_and_a_pool_are_not_asked_about_at_once(project, capsys):
    command = ["explain", str(project.folder), "--of", "file:tuned", "--row", "s7-1", "--queue"]
    assert app([*command, "3"], exit_on_error=False, result_action="return_value") == 3
    assert "--row is about one validation row, --queue" in capsys.readouterr().err
