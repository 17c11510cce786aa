"""surpass label start --audit: a random sample, judged blind, told wherever quality is told."""

import json

import pytest

from labelled_projects import Labelling, answer_all, project_of
from surpass.core.errors import BadInput
from surpass.core.records.rating import Filled, Label, Labelled, Written
from surpass.steps.card import card_account
from surpass.steps.check import check_account
from surpass.steps.fix import undo
from surpass.steps.labelling.apply import apply_labels
from surpass.steps.labelling.audit_result import audit_sentence, last_audit
from surpass.steps.labelling.rows import Wanted as WantedRows
from surpass.steps.labelling.start import Wanted, label_results, start
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.status import status_account
from surpass.store.audits import Audits
from surpass.store.tasks import TaskStore

TEXTS = [f"text number {number} of them" for number in range(60)]
LABELS = ("bill", "move", "outage")


def audit(project, count=10, **more):
    """Start it, for one annotator."""
    secrets = start(project, Wanted(audit=count, annotators=1, **more)).secrets
    return Labelling(project.folder, list(secrets.values()))


def tasks_of(project):
    hands = TaskStore(project.folder, "label").queue().tasks.values()
    return [task for hand in hands for task in hand]


@pytest.fixture
def project(tmp_path):
    return project_of(tmp_path / "p", TEXTS, labels=LABELS)


def right_but_for(wrong):
    """Says what the file says, except in `wrong` of the tasks."""
    left = [wrong]

    def says(task):
        number = int(task.item.removeprefix("row"))
        left[0] -= 1
        return Labelled(label=LABELS[(number + (left[0] >= 0)) % 3])

    return says


def test_the_rate_is_told_when_all_rows_are_judged_and_everywhere(project):
    labelled = audit(project)
    assert "0 judged, 10 waiting" in audit_sentence(project)[0]
    answer_all(labelled, 0, right_but_for(2))
    (sentence,) = audit_sentence(project)
    assert "2 of 10 judged answers are wrong: 20.0 % (2.5 % to 55.7 %" in sentence
    assert "10 training rows drawn from 60" in sentence
    status = status_account(project, check_ledger=False, head=None)
    for account in (label_results(project), check_account(project), status):
        assert sentence in account.text
    card = card_account(project).data
    assert card.audit == sentence
    assert sentence in (project.folder / card.file).read_text(encoding="utf-8")
    assert label_results(project).data.audit == last_audit(project)


def test_rows_are_drawn_whatever_was_labelled_before_and_shown_blind(project):
    first = audit(project, 60)
    answer_all(first, 0, right_but_for(0))
    audit(project, 60, anew=True)
    assert len({task.item for task in tasks_of(project)}) == 60
    for task in tasks_of(project):
        assert isinstance(task.payload, Label)
        assert task.payload.proposed is None
    assert last_audit(project).waiting == 60
    assert len(Audits(project.folder).all()) == 2


def test_each_audit_draws_anew_and_the_same_command_goes_on(project):
    labelled = audit(project)
    drawn = [task.item for task in tasks_of(project)]
    start(project, Wanted(audit=10))
    assert [task.item for task in tasks_of(project)] == drawn
    assert len(Audits(project.folder).all()) == 1
    answer_all(labelled, 0, right_but_for(0))
    audit(project, anew=True)
    assert [task.item for task in tasks_of(project)] != drawn


def test_only_training_rows_are_drawn_once_there_is_a_split(project):
    seal(project)
    train = current_split(project).train
    audit(project, train.height)
    assert {task.item for task in tasks_of(project)} == set(train["row"])
    with pytest.raises(BadInput, match="training rows"):
        audit(project, train.height + 1, anew=True)


def test_mending_the_rows_afterwards_does_not_change_what_was_found(project):
    answer_all(audit(project), 0, right_but_for(3))
    apply_labels(project)
    found = last_audit(project)
    assert (found.wrong, found.share, found.current) == (3, 0.3, False)
    assert "have changed since" in audit_sentence(project)[0]
    changed = project.answers.decisions()
    undo(project, tuple(one.row for one in changed), by="Ada", reason="")
    assert last_audit(project).wrong == 3


def test_a_text_that_is_left_as_it_is_is_right_and_a_mended_one_wrong(tmp_path):
    project = project_of(tmp_path / "p", TEXTS, "draft")
    labelled = audit(project, 4)

    def says(task):
        more = " Soon." if task == tasks_of(project)[0] else ""
        return Written(text=task.payload.text + more)

    answer_all(labelled, 0, says)
    assert last_audit(project).wrong == 1


def test_records_compare_by_what_they_say(tmp_path):
    project = project_of(tmp_path / "p", TEXTS, "record")
    path = project.folder / "rows.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    turned = [row | {"record": dict(reversed(row["record"].items()))} for row in rows]
    path.write_text("".join(json.dumps(row) + "\n" for row in turned), encoding="utf-8")
    project = open_project(project.folder)
    kept = {row["id"]: row["record"] for row in rows}
    labelled = audit(project, 5)
    answer_all(labelled, 0, lambda task: Filled(values=kept[task.item]))
    assert (last_audit(project).judged, last_audit(project).wrong) == (5, 0)


def test_an_audit_names_no_rows(project):
    for wanted in (WantedRows(check="bias"), WantedRows(rows=project.folder / "x.txt")):
        with pytest.raises(BadInput, match="by chance alone"):
            start(project, Wanted(wanted, audit=5))
    for count in (0, 61):
        with pytest.raises(BadInput, match="cannot be drawn"):
            start(project, Wanted(audit=count))
    assert Audits(project.folder).all() == []
