"""Forgetting is sealed, measured once, judged and told."""

import json
import shutil

import polars as pl
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from small_projects import add_settings, make_project, rows
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Judgement
from surpass.core.records.verdict import Outcome
from surpass.core.settings import Forgetting
from surpass.data.answer_files import Named
from surpass.data.passages import read_passages
from surpass.steps.bring import adopt, import_answers
from surpass.steps.forgetting import compare_losses, measured_loss
from surpass.steps.project import open_project
from surpass.steps.report import report
from surpass.steps.seal import said_seal, seal
from surpass.steps.split import current_split
from surpass.steps.status import status_account
from surpass.steps.train import train
from surpass.steps.verdict import said_verdict, verdict
from tiny_models import save_tiny_base

PRIMARY = """
[ladder]
rungs = ["zero-shot", "linear"]
[[criteria.primary]]
metric = "macro_f1"
against = "zero-shot"
"""
GENERAL = PRIMARY + '[[criteria.forgetting]]\non = "general"\n'
OWN = PRIMARY + '[[criteria.forgetting]]\non = "old.jsonl"\nmargin = 0.5\ninstruction = "task"\n'
AMONG_FILES = """
[ladder]
rungs = ["file:base"]
[[criteria.primary]]
metric = "macro_f1"
against = "file:base"
"""
OTHER = {"outage": "bill", "bill": "move", "move": "outage"}
RUIN = "learning_rate = 0.9\n"


def trained_to_destruction(folder, base, more=GENERAL):
    """A project whose learning rate breaks the model."""
    project = make_project(folder, base, more=more)
    path = folder / "surpass.toml"
    text = path.read_text(encoding="utf-8").replace("[training]\n", f"[training]\n{RUIN}")
    path.write_text(text, encoding="utf-8")
    return open_project(project.folder)


def write_answers(path, share):
    """Answers to the rows of the project, right on about this share of them."""
    lines = ["input,answer"]
    for place, row in enumerate(rows(240)):
        right = place % 10 < 10 * share
        lines.append(f"{row['text']},{row['label'] if right else OTHER[row['label']]}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_old(folder, count=30, word="yes"):
    lines = [json.dumps({"text": f"is {n} a number?", "label": word}) for n in range(count)]
    (folder / "old.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def taught_base(tmp_path_factory):
    """A two-layer model that has something to forget: it was taught the general sample."""
    base = save_tiny_base(tmp_path_factory.mktemp("taught"))
    tokenizer = AutoTokenizer.from_pretrained(base.folder)
    model = AutoModelForCausalLM.from_pretrained(base.folder)
    texts = read_passages(base.folder, Forgetting())["target"].to_list()
    ids = torch.tensor([tokenizer(text)["input_ids"][:60] for text in texts])
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.02)
    for _ in range(40):
        model(input_ids=ids, labels=ids).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    model.save_pretrained(base.folder)
    return base.folder


@pytest.fixture(scope="module")
def ruined(tmp_path_factory, taught_base):
    project = trained_to_destruction(tmp_path_factory.mktemp("ruined"), taught_base)
    seal(project)
    train(project, Silent())
    return project


def test_a_model_trained_to_destruction_fails_and_is_told_what_to_do(ruined):
    gate = next(g for g in verdict(ruined, Silent()).verdict.gates if g.role == "forgetting")
    assert gate.outcome is Outcome.FAIL
    assert gate.bounds.low > 0.05
    assert gate.unit == "nats per token"
    assert "learning rate" in gate.remedy
    assert [body.gates[-1] for _, body in ruined.ledger.bodies(Judgement)] == [gate]


def test_what_was_measured_is_found_again(ruined):
    first = compare_losses(ruined, Forgetting(), "tuned", Silent())
    again = compare_losses(ruined, Forgetting(), "tuned", Silent())
    assert first.base.record == again.base.record
    assert first.base.record.texts == 120
    assert first.frame.columns == ["row", "group", "base_loss", "tuned_loss"]


def test_the_verdict_names_its_unit_and_the_report_the_texts_that_got_worst(ruined):
    said = said_verdict(ruined, Silent())
    row = said.chapters[0].tables[0].rows[-1]
    assert row[0] == "forgetting: general"
    assert row[1].endswith(" nats")
    assert row[4] == "+0.050 nats"
    assert said.data.gates[-1].unit == "nats per token"
    path, account = report(ruined, Silent())
    chapter = next(c for c in account.chapters if c.title == "Forgetting")
    assert len(chapter.tables[1].rows) == 3
    assert "Texts of the general sample that got worst" in path.read_text(encoding="utf-8")


def test_an_adapter_that_changes_next_to_nothing_shows_no_harm(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, more=GENERAL)
    path = tmp_path / "surpass.toml"
    text = path.read_text(encoding="utf-8").replace(
        "[training]\n", "[training]\nlearning_rate = 1e-7\n"
    )
    path.write_text(text, encoding="utf-8")
    project = open_project(tmp_path)
    seal(project)
    train(project, Silent())
    gate = verdict(project, Silent()).verdict.gates[-1]
    assert (gate.role, gate.outcome, gate.level) == ("forgetting", Outcome.PASS, "no harm shown")
    assert abs(gate.bounds.estimate) < 0.01


def test_the_same_weights_under_another_name_forget_nothing(tmp_path, tiny_base):
    project = make_project(tmp_path / "ours", tiny_base, more=GENERAL)
    shutil.copytree(tiny_base, tmp_path / "merged")
    adopt(project, tmp_path / "merged", "merged")
    seal(project)
    gate = verdict(project, Silent(), "adopted:merged").verdict.gates[-1]
    assert gate.bounds.estimate == 0
    assert gate.outcome is Outcome.PASS


def test_answers_of_a_file_tell_no_loss(tmp_path, tiny_base):
    project = make_project(
        tmp_path, tiny_base, count=240, more=AMONG_FILES + "[[criteria.forgetting]]\n"
    )
    for name, kept in (("base", 0.5), ("vendor", 0.9)):
        write_answers(tmp_path / f"{name}.csv", kept)
        import_answers(project, tmp_path / f"{name}.csv", name, Named())
    seal(project)
    judged = verdict(project, Silent(), "file:vendor").verdict
    assert judged.outcome is Outcome.INCONCLUSIVE
    assert "only answers are known" in judged.headline
    assert "surpass adopt" in judged.gates[-1].remedy
    assert open_project(tmp_path).ledger.bodies(Judgement)[-1][1].gates == judged.gates
    assert "only answers are known" in report(project, Silent(), "file:vendor")[0].read_text(
        "utf-8"
    )


def test_a_file_edited_after_the_seal_is_refused(tmp_path, tiny_base):
    write_old(tmp_path)
    project = make_project(tmp_path, tiny_base, more=OWN)
    body = seal(project)[1]
    assert list(body.evidence) == ["old.jsonl"]
    write_old(tmp_path, word="no")
    with pytest.raises(Refused, match=r"texts of \[\[criteria.forgetting\]\]"):
        train(project, Silent())
    seal(project, amend="the old answers were wrong")
    write_old(tmp_path)
    assert (
        "changed after the seal" in status_account(project, check_ledger=False, head=None).headline
    )


def test_rows_of_the_user_are_asked_with_the_tasks_instruction(tmp_path, tiny_base):
    write_old(tmp_path)
    project = make_project(tmp_path, tiny_base, more=OWN)
    current_split(project)
    asked, bare = (
        measured_loss(project, Forgetting(on="old.jsonl", instruction=how), "base", Silent())
        for how in ("task", "none")
    )
    assert asked.record.texts == 30
    assert asked.digest != bare.digest
    assert not asked.frame["loss"].equals(bare.frame["loss"])
    assert asked.frame.select(pl.col("tokens").max()).item() <= 6  # the answer and its end


@pytest.mark.parametrize(
    ("count", "said"), [(19, "rests on 19 groups of texts; a bound needs 20"), (0, "no file")]
)
def test_a_sample_too_small_or_missing_is_not_sealed(tmp_path, tiny_base, count, said):
    if count:
        write_old(tmp_path, count)
    project = make_project(tmp_path, tiny_base, more=OWN)
    with pytest.raises(BadInput, match=said):
        seal(project)


def test_the_seal_says_what_may_be_lost(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, more=GENERAL)
    said = said_seal(project).text
    assert any("The loss on the general sample must not rise by more than 0.05" in s for s in said)


def test_a_seal_from_before_this_guard_is_still_in_force(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, more=PRIMARY)
    digest = seal(project)[0]
    ledger = tmp_path / "ledger.jsonl"
    text = ledger.read_text(encoding="utf-8")
    assert '"evidence":{}' in text
    old = text.replace('"evidence":{},', "").replace('"forgetting":[],', "")
    ledger.write_text(old, encoding="utf-8")
    again = seal(project)
    assert again[0] != digest
    assert len(project.ledger.entries()) == 1
    with pytest.raises(Refused, match="The criteria"):
        seal(add_settings(tmp_path, "[[criteria.forgetting]]\n"))
