"""Groups compared and terms swapped, on a two-layer model: what is said, stored and refused."""

import json

import polars as pl
import pytest

from small_projects import add_settings, make_project, rows, write_rows
from surpass.cli.app import app
from surpass.core import columns
from surpass.core.account import Standing
from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.core.records.decisions import Opening
from surpass.core.settings.read import parse_settings
from surpass.data.answer_files import Named
from surpass.steps.bring import import_answers
from surpass.steps.fairness import fairness, fairness_chapters, said_fairness
from surpass.steps.split import current_split
from surpass.steps.status import status_account

GROUPS = '\n[fairness]\ngroups = ["channel"]\npositive = "bill"\n'
SWAPS = '\n[fairness.swaps]\nmonday = "sunday"\nhouse = "flat"\n'
SPLIT = '\n[split]\nvalid_share = 0.4\n[ladder]\nrungs = ["zero-shot", "linear"]\n'


def project_of(folder, base, more):
    return make_project(folder, base, count=260, more=SPLIT + more)


@pytest.fixture(scope="module")
def declared(tmp_path_factory, tiny_base):
    return project_of(tmp_path_factory.mktemp("declared"), tiny_base, GROUPS + SWAPS)


def test_groups_are_compared_before_and_after_and_rows_are_asked_with_terms_swapped(declared):
    found = fairness(declared, Silent(), "zero-shot")
    assert (found.base, found.model) == ("linear", "zero-shot")
    assert [one.measure for one in found.compared] == [
        "macro F1", "selected", "rightly selected", "wrongly selected",
    ]  # fmt: skip
    scores = found.compared[0]
    assert [rate.slice for rate in scores.tuned.rates] == ["chat", "phone"]
    assert scores.base.difference == 0  # the words tell every label
    asked = found.counterfactual
    texts = current_split(declared).valid[columns.INPUT]
    assert asked.rows == texts.str.contains(r"\b(?:monday|sunday|house|flat)\b").sum()
    assert asked.tuned.pairs == asked.base.pairs == asked.asked == asked.rows
    for one in asked.examples:
        assert one.before != one.after
        assert one.input != one.swapped


def test_a_model_that_does_not_look_at_the_terms_never_flips(declared):
    asked = fairness(declared, Silent(), "zero-shot").counterfactual
    assert asked.base.flipped <= asked.tuned.flipped
    assert (asked.base.low, asked.base.share) == (0, 0)


def test_the_answers_are_stored_and_the_test_stays_sealed(declared):
    first = fairness(declared, Silent(), "zero-shot")
    assert fairness(declared, Silent(), "zero-shot") == first
    assert len(declared.objects.newest("counterfactual")) == 2
    assert not declared.ledger.bodies(Opening)
    told = status_account(declared, check_ledger=False, head=None).data.results
    assert {"counterfactual", "evaluation", "dataset"} <= {one.stage for one in told}


def test_what_is_said_names_the_gap_the_flips_and_the_one_artefact(declared):
    said = said_fairness(declared, Silent(), "zero-shot")
    assert said.standing is Standing.DONE
    assert "By `channel`, macro F1 of zero-shot is worst for" in said.headline
    text = " ".join(said.text)
    assert "of this one artefact, zero-shot" in text
    assert "a term that must not matter" in text
    (chapter,) = fairness_chapters(declared, Silent(), "zero-shot")
    assert chapter.title == "Fairness"
    assert {row[0] for row in chapter.tables[1].rows} == {"chat", "phone"}
    assert chapter.figures


def test_a_small_group_cannot_be_told(tmp_path, tiny_base):
    found = rows(260)
    for row in found[::40]:
        row["channel"] = "<b>fax</b>"
    project = project_of(tmp_path, tiny_base, GROUPS)
    write_rows(tmp_path / "rows.csv", found)
    said = said_fairness(project, Silent(), "linear")
    assert any("Of `<b>fax</b>` by `channel` nothing can be told" in line for line in said.text)
    cells = {row[0]: row[2] for row in said.chapters[0].tables[1].rows}
    assert cells["<b>fax</b>"] == "cannot tell"
    assert cells["chat"].startswith("100.0 %")


def test_where_nothing_can_be_told_the_status_says_so(tmp_path, tiny_base, capsys):
    project_of(tmp_path, tiny_base, '\n[fairness]\ngroups = ["number"]\n')
    command = ["fairness", str(tmp_path), "--of", "linear", "--json"]
    assert app(command, exit_on_error=False, result_action="return_value") == 2
    printed = json.loads(capsys.readouterr().out)
    assert "cannot tell" in printed["headline"]
    assert printed["data"]["compared"][0]["tuned"] is None


def test_answers_that_were_brought_are_compared_but_not_asked_again(tmp_path, tiny_base):
    project = project_of(tmp_path, tiny_base, GROUPS + SWAPS)
    given = pl.read_csv(tmp_path / "rows.csv").select(
        pl.col("text").alias("input"), pl.col("label").alias("answer")
    )
    given.write_csv(tmp_path / "given.csv")
    import_answers(project, tmp_path / "given.csv", "theirs", Named())
    found = fairness(project, Silent(), "file:theirs")
    assert found.compared[0].tuned.difference == 0
    assert found.counterfactual.tuned is None
    assert "cannot be asked again" in found.counterfactual.why_not
    assert found.counterfactual.base is not None


def test_terms_may_stand_in_a_file(tmp_path, tiny_base):
    project = project_of(tmp_path, tiny_base, '\n[fairness]\nswaps = "swaps.csv"\n')
    (tmp_path / "swaps.csv").write_text("one,other\nmonday,sunday\n", encoding="utf-8")
    assert fairness(project, Silent(), "linear").counterfactual.tuned.flipped == 0
    (tmp_path / "swaps.csv").write_text("one,other\nqqqq,zzzz\n", encoding="utf-8")
    said = said_fairness(project, Silent(), "linear")
    assert said.standing is Standing.CANNOT_TELL
    assert "no row of valid has any of the terms" in said.headline
    (tmp_path / "swaps.csv").write_text("one\nmonday\n", encoding="utf-8")
    with pytest.raises(BadInput, match="needs two"):
        fairness(project, Silent(), "linear")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "declares neither groups nor swaps"),
        ('[fairness]\ngroups = ["chanel"]\n', "Did you mean 'channel'"),
        ('[fairness]\ngroups = ["customer"]\n', "must also stand in"),
        ('[fairness]\ngroups = ["channel"]\npositive = "yes"\n', "the labels are bill"),
        ('[fairness.swaps]\nhe = "HE"\n', "swaps nothing"),
        ('[fairness]\nswaps = "gone.csv"\n', "gone.csv"),
    ],
)
def test_what_is_declared_wrongly_gets_one_sentence(tmp_path, tiny_base, more, said):
    project = project_of(tmp_path, tiny_base, more)
    with pytest.raises(BadInput, match=said):
        fairness(project, Silent(), "linear")


def test_only_labels_select(tmp_path, tiny_base):
    project = make_project(
        tmp_path, tiny_base, kind="extract", output="record",
        more='[fairness]\ngroups = ["channel"]\npositive = "bill"\n',
    )  # fmt: skip
    with pytest.raises(BadInput, match=r'needs \[task\] kind = "classify"'):
        fairness(project, Silent(), "zero-shot")


def test_the_report_has_no_chapter_where_nothing_is_declared(tmp_path, tiny_base):
    project = project_of(tmp_path, tiny_base, "")
    assert fairness_chapters(project, Silent(), "linear") == ()
    assert not add_settings(tmp_path, "").settings.fairness.declared


def test_a_swap_of_a_number_is_a_wrong_setting():
    text = '[task]\nname = "x"\nkind = "classify"\ninput = "a"\noutput = "b"\n[data]\ntrain = ["x"]'
    with pytest.raises(BadInput, match=r"fairness"):
        parse_settings(f"{text}\n[fairness.swaps]\nhe = 3\n".encode(), "surpass.toml")
