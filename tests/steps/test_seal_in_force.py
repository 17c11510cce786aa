import msgspec
import pytest

from surpass.core.records.decisions import Seal
from surpass.steps.seal_in_force import differences, listed

SAID_WITH_IT = {"power", "power_note", "reason", "amends"}
BOUND = [one.name for one in msgspec.structs.fields(Seal) if one.name not in SAID_WITH_IT]


@pytest.mark.parametrize("name", BOUND)
def test_everything_sealed_has_words_for_people(name):
    said = listed([name])
    assert said[0].isupper()
    assert "_" not in said


def test_criteria_that_were_declared_since_are_just_criteria():
    assert listed(["criteria", "declared"]) == "The criteria"
    assert "default" in listed(["declared"])


def test_other_rows_are_named_once():
    names = ["prompt", "split", "block", "test_rows", "test_groups"]
    assert listed(names) == "The instruction and the rows or how they are split"
    assert listed(["labels", "prompt", "base"]) == "The labels, the instruction and the base model"


def test_what_is_only_said_with_a_seal_is_no_difference(tmp_path, tiny_base):
    from small_projects import make_project
    from surpass.steps.seal_in_force import present_seal

    seal = present_seal(make_project(tmp_path, tiny_base))
    assert differences(seal, msgspec.structs.replace(seal, power=0.5, reason="because")) == []
    assert differences(seal, msgspec.structs.replace(seal, prompt="x")) == ["prompt"]
