import shutil

import pytest

from small_projects import add_settings, make_project
from surpass.core.account import Standing
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Judgement, Opening, Seal
from surpass.steps.evaluate import evaluate
from surpass.steps.go import Ears, go
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.train import train
from surpass.steps.verdict import verdict


@pytest.fixture
def said():
    return []


@pytest.fixture
def ears(said):
    return Ears(Silent(), said.append, lambda proposal: True)


def test_a_table_of_labels_becomes_a_verdict_and_a_report(tmp_path, tiny_base, ears, said):
    project = make_project(tmp_path, tiny_base)
    account = go(project, ears)
    assert account.headline.split()[0].rstrip(":.") in {"PASS", "FAIL", "INCONCLUSIVE"}
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    bodies = [entry.body for _, entry in project.ledger.entries()]
    assert [type(body) for body in bodies] == [Seal, *[Opening] * 4, Judgement]
    assert {line.partition(":")[0] for line in said} == {
        "check", "split", "ladder", "seal", "train", "evaluate",
    }  # fmt: skip


def test_going_again_repeats_nothing_and_says_the_same(tmp_path, tiny_base, ears):
    project = make_project(tmp_path, tiny_base)
    first = go(project, ears)
    entries = project.ledger.entries()
    assert go(open_project(tmp_path), ears) == first
    assert project.ledger.entries() == entries


@pytest.mark.parametrize(("kind", "output"), [("extract", "record"), ("generate", "text")])
def test_records_and_texts_go_the_same_way(tmp_path, tiny_base, ears, kind, output):
    account = go(make_project(tmp_path, tiny_base, kind=kind, output=output, count=120), ears)
    assert account.standing in set(Standing)
    assert (tmp_path / "report.html").exists()


def test_nothing_is_sealed_without_consent(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    with pytest.raises(Refused, match="Nothing was sealed"):
        go(project, Ears(Silent(), lambda said: None, lambda proposal: False))
    assert project.ledger.entries() == []


class Started(Silent):
    """Remembers what was begun."""

    def __init__(self):
        self.work = []

    def start(self, what, total):
        self.work.append(what)


@pytest.mark.parametrize("name", ["pass_at_1", "chrf"])  # there is none; it is of another kind
def test_a_metric_that_cannot_be_is_said_before_any_model_is_asked(tmp_path, tiny_base, name):
    make_project(tmp_path, tiny_base)
    project = add_settings(tmp_path, f'[[criteria.primary]]\nmetric = "{name}"\nmargin = 0.0\n')
    started = Started()
    with pytest.raises(BadInput, match=name):
        go(project, Ears(started, lambda said: None, lambda proposal: True))
    assert started.work == []


def test_evaluate_too_says_first_that_there_is_no_such_metric(tmp_path, tiny_base):
    make_project(tmp_path, tiny_base)
    project = add_settings(tmp_path, '[[criteria.primary]]\nmetric = "f7"\nmargin = 0.0\n')
    started = Started()
    with pytest.raises(BadInput, match="There is no metric `f7`"):
        evaluate(project, "zero-shot", "valid", started)
    assert started.work == []


def test_training_needs_a_seal(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    with pytest.raises(Refused, match="surpass seal"):
        train(project, Silent())


def test_the_test_is_not_opened_without_a_seal(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    with pytest.raises(Refused, match="Nothing is sealed"):
        evaluate(project, "linear", "test", Silent())
    assert project.ledger.bodies(Opening) == []


def test_edited_criteria_stop_training_until_they_are_amended(tmp_path, tiny_base, ears):
    seal(make_project(tmp_path, tiny_base))
    edited = add_settings(
        tmp_path, '[criteria]\n[[criteria.primary]]\nmetric = "accuracy"\nmargin = 0.0\n'
    )
    with pytest.raises(Refused, match="The criteria changed after the seal"):
        train(edited, Silent())
    with pytest.raises(Refused, match="--amend"):
        seal(edited)
    seal(edited, amend="accuracy is what the desk counts")
    account = go(edited, ears)
    assert any("accuracy is what the desk counts" in said for said in account.warnings)


def test_a_second_candidate_is_judged_at_a_stricter_level(tmp_path, tiny_base, ears):
    go(make_project(tmp_path, tiny_base), ears)
    first = verdict(open_project(tmp_path), Silent()).verdict
    assert (first.candidate_number, first.alpha) == (1, pytest.approx(0.05 / 2))
    path = tmp_path / "surpass.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("epochs = 1", "epochs = 2"))
    second = verdict_of(open_project(tmp_path))
    assert (second.candidate_number, second.alpha) == (2, pytest.approx(0.05 / 6))


def verdict_of(project):
    train(project, Silent())
    return verdict(project, Silent()).verdict


def test_the_cache_may_be_deleted_at_any_time(tmp_path, tiny_base, ears):
    project = make_project(tmp_path, tiny_base)
    before = go(project, ears)
    shutil.rmtree(tmp_path / ".surpass" / "cache")
    after = go(open_project(tmp_path), ears)
    assert after.headline == before.headline
    assert len(project.ledger.bodies(Seal)) == 1
    assert verdict(project, Silent()).verdict.candidate_number == 1


def test_the_same_rows_in_another_order_are_split_alike(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    again = make_project(tmp_path / "again", tiny_base)
    assert current_split(project).sides == current_split(again).sides


def test_thirty_test_rows_cannot_tell(tmp_path, tiny_base, ears):
    project = make_project(tmp_path, tiny_base, count=120)
    go(project, ears)
    assert verdict(project, Silent()).verdict.outcome.value in {"INCONCLUSIVE", "FAIL"}


def test_a_guard_that_this_test_cannot_prove_is_refused_at_sealing(tmp_path, tiny_base):
    make_project(tmp_path, tiny_base)
    promised = add_settings(
        tmp_path,
        '[criteria]\n[[criteria.primary]]\nmetric = "accuracy"\nmargin = 0.0\n'
        '[[criteria.guard]]\nmetric = "accuracy"\nmargin = -0.01\nlevel = "proved"\n',
    )
    with pytest.raises(Refused, match="no harm shown"):
        seal(promised)
    assert promised.ledger.entries() == []
