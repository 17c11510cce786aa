"""surpass label start, results, adjudicate and apply, step by step."""

import json
from collections import Counter

import msgspec
import polars as pl
import pytest

from labelled_projects import Labelling, answer_all, labelling, project_of, some_answer, write_rows
from small_projects import add_settings, make_project, rows
from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.annotation import Annotation
from surpass.core.records.rating import Labelled, Rejected, Skipped, Written
from surpass.people.adjudicate import ADJUDICATOR
from surpass.people.labelling import showed_an_answer
from surpass.steps.dataset import current_dataset
from surpass.steps.labelling.apply import apply_labels
from surpass.steps.labelling.rows import Wanted as WantedRows
from surpass.steps.labelling.start import Wanted, adjudicate, label_results, start, withdraw
from surpass.steps.project import open_project
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.store.annotations import Annotations
from surpass.store.tasks import TaskStore

TEXTS = [f"text number {number} of them" for number in range(40)]


def says(label: str):
    return lambda _: Labelled(label=label)


def queue_of(project):
    return TaskStore(project.folder, "label").queue()


def why(project) -> Counter[str]:
    """How many rows were picked for which reason."""
    tasks = [task for hand in queue_of(project).tasks.values() for task in hand]
    return Counter({task.item: task.behind.stratum for task in tasks}.values())


def tell(project, row, value, *, by="annotator-1", text=None, **more) -> None:
    """Keep an answer as another program would bring it."""
    examples = current_dataset(project).train
    shown = text or examples.filter(pl.col(columns.ROW) == row)[columns.INPUT][0]
    Annotations(project.folder).add(
        Annotation(
            at="2026-03-01T12:00:00+00:00",
            by=by,
            row=row,
            digest=digest_text(shown),
            verdict=more.pop("verdict", "answered"),
            value=value,
            **more,
        )
    )


# Which rows


def test_rows_of_a_check_come_in_its_order_with_a_part_drawn_at_random(tmp_path):
    project = project_of(tmp_path, TEXTS)
    lines = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    lines[7] |= {"text": lines[3]["text"], "intent": "other"}
    write_rows(tmp_path / "rows.jsonl", lines)
    project = add_settings(tmp_path, "")
    section = msgspec.structs.replace(project.settings.labelling, rows=10, random_share=0.3)
    settings = msgspec.structs.replace(project.settings, labelling=section)
    project = project._replace(settings=settings)
    start(project, Wanted(WantedRows(check="contradictions")))
    assert why(project) == {"check:contradictions": 2, "random": 3}
    assert queue_of(project).source == "check:contradictions"


def test_rows_of_which_a_model_is_unsure_come_first(tmp_path):
    texts = [f"{'invoice paid money' if n % 2 else 'router dead line'} {n}" for n in range(40)]
    project = project_of(tmp_path, texts)
    lines = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    write_rows(
        tmp_path / "rows.jsonl",
        [line | {"intent": ("outage", "bill")[n % 2]} for n, line in enumerate(lines)],
    )
    pool = [{"id": f"p{n}", "text": "router dead line"} for n in range(15)]
    pool += [{"id": f"q{n}", "text": f"router dead invoice paid x{n}"} for n in range(5)]
    write_rows(tmp_path / "pool.jsonl", pool)
    section = msgspec.structs.replace(project.settings.labelling, rows=6, random_share=0.15)
    project = project._replace(
        settings=msgspec.structs.replace(project.settings, labelling=section)
    )
    start(project, Wanted(WantedRows(rows=tmp_path / "pool.jsonl"), uncertain=True))
    tasks = [task for hand in queue_of(project).tasks.values() for task in hand]
    unsure = {task.item for task in tasks if task.behind.stratum == "uncertain"}
    assert unsure == {f"q{n}" for n in range(5)}
    assert why(project)["random"] == 1


def test_a_queue_of_wanted_rows_is_asked_in_its_order_and_without_a_random_part(tmp_path):
    project = project_of(tmp_path, TEXTS[:5])
    (tmp_path / "requests").mkdir()
    queue = tmp_path / "requests" / "pool-1234.jsonl"
    write_rows(queue, [{"id": f"p{n}", "text": f"new {n}"} for n in range(9)])
    notes = start(project, Wanted(WantedRows(rows=queue))).queue.notes
    assert why(project) == {queue.name: 5}
    asked = {task.item for hand in queue_of(project).tasks.values() for task in hand}
    assert asked == {f"p{n}" for n in range(5)}
    assert any("No part is drawn at random" in note for note in notes)


@pytest.mark.parametrize(
    ("form", "named", "match"),
    [("label", None, "asked of new rows only"), ("draft", "pool.jsonl", "can be told of labels")],
)
def test_where_no_model_can_be_unsure_it_is_said(tmp_path, form, named, match):
    project = project_of(tmp_path, TEXTS, form)
    write_rows(tmp_path / "pool.jsonl", [{"id": "p", "text": "new"}])
    wanted = WantedRows(rows=None if named is None else tmp_path / named)
    with pytest.raises(BadInput, match=match):
        start(project, Wanted(wanted, uncertain=True))


def test_rows_that_somebody_labelled_are_not_asked_again(tmp_path):
    labelled = labelling(tmp_path, TEXTS[:6], overlap=0.0)
    answer_all(labelled, 0, some_answer)
    before = {one.row for one in Annotations(tmp_path).all()}
    started = start(labelled.project, Wanted(anew=True))
    asked = {task.item for hand in started.queue.tasks.values() for task in hand}
    assert asked == {f"row{n}" for n in range(6)} - before
    assert any("labelled already" in note for note in started.queue.notes)
    answer_all(Labelling(tmp_path, list(started.secrets.values())), 0, some_answer)
    answer_all(Labelling(tmp_path, list(started.secrets.values())), 1, some_answer)
    with pytest.raises(BadInput, match="6 rows are labelled already"):
        start(labelled.project, Wanted(anew=True))


def test_the_same_command_goes_on_and_another_one_is_not_mixed_in(tmp_path):
    labelled = labelling(tmp_path, TEXTS[:6])
    again = start(labelled.project, Wanted())
    assert (again.queue.id, again.secrets) == (queue_of(labelled.project).id, {})
    write_rows(tmp_path / "pool.jsonl", [{"id": "p", "text": "new"}])
    with pytest.raises(BadInput, match="There are tasks already: 6 rows of all, 2 annotators"):
        start(labelled.project, Wanted(WantedRows(rows=tmp_path / "pool.jsonl")))
    with pytest.raises(BadInput, match="tasks already"):
        start(labelled.project, Wanted(annotators=5))
    assert len(start(labelled.project, Wanted(new_links=True)).secrets) == 2
    assert withdraw(labelled.project, "annotator-1") == 1


@pytest.mark.parametrize("annotators", [0, -3])
def test_nobody_cannot_label(tmp_path, annotators):
    with pytest.raises(BadInput, match="annotators cannot label"):
        start(project_of(tmp_path, TEXTS), Wanted(annotators=annotators))


def test_a_guideline_that_cannot_be_read_is_named(tmp_path):
    project = project_of(tmp_path, TEXTS, more='guideline = "missing.md"')
    with pytest.raises(BadInput, match=r"missing\.md"):
        start(project, Wanted())


# What they amount to


def test_agreement_is_told_first_and_each_person_against_the_others(tmp_path):
    labelled = labelling(tmp_path, TEXTS, annotators=3, overlap=1.0, more="overlap_annotators = 3")
    answer_all(labelled, 0, says("bill"))
    answer_all(labelled, 1, says("bill"))
    answer_all(labelled, 2, lambda task: Labelled(label=("bill", "move")[int(task.item[3:]) % 2]))
    account = label_results(labelled.project)
    data = account.data
    assert (data.shared.rows, data.shared.share, data.disputed) == (40, 0.5, 20)
    assert data.shared.low < 0.5 < data.shared.high
    assert data.agreement.low < data.agreement.alpha < data.agreement.high
    apart = {one.annotator: one.with_others.share for one in data.annotators}
    assert apart == {"annotator-1": 0.75, "annotator-2": 0.75, "annotator-3": 0.5}
    assert [one.seconds for one in data.annotators] == [2.0] * 3
    assert len(data.contested) == 10
    assert account.facts[0].label.startswith("agreement")
    assert account.next_command == "surpass label adjudicate"
    assert "the guideline leaves room" in account.warnings[0]
    assert sum(day.answers for day in data.days) == 120


def test_without_common_rows_agreement_is_not_known(tmp_path):
    labelled = labelling(tmp_path, TEXTS[:6], overlap=0.0)
    answer_all(labelled, 0, some_answer)
    account = label_results(labelled.project)
    assert account.data.agreement is None
    assert account.data.shared.share is None
    assert "agreement is not known" in account.headline


def test_other_words_are_no_disagreement_about_a_free_text(tmp_path):
    labelled = labelling(tmp_path, TEXTS[:6], "draft", overlap=1.0)
    answer_all(labelled, 0, lambda _: Written(text="one way"))
    answer_all(labelled, 1, lambda _: Written(text="another way"))
    account = label_results(labelled.project)
    assert account.data.agreement is None
    assert "other words are no disagreement" in account.facts[0].note
    assert account.warnings == ()


def test_skipped_rows_and_reasons_are_counted_and_no_answers(tmp_path):
    labelled = labelling(tmp_path, TEXTS[:6], overlap=0.0, annotators=1)
    answer_all(labelled, 0, lambda _: Skipped(reason="no idea"))
    account = label_results(labelled.project)
    assert account.data.rows == 0
    assert account.data.annotators[0].skipped == 6
    assert "Skipped 6 times: no idea." in account.chapters[0].text


def test_nobody_said_anything(tmp_path):
    project = project_of(tmp_path, TEXTS)
    for verb in (label_results, apply_labels, adjudicate):
        with pytest.raises(CannotTell):
            verb(project)


def test_what_people_differ_about_goes_to_one_more_person_who_settles_it(tmp_path):
    labelled = labelling(tmp_path, TEXTS[:8], overlap=1.0)
    answer_all(labelled, 0, says("bill"))
    answer_all(labelled, 1, lambda task: Labelled(label=("bill", "move")[task.item == "row3"]))
    started = adjudicate(labelled.project)
    tasks = started.queue.tasks[ADJUDICATOR]
    assert [task.item for task in tasks] == ["row3"]
    assert not showed_an_answer(tasks[0].payload)
    answer_all(Labelling(tmp_path, [started.secrets[ADJUDICATOR]]), 0, says("outage"))
    data = label_results(labelled.project).data
    assert (data.disputed, data.settled, data.contested[0].settled) == (1, 1, "outage")
    assert [one.annotator for one in data.annotators] == ["annotator-1", "annotator-2"]
    apply_labels(labelled.project)
    after = current_dataset(labelled.project).train
    assert after.filter(pl.col(columns.ROW) == "row3")[columns.TARGET][0] == "outage"


def test_answers_of_another_program_are_adjudicated_too(tmp_path):
    project = project_of(tmp_path, TEXTS[:8])
    tell(project, "row1", "bill", by="ls-1", via="label-studio")
    tell(project, "row1", "move", by="ls-2", via="label-studio")
    started = adjudicate(project)
    assert [task.item for task in started.queue.tasks[ADJUDICATOR]] == ["row1"]


# What becomes of them


def test_agreed_answers_become_decisions_and_only_once(tmp_path):
    labelled = labelling(tmp_path, TEXTS[:8], overlap=1.0)
    for place in (0, 1):
        answer_all(labelled, place, says("move"))
    data = apply_labels(labelled.project).data
    assert {d.action for d in data.decisions} == {"fix"}
    assert {d.by for d in data.decisions} == {"annotator-1, annotator-2"}
    assert all(d.reason == "Agreed by 2 people." for d in data.decisions)
    assert set(current_dataset(labelled.project).train[columns.TARGET]) == {"move"}
    assert data.confirmed == 8 - len(data.decisions) > 0
    again = apply_labels(labelled.project).data
    assert (again.decisions, again.confirmed) == ((), 8)


def test_disputed_lone_and_stale_answers_are_left_out_and_said(tmp_path):
    project = project_of(tmp_path, TEXTS[:8])
    tell(project, "row0", "move", by="ann")
    tell(project, "row0", "outage", by="ben")
    tell(project, "row1", "outage", by="ann")
    tell(project, "row2", "bill", text="as it was before", by="ann")
    tell(project, "row2", "bill", text="as it was before", by="ben")
    tell(project, "gone", "bill", text="x", by="ann")
    data = apply_labels(project, None, 2).data
    assert data.decisions == ()
    assert sorted(data.left_out.values()) == [1, 3]
    assert any("changed after it was labelled" in reason for reason in data.left_out)
    data = apply_labels(project).data
    assert [d.row for d in data.decisions] == ["row1"]
    assert sum(data.left_out.values()) == 3
    with pytest.raises(BadInput, match="0 people cannot agree"):
        apply_labels(project, None, 0)


def test_a_rejected_row_is_dropped_by_the_people_who_said_so(tmp_path):
    labelled = labelling(tmp_path, TEXTS[:6], "draft", annotators=1)
    answer_all(
        labelled,
        0,
        lambda task: Rejected() if task.item == "row2" else Written(text=task.payload.text),
    )
    data = apply_labels(labelled.project).data
    assert [(d.row, d.action, d.by) for d in data.decisions] == [("row2", "drop", "annotator-1")]
    assert data.confirmed == 5
    assert "row2" not in set(current_dataset(labelled.project).train[columns.ROW])
    assert apply_labels(labelled.project).data.left_out == {}


@pytest.mark.parametrize("form", ["label", "record", "spans", "draft"])
def test_labelled_rows_of_a_pool_are_a_file_that_can_be_learned_from(tmp_path, form):
    project = project_of(tmp_path, TEXTS[:9], form, annotators=1)
    pool = [{"id": f"p{n}", "text": f"new {n}", "shop": "north"} for n in range(4)]
    write_rows(tmp_path / "pool.jsonl", pool)
    started = start(project, Wanted(WantedRows(rows=tmp_path / "pool.jsonl")))
    labelled = Labelling(tmp_path, list(started.secrets.values()))
    answer_all(labelled, 0, lambda t: Skipped(reason="?") if t.item == "p1" else some_answer(t))
    account = apply_labels(project)
    assert (account.data.file, account.data.new_rows) == ("labelled/pool.jsonl", 3)
    assert any('add "labelled/pool.jsonl" to `train`' in line for line in account.text)
    settings = (tmp_path / "surpass.toml").read_text()
    (tmp_path / "surpass.toml").write_text(
        settings.replace('["rows.jsonl"]', '["rows.jsonl", "labelled/pool.jsonl"]')
    )
    after = current_dataset(open_project(tmp_path)).train
    new = after.filter(pl.col(columns.ROW).str.starts_with("p"))
    assert new[columns.ROW].to_list() == ["p0", "p2", "p3"]
    assert new["@shop"].to_list() == ["north"] * 3
    said = {one.row: one.value for one in Annotations(tmp_path).all()}
    assert all(
        json.loads(target) == json.loads(said[row]) if form in {"record", "spans"} else target
        for row, target in new.select(columns.ROW, columns.TARGET).iter_rows()
    )
    assert not any(target == "" for target in new[columns.TARGET])


# After the seal


@pytest.fixture
def sealed(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, count=120)
    seal(project)
    return project


def test_after_the_seal_only_training_rows_change(sealed):
    split = current_split(sealed)
    train, valid = split.train[columns.ROW][0], split.valid[columns.ROW][0]
    every = set(rows_of(sealed))
    test = next(iter(every - set(split.train[columns.ROW]) - set(split.valid[columns.ROW])))
    for row in (train, valid, test):
        for label in ("bill", "move"):  # one of them is not what stands there
            tell(sealed, row, label, by=label, text=texts_of(sealed)[row])
    found = {row: other_label(sealed, row) for row in (train, valid, test)}
    for row, label in found.items():
        tell(sealed, row, label, by=ADJUDICATOR, text=texts_of(sealed)[row])
    account = apply_labels(sealed)
    assert [d.row for d in account.data.decisions] == [train]
    assert account.data.by_side == {"train": 1, "valid": 0}
    assert sorted(account.data.left_out.values()) == [1, 1]
    assert any("seal --amend" in line for line in account.text)


def test_before_the_seal_a_person_who_saw_no_answer_may_relabel_what_will_judge(
    tmp_path, tiny_base
):
    project = make_project(tmp_path, tiny_base, count=120)
    split = current_split(project)
    valid = split.valid[columns.ROW][0]
    open_rows = set(split.train[columns.ROW]) | set(split.valid[columns.ROW])
    test, saw = [row for row in rows_of(project) if row not in open_rows][:2]
    for row in (valid, test, saw):
        tell(project, row, other_label(project, row), saw=row == saw)
    data = apply_labels(project).data
    assert {d.row for d in data.decisions} == {valid, test}
    assert (data.by_side["valid"], data.by_side["test"]) == (1, 1)
    assert any("saw a model's answer" in reason for reason in data.left_out)


def test_a_models_answer_is_shown_for_training_rows_after_the_seal_only(tmp_path, tiny_base):
    more = "\n[labelling]\nrows = 120\nsuggestions = true\n"
    project = make_project(tmp_path, tiny_base, count=120, more=more)
    answers = tmp_path / "answers.jsonl"
    write_rows(answers, [{"id": row, "answer": "bill"} for row in rows_of(project)])
    wanted = Wanted(WantedRows(predictions=answers), anew=True)
    before = start(project, wanted).queue
    assert not shown_in(before)
    assert any("before the seal" in note for note in before.notes)
    seal(project)
    split = current_split(project)
    after = start(project, wanted).queue
    asked = {task.item for hand in after.tasks.values() for task in hand}
    assert shown_in(after) == set(split.train[columns.ROW])
    assert asked == shown_in(after) | set(split.valid[columns.ROW])  # and no test row


def test_rows_that_are_sealed_while_people_label_are_not_asked_any_more(tmp_path, tiny_base):
    more = "\n[labelling]\nrows = 120\n"
    project = make_project(tmp_path, tiny_base, count=120, more=more)
    start(project, Wanted())
    seal(project)
    queue = start(project, Wanted()).queue
    split = current_split(project)
    asked = {task.item for hand in queue.tasks.values() for task in hand}
    assert asked == set(split.train[columns.ROW]) | set(split.valid[columns.ROW])
    assert queue.notes[-1].startswith(f"{split.sides.test_rows} rows were sealed as test")


def test_a_pools_copy_of_a_sealed_test_row_is_neither_asked_nor_learned_from(sealed):
    split = current_split(sealed)
    open_rows = set(split.train[columns.ROW]) | set(split.valid[columns.ROW])
    tested = next(text for row, text in texts_of(sealed).items() if row not in open_rows)
    pool = sealed.folder / "pool.jsonl"
    write_rows(pool, [{"id": "p0", "text": tested.upper()}, {"id": "p1", "text": "quite new"}])
    started = start(sealed, Wanted(WantedRows(rows=pool), annotators=1))
    assert {task.item for hand in started.queue.tasks.values() for task in hand} == {"p1"}
    answer_all(Labelling(sealed.folder, list(started.secrets.values())), 0, says("bill"))
    tell(sealed, "p0", "bill", text=tested.upper())  # labelled elsewhere
    account = apply_labels(sealed)
    assert account.data.new_rows == 1
    assert any("sealed test row" in reason for reason in account.data.left_out)
    assert "quite new" in (sealed.folder / "labelled/pool.jsonl").read_text()


def shown_in(queue) -> set[str]:
    tasks = [task for hand in queue.tasks.values() for task in hand]
    return {task.item for task in tasks if showed_an_answer(task.payload)}


def rows_of(project) -> list[str]:
    return list(texts_of(project))


def texts_of(project) -> dict[str, str]:
    return {f"rows:{n}": row["text"] for n, row in enumerate(rows(120), 2)}


def other_label(project, row: str) -> str:
    given = {f"rows:{n}": one["label"] for n, one in enumerate(rows(120), 2)}[row]
    return "move" if given == "bill" else "bill"
