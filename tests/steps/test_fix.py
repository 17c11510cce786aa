import pytest

from surpass.core.errors import BadInput, Refused
from surpass.data.fix import MODEL_BASED
from surpass.steps.check import check, check_account
from surpass.steps.dataset import current_dataset
from surpass.steps.fix import accept_proposed, drop_found, fix, fix_account, undo
from surpass.steps.init import init
from surpass.steps.project import open_project

ROWS = [
    ("the network is down in the whole building", "outage "),
    ("my caf\u00c3\u00a9 order never came to the table", "late"),
    ("where is the parcel that I ordered", "late"),
    ("the lights are off in our street again", "outage"),
    ("a cafe\u0301 with a\0 trick in it", "late"),
    ("", "late"),
    ("nothing here can be undone, the \ufffd says so", "outage"),
]


@pytest.fixture
def project(tmp_path):
    lines = ["text,label", *(f"{text.replace(',', ';')},{label}" for text, label in ROWS)]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    init(tmp_path / "rows.csv", tmp_path, input_column="text", output_column="label")
    return open_project(tmp_path)


def test_what_check_promises_fix_does(project):
    before = {result.check: result for result in check(project)}["structure"]
    promised = set(before.evidence.filter(before.evidence["proposal"] != "review")["row"])
    assert f"mends or drops {len(promised)} rows" in before.advice
    assert check_account(project).next_command == "surpass fix"
    made = fix(project)
    assert {decision.row for decision in made} == promised
    assert all(decision.reason for decision in made)
    after = {result.check: result for result in check(project)}["structure"]
    assert after.evidence["proposal"].unique().to_list() == ["review"]
    assert "surpass fix" not in after.advice
    assert check_account(project).next_command == "surpass split"


def test_mended_rows_read_as_they_were_written(project):
    fix(project)
    rows = current_dataset(project).train
    assert rows["target"].unique().sort().to_list() == ["late", "outage"]
    assert rows["input"][1] == "my caf\u00e9 order never came to the table"
    assert rows["input"][4] == "a caf\u00e9 with a trick in it"


def test_all_mends_of_one_text_are_one_decision_with_all_reasons(project):
    (both,) = [decision for decision in fix(project) if decision.row == "rows:6"]
    assert "NUL" in both.reason
    assert "accents" in both.reason


def test_a_second_time_there_is_nothing_to_do(project):
    assert fix(project)
    assert fix(project) == []
    assert "needs a person" in fix_account(project).headline


def test_the_headline_counts_what_was_done(project):
    assert fix_account(project).headline == "1 row dropped, 3 rows mended; 7 rows became 6."


def test_rows_that_a_person_decided_on_are_left_alone(project):
    (drop,) = [decision for decision in fix(project) if decision.action == "drop"]
    keep = type(drop)(row=drop.row, action="keep", reason="mine", by="me", at=drop.at)
    project.answers.decide([keep])
    assert fix(project) == []
    assert current_dataset(project).train.height == len(ROWS)


def test_what_surpass_did_is_taken_back_at_once_and_rows_are_as_they_were(project):
    before = current_dataset(project).train
    made = fix(project)
    taken = undo(project, ("all",), by="ann", reason="by mistake")
    assert {decision.row for decision in taken} == {decision.row for decision in made}
    assert current_dataset(project).train.equals(before)
    with pytest.raises(BadInput, match="nothing to take back"):
        undo(project, ("all",), by="ann", reason="")


def test_a_policy_drops_what_a_check_shows_and_names_who_decided(project):
    with pytest.raises(BadInput, match="somebody's decision"):
        drop_found(project, "structure", by=" ", reason="")
    with pytest.raises(BadInput, match="no check"):
        drop_found(project, "structures", by="ann", reason="")
    shown = {r.check: r for r in check(project)}["structure"].evidence["row"].unique()
    made = drop_found(project, "structure", by="ann", reason="too damaged")
    assert {(d.row, d.by, d.reason) for d in made} == {(r, "ann", "too damaged") for r in shown}
    assert not set(shown) & set(current_dataset(project).train["row"])
    undo(project, (made[0].row,), by="ann", reason="")
    assert made[0].row in set(current_dataset(project).train["row"])


def test_findings_of_a_model_drop_nothing_before_rows_have_sides(project):
    for name in MODEL_BASED & {result.check for result in check(project)}:
        with pytest.raises((Refused, BadInput)):
            drop_found(project, name, by="ann", reason="")


def test_masks_are_put_in_by_a_persons_word(tmp_path):
    texts = [f"please call {n} back, the line is dead" for n in "abcdefghijklmnopqrst"]
    texts[3] = "write to mara.quill@example.org about the line"
    lines = [
        "text,label",
        *(f"{text.replace(',', ';')},{'ab'[n % 2]}" for n, text in enumerate(texts)),
    ]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    init(tmp_path / "rows.csv", tmp_path, input_column="text", output_column="label")
    project = open_project(tmp_path)
    with pytest.raises(BadInput, match="proposes no text"):
        accept_proposed(project, "imbalance", by="ann", reason="")
    accept_proposed(project, "personal_data", by="ann", reason="")
    masked = current_dataset(project).train["input"][3]
    assert "mara" not in masked
    assert masked.endswith("about the line")
    undo(project, ("rows:5",), by="ann", reason="")
    assert current_dataset(project).train["input"][3] == texts[3]
