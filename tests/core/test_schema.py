import json
import tomllib

import pytest
from jsonschema import Draft202012Validator

from surpass.core.settings import Settings
from surpass.core.settings.schema import known_keys, nodes_at, settings_schema

LEAST = '[task]\nname = "t"\nkind = "classify"\n[data]\ntrain = ["rows.csv"]\n'


def errors(text: str) -> list[str]:
    schema = json.loads(settings_schema())
    return [
        error.message for error in Draft202012Validator(schema).iter_errors(tomllib.loads(text))
    ]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(json.loads(settings_schema()))


def test_it_takes_what_we_take():
    assert not errors(LEAST)


@pytest.mark.parametrize(
    "more",
    ["[training]\nepochz = 1", "[training]\nepochs = -1", "[tuning]\nmethod = 'x'", "[modle]"],
)
def test_it_refuses_what_we_refuse(more):
    assert errors(LEAST + more)


def test_every_section_can_be_found_in_it():
    assert all(nodes_at(name) for name in Settings.__struct_fields__)
    assert {"epochs", "primary", "margin", "kind"} <= set(known_keys())


@pytest.mark.parametrize("place", ["nowhere", "training.nowhere", "training[0]"])
def test_what_is_not_there_is_not_found(place):
    assert nodes_at(place) == []
