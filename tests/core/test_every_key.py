"""Every mistake in [tuning] and [training] is answered by the key, and by a value that works.

The mistakes are made by machine: each key of each section gets values of wrong kinds, numbers out
of its range, words that are none of its choices; and each pair that is impossible is written down.
"""

import json
import re
import tomllib
from typing import get_args

import pytest

from surpass.core.errors import BadInput
from surpass.core.settings import Pairs, Training, Tuning
from surpass.core.settings.objective import objective_of
from surpass.core.settings.read import parse_settings
from surpass.core.settings.schema import nodes_at
from surpass.core.settings.tuning import method_of

LEAST = '[task]\nname = "t"\nkind = "generate"\n[data]\ntrain = ["rows.csv"]\n'
SECTIONS = {
    "[training]": Training,
    **{f'[tuning]\nmethod = "{one.__struct_config__.tag}"': one for one in get_args(Tuning)},
    **{
        f'[training.pairs]\nobjective = "{one.__struct_config__.tag}"': one
        for one in get_args(Pairs)
    },
}
RATE = "[training]\nlearning_rate = 1e-3"  # that another method of PEFT needs
FREE = {"options", "pairs"}  # tables of their own
WRONG = ("[]", "[[]]", "{}", '"no such word"', "-1", "-0.5", "1e300", "true", "2020-01-01", "nan")
TYPES = {"float", "int", "str", "object", "array", "null", "bool", "NoneType", "Struct"}


def parsed(text):
    return parse_settings((LEAST + text).encode(), "surpass.toml")


def keys():
    return [
        pytest.param(head, key, id=f"{head.splitlines()[0]} {kind.__name__} {key}")
        for head, kind in SECTIONS.items()
        for key in kind.__struct_fields__
        if key not in FREE
    ]


def needed(head, key):
    """What must stand beside, so that nothing but the key is wrong."""
    if 'method = "other"' not in head:
        return ""
    return RATE if key == "peft" else f'peft = "loha"\n{RATE}'


def section_of(settings, head):
    if head.startswith("[tuning]"):
        return settings.tuning
    return settings.training.pairs if "pairs" in head else settings.training


@pytest.mark.parametrize(("head", "key"), keys())
def test_a_wrong_value_is_answered_by_the_key_and_a_value_that_works(head, key):
    refused = 0
    for value in WRONG:
        try:
            parsed(f"{head}\n{key} = {value}\n{needed(head, key)}")
        except BadInput as error:
            said, fix = str(error), error.fix
        else:
            continue  # a value that may stand there, as "no such word" for a name
        refused += 1
        assert re.search(rf"\b{key}\b", said), said
        assert not TYPES & set(re.findall(r"\w+", said)), said
        example = re.search(r"`(\w+ = [^`]+)`|Set [^=]*?(\w+ = \S+?)[ .]*$|there\.$", fix)
        assert example, said
        if example[1]:
            works = parsed(f"{head}\n{example[1]}\n{needed(head, key)}")
            found = getattr(section_of(works, head), key)
            wanted = tomllib.loads(example[1])[key]
            assert list(found) == wanted if isinstance(wanted, list) else found == wanted
    assert refused > 1


@pytest.mark.parametrize(("head", "key"), keys())
def test_a_key_that_is_misspelled_is_asked_back(head, key):
    if len(key) < 4:
        return
    with pytest.raises(BadInput) as caught:
        parsed(f"{head}\n{key[:-1] + 'x'} = 1\n{needed(head, key)}")
    assert f"unknown key `{key[:-1]}x`" in str(caught.value)
    assert "Did you mean" in caught.value.fix


@pytest.mark.parametrize(("head", "key"), keys())
def test_numbers_just_out_of_range_are_refused_with_the_range(head, key):
    path = f"{head.splitlines()[0].strip('[]')}.{key}"
    limits = [(one, words) for node in nodes_at(path) for one, words in beyond(node)]
    for value, words in limits:
        with pytest.raises(BadInput) as caught:
            parsed(f"{head}\n{key} = {json.dumps(value)}\n{needed(head, key)}")
        assert words in str(caught.value) or "unknown key" in str(caught.value)


def beyond(node):
    """Values just out of a range, and the word that says so."""
    kind = float if node.get("type") == "number" else int
    words = {"minimum": "at least", "maximum": "at most"}
    words |= {"exclusiveMinimum": "above", "exclusiveMaximum": "below"}
    step = {"minimum": -1, "maximum": 1}
    return [
        (kind(node[limit] + step.get(limit, 0)), word)
        for limit, word in words.items()
        if limit in node
    ]


IMPOSSIBLE = [
    ('[tuning]\nmethod = "full"\n[training]\nnumber_type = "bfloat16"', "number_type"),
    ('[tuning]\nmethod = "dora"\ninit = "pissa"', "init"),
    ('[tuning]\nmethod = "qlora"\ninit = "olora"', "init"),
    ('[tuning]\nmethod = "other"\npeft = "lora"\n[training]\nlearning_rate = 1e-3', "peft"),
    ('[tuning]\nmethod = "other"\npeft = "loha"', "learning_rate"),
    ("[tuning]\ndropout = 0.1\n[training.pairs]\nobjective = 'dpo'", "dropout"),
    ("[training]\nloss_on = 'assistant'\n[training.pairs]\nobjective = 'kto'", "loss_on"),
    *(
        (f"[tuning]\nmethod = '{one}'\n[training.pairs]\nobjective = 'orpo'", "pairs")
        for one in ("prefix", "prompt", "ptuning")
    ),
]


@pytest.mark.parametrize(("text", "key"), IMPOSSIBLE)
def test_what_cannot_be_together_is_refused_with_what_can(text, key):
    with pytest.raises(BadInput) as caught:
        parsed(text)
    assert key in str(caught.value)
    assert re.match(r"(Set|Write) ", caught.value.fix)


@pytest.mark.parametrize("head", SECTIONS)
def test_every_section_stands_with_its_defaults(head):
    found = section_of(parsed(f"{head}\n{needed(head, '') if 'other' in head else ''}"), head)
    named = re.search(r'= "(\w+)"', head)
    if named:
        name = method_of(found) if "tuning" in head else objective_of(found)
        assert name == named[1]
