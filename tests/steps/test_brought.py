"""Models that were made elsewhere are judged like our own, and never mixed with another engine."""

import csv
import json
import shutil

import pytest

from small_projects import add_settings, make_project
from surpass.cli.app import app
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Opening
from surpass.core.records.verdict import Outcome
from surpass.data.answer_files import Named
from surpass.steps.bring import adopt, find_brought, import_answers
from surpass.steps.evaluate import evaluate
from surpass.steps.project import open_project
from surpass.steps.report import report
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.train import train
from surpass.steps.verdict import verdict

AGAINST = """
[ladder]
rungs = ["zero-shot", "file:base"]
[[criteria.primary]]
metric = "macro_f1"
against = "file:base"
margin = 0.05
"""


def write_answers(path, rows, right):
    """Answers to every row of the project, of which every n-th is wrong."""
    other = {"outage": "bill", "bill": "move", "move": "outage"}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["input", "answer", "seconds"])
        for place, row in enumerate(rows):
            label = row["label"]
            writer.writerow([row["text"], label if place % right else other[label], "0.5"])


def all_rows(folder):
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def project(tmp_path, tiny_base):
    made = make_project(tmp_path, tiny_base, count=240, more=AGAINST)
    rows = all_rows(tmp_path)
    write_answers(tmp_path / "base.csv", rows, right=2)
    write_answers(tmp_path / "tuned.csv", rows, right=8)
    return made


def test_two_sets_of_answers_get_a_verdict_within_a_project(project, tmp_path):
    import_answers(project, tmp_path / "base.csv", "base", Named())
    import_answers(project, tmp_path / "tuned.csv", "vendor", Named())
    seal(project)
    judged = verdict(project, Silent(), "file:vendor")
    assert judged.verdict.outcome is Outcome.PASS
    assert judged.verdict.opponent == "file:base"
    openings = [body.candidate for _, body in project.ledger.bodies(Opening)]
    assert any(candidate.startswith("file:vendor:") for candidate in openings)
    assert judged.verdict.candidate_number == 1


def test_other_answers_under_the_same_name_are_another_candidate(project, tmp_path):
    import_answers(project, tmp_path / "base.csv", "base", Named())
    import_answers(project, tmp_path / "tuned.csv", "vendor", Named())
    seal(project)
    verdict(project, Silent(), "file:vendor")
    write_answers(tmp_path / "better.csv", all_rows(tmp_path), right=10)
    import_answers(project, tmp_path / "better.csv", "vendor", Named())
    assert verdict(project, Silent(), "file:vendor").verdict.candidate_number == 2


def test_missing_answers_count_as_wrong(project, tmp_path):
    rows = all_rows(tmp_path)
    write_answers(tmp_path / "half.csv", rows[::2], right=1000)
    import_answers(project, tmp_path / "half.csv", "half", Named())
    found = evaluate(project, "file:half", "valid", Silent()).record
    assert found.unreadable > 0
    assert found.scores["accuracy"] <= 1 - found.unreadable / found.rows


def test_answers_of_another_engine_are_not_compared_with_ours(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, count=240)
    write_answers(tmp_path / "tuned.csv", all_rows(tmp_path), right=8)
    import_answers(project, tmp_path / "tuned.csv", "vendor", Named())
    project = add_settings(
        tmp_path, '[[criteria.primary]]\nmetric = "macro_f1"\nagainst = "zero-shot"\n'
    )
    seal(project)
    with pytest.raises(Refused, match="not answered by the same engine"):
        verdict(project, Silent(), "file:vendor")
    assert not project.ledger.bodies(Opening)


def test_an_adapter_of_another_trainer_is_judged_like_our_own(tmp_path, tiny_base):
    project = make_project(tmp_path / "ours", tiny_base)
    seal(project)
    run = train(project, Silent())
    shutil.copytree(run.adapter, tmp_path / "theirs")
    entry = adopt(project, tmp_path / "theirs", "axolotl")
    assert entry.kind == "adapter"
    ours = evaluate(project, "tuned", "valid", Silent())
    theirs = evaluate(project, "adopted:axolotl", "valid", Silent())
    assert theirs.predictions.equals(ours.predictions)
    judged = verdict(project, Silent(), "adopted:axolotl").verdict
    assert judged.candidate_number == 1
    assert verdict(project, Silent()).verdict.candidate_number == 2


def test_a_report_on_an_adopted_model_says_that_it_was_trained_elsewhere(tmp_path, tiny_base):
    project = make_project(tmp_path / "ours", tiny_base)
    seal(project)
    shutil.copytree(train(project, Silent()).adapter, tmp_path / "theirs")
    adopt(project, tmp_path / "theirs", "axolotl")
    path, account = report(project, Silent(), "adopted:axolotl")
    page = path.read_text(encoding="utf-8")
    assert "Trained elsewhere" in page
    assert "mask and template not verified" in page
    assert str(tmp_path / "theirs") in page
    assert account.headline.split(":")[0] in {"PASS", "FAIL", "INCONCLUSIVE"}


def test_merged_weights_are_judged_where_they_lie(tmp_path, tiny_base):
    project = make_project(tmp_path / "ours", tiny_base)
    shutil.copytree(tiny_base, tmp_path / "merged")
    adopt(project, tmp_path / "merged", "merged")
    zero_shot = evaluate(project, "zero-shot", "valid", Silent())
    merged = evaluate(project, "adopted:merged", "valid", Silent())
    assert merged.predictions["answer"].equals(zero_shot.predictions["answer"])
    config = tmp_path / "merged" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text("utf-8")) | {"note": 1}), "utf-8")
    with pytest.raises(Refused, match="are not what"):
        evaluate(project, "adopted:merged", "valid", Silent())


def test_retrieved_examples_are_a_rung(tmp_path, tiny_base):
    more = '[ladder]\nrungs = ["zero-shot", "retrieved"]\nshots = 2\n'
    project = make_project(tmp_path, tiny_base, more=more)
    found = evaluate(project, "retrieved", "valid", Silent())
    assert (
        found.record.prompt_tokens
        > evaluate(project, "zero-shot", "valid", Silent()).record.prompt_tokens
    )


def test_the_command_takes_answers_in_and_names_the_next_step(project, tmp_path, capsys):
    command = ["evaluate", str(tmp_path), "--predictions", str(tmp_path / "tuned.csv")]
    assert app([*command, "--as", "vendor"], result_action="return_value") == 0
    assert "surpass verdict" in capsys.readouterr().out
    assert app(command, result_action="return_value") == 3
    assert "--as NAME" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"), [("", "no name"), ("../x", "no name for a model"), ("a b", "no name for")]
)
def test_a_name_is_a_plain_word(project, tmp_path, name, said):
    from surpass.steps.score import brought_account

    with pytest.raises(BadInput, match=said):
        brought_account(project, tmp_path / "base.csv", name, Silent(), columns=(None, None))


def test_what_cannot_be_brought_is_refused(project, tmp_path):
    with pytest.raises(BadInput, match="neither an adapter"):
        adopt(project, tmp_path, "x")
    with pytest.raises(BadInput, match="no model `file:x`"):
        find_brought(project, "file:x")
    (tmp_path / "strange.csv").write_text("input,answer\nother,text\n", encoding="utf-8")
    import_answers(project, tmp_path / "strange.csv", "strange", Named())
    with pytest.raises(BadInput, match="None of the"):
        evaluate(project, "file:strange", "valid", Silent())
    with pytest.raises(BadInput, match="cannot be judged"):
        verdict(project, Silent(), "zero-shot")


def test_what_was_brought_is_asked_for_again_when_the_cache_is_gone(project, tmp_path):
    import_answers(project, tmp_path / "base.csv", "base", Named())
    current_split(project)
    shutil.rmtree(tmp_path / ".surpass" / "cache")
    with pytest.raises(Refused, match="Bring"):
        evaluate(open_project(tmp_path), "file:base", "valid", Silent())
    import_answers(project, tmp_path / "base.csv", "base", Named())
    assert evaluate(open_project(tmp_path), "file:base", "valid", Silent()).record.rows > 0


CHAMPION = """
[ladder]
rungs = ["zero-shot", "adopted:champion"]
[[criteria.primary]]
metric = "macro_f1"
against = "adopted:champion"
margin = 0.05
"""


def adapter_of(folder, base, epochs):
    """Files of a model that was tuned in a project of its own."""
    made = make_project(folder, base, epochs=epochs)
    seal(made)
    return train(made, Silent()).adapter


def test_the_model_in_use_is_a_rung_that_the_next_one_must_beat(tmp_path, tiny_base):
    first = adapter_of(tmp_path / "first", tiny_base, epochs=1)
    project = make_project(tmp_path / "next", tiny_base, epochs=2, more=CHAMPION)
    adopt(project, first, "champion")
    seal(project)
    train(project, Silent())
    judged = verdict(project, Silent()).verdict
    assert judged.opponent == "adopted:champion"
    with pytest.raises(BadInput, match="is a rung of"):
        verdict(project, Silent(), "adopted:champion")


def test_another_model_under_the_rungs_name_is_not_what_was_sealed(tmp_path, tiny_base):
    first = adapter_of(tmp_path / "first", tiny_base, epochs=1)
    other = adapter_of(tmp_path / "other", tiny_base, epochs=2)
    project = make_project(tmp_path / "next", tiny_base, more=CHAMPION)
    adopt(project, first, "champion")
    seal(project)
    adopt(project, other, "champion")
    with pytest.raises(Refused, match="A baseline that was brought changed"):
        train(project, Silent())
