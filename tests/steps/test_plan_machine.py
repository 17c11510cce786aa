"""Plans for machines that nobody has: in words, and from a project's own rows."""

import json

import pytest

from small_projects import make_project
from surpass.core.account import Standing
from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.core.records.run import Evaluation
from surpass.plan.methods import NAMES
from surpass.steps.evaluate import evaluate
from surpass.steps.planning.machine import Asked, Wish, machine_account, plan_for_machine
from surpass.steps.planning.plan import plan_account

SEVENTY = Asked(base="llama-3-70b", gpu="a100-80gb", hours=12)


def words(account):
    return " ".join((account.headline, *account.text))


def test_seventy_billion_on_one_a100_is_answered_in_words(tmp_path):
    said = machine_account(tmp_path, SEVENTY)
    assert said.standing == Standing.HOLDS
    assert "QLoRA" in said.headline
    assert "predicted, not run" in said.headline
    assert "LoRA, 16-bit base does not fit" in words(said)
    assert "Packing decides" in words(said)
    assert {one.method for one in said.data.methods} == set(NAMES)
    assert said.data.power is None


def test_parts_add_up_for_every_method(tmp_path):
    for one in machine_account(tmp_path, SEVENTY).data.methods:
        assert sum(one.memory_parts.values()) == one.memory_bytes < one.needed_bytes
        assert one.fits == (one.exceeds is None)


def test_what_cannot_fit_is_refused_and_told_what_would(tmp_path):
    said = machine_account(tmp_path, Asked(base="llama-3-70b", gpu="t4", hours=12))
    assert said.standing == Standing.DOES_NOT_HOLD
    assert "It would fit a100-80gb" in words(said)
    assert "largest known base that fits is" in words(said)
    assert not said.data.advice
    assert said.next_command == ""


def test_too_many_rows_are_told_how_many_would_fit(tmp_path):
    asked = Asked(
        base="llama-3-70b", gpu="a100-80gb", hours=12, rows=50_000, tokens_per_row=500, epochs=3
    )
    said = words(machine_account(tmp_path, asked))
    assert "needs 56" in said
    assert "12 hours here hold 10," in said


def test_money_needs_a_price(tmp_path):
    with pytest.raises(BadInput, match="no price"):
        plan_for_machine(tmp_path, Asked(base="llama-3-8b", gpu="4090", money=5))
    asked = Asked(base="llama-3-8b", gpu="4090", rows=9000, tokens_per_row=300, price=0.5)
    (lora, *_) = machine_account(tmp_path, asked).data.methods
    assert lora.money == pytest.approx(0.5 * lora.hours)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(base="llama-3-8b"), "needs a base and a machine"),
        (Asked(base="lama-3-8b", gpu="4090"), "No sizes"),
        (Asked(base="llama-3-8b", gpu="4091"), "No machine"),
        (Asked(base="llama-3-8b", gpu="4090", hours=float("nan")), "--hours"),
        (Asked(base="llama-3-8b", gpu="4090", rows=0), "--rows"),
        (Asked(base="llama-3-8b", gpu="4090", tokens_per_row=-1), "--tokens-per-row"),
        (Asked(base="llama-3-8b", gpu="4090", price=-1), "--price"),
        (Asked(base="llama-3-8b", gpu="4090", rank=10**8), "--rank"),
        (Asked(base="llama-3-8b", gpu="4090", wish=Wish(tasks=0)), "--tasks"),
        (Asked(base=".", gpu="4090"), "no config.json"),
    ],
)
def test_what_cannot_be_asked_is_said(tmp_path, asked, words):
    with pytest.raises(BadInput, match=words):
        plan_for_machine(tmp_path, asked)


def test_a_folder_with_nothing_but_a_config_is_enough(tmp_path):
    config = {
        "hidden_size": 4096,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "num_hidden_layers": 32,
        "intermediate_size": 14336,
        "vocab_size": 128256,
    }
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    here = plan_for_machine(tmp_path, Asked(base="base", gpu="4090"))
    assert here.offers == plan_for_machine(tmp_path, Asked(base="llama-3-8b", gpu="4090")).offers


def test_a_project_brings_its_rows_budget_and_power(tmp_path, tiny_base):
    more = '\n[budget]\nmachine = "t4"\nprice_per_hour = 0.4\nhours = 2\n'
    make_project(tmp_path, tiny_base, count=400, epochs=3, more=more)
    made = plan_for_machine(tmp_path, Asked())
    assert made.machine_name == "t4-16gb"
    assert made.job.rows > 200
    assert made.job.epochs == 3
    assert made.job.price_per_hour == 0.4
    assert 10 < made.job.row_tokens < 400
    assert made.power is not None
    assert made.notes == ()
    other = plan_for_machine(tmp_path, Asked(base="llama-3-8b", gpu="4090", rows=7, hours=5))
    assert (other.job.rows, other.job.hours, other.machine_name) == (7, 5, "rtx-4090-24gb")


def test_a_base_that_is_not_here_has_its_tokens_estimated_and_says_so(tmp_path):
    project = make_project(tmp_path, "llama-3-8b", count=200)
    made = plan_for_machine(project.folder, Asked(gpu="4090"))
    assert made.base == "llama-3-8b"
    assert "estimated from characters" in made.notes[0]


def test_a_prompt_that_clears_every_floor_comes_before_tuning(tmp_path, tiny_base):
    gate = '[[criteria.primary]]\nmetric = "accuracy"\n[[criteria.floor]]\nmetric = "accuracy"\n'
    project = make_project(tmp_path, tiny_base, count=200, more=f"\n{gate}at_least = 0.01\n")
    record = evaluate(project, "few-shot", "valid", Silent()).record
    assert isinstance(record, Evaluation)
    assert record.scores["accuracy"] >= 0.01
    advice = plan_for_machine(tmp_path, Asked(gpu="4090")).advice
    assert advice[0].choice == "do not tune"
    assert "few-shot" in advice[0].reason


def test_the_plan_for_this_machine_lists_every_method_too(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, count=200)
    (_, methods) = plan_account(project).chapters
    (table,) = methods.tables
    assert {row[0] for row in table.rows} == set(NAMES)
    assert methods.text[0].startswith(("lora: ", "do not tune: "))
