import re
import tomllib

import pytest

from surpass.core.digest import canonical_json
from surpass.core.errors import BadInput
from surpass.core.settings import Budget, Lora, Split, Training, default_criteria
from surpass.core.settings.read import as_criteria, parse_settings, read_settings
from surpass.core.settings.tuning import method_of, spoken

LEAST = """
[task]
name = "triage"
kind = "classify"
[data]
train = ["rows.csv"]
"""


def refused(text):
    with pytest.raises(BadInput) as caught:
        parse_settings((LEAST + text).encode(), "surpass.toml")
    return str(caught.value)


def test_the_least_project_has_defaults_for_the_rest():
    settings = parse_settings(LEAST.encode(), "surpass.toml")
    assert settings.kind == "classify"
    assert settings.tuning == Lora()
    assert settings.criteria is None
    assert settings.criteria_in_force == default_criteria("classify")


@pytest.mark.parametrize("given", ["", "[tuning]", "[tuning]\nmethod = 'lora'"])
def test_the_method_is_lora_where_none_is_named_and_names_runs_as_ever(given):
    tuning = parse_settings((LEAST + given).encode(), "surpass.toml").tuning
    assert tuning == Lora()
    assert canonical_json(tuning) == (
        b'{"alpha":16,"dropout":0.0,"method":"lora","rank":8,"targets":"all-linear"}'
    )


@pytest.mark.parametrize(
    "method", ["lora", "dora", "qlora", "ia3", "prefix", "prompt", "ptuning", "full"]
)
def test_every_method_has_defaults_for_all_its_keys(method):
    tuning = parse_settings(f"{LEAST}[tuning]\nmethod = '{method}'".encode(), "t").tuning
    assert method_of(tuning) == method
    assert spoken(tuning)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[tuning]\nmethod = 'lora'\nrnk = 8",
            "unknown key `rnk` in [tuning]. Did you mean `rank`?",
        ),
        ("[training]\nepochs = '2'", "[training.epochs]"),
        ("[training]\nepochs = -1", "[training.epochs]"),
        ("[tuning]\nmethod = 'lorra'", '"lorra"'),
        (
            "[tuning]\nmethod = 'prefix'\nrank = 8",
            'It goes with method = "lora" or method = "dora"',
        ),
        (
            "[tuning]\nmethod = 'prefix'\nvirtual_tokens = 0",
            "at least 1 and at most 1000, but is 0",
        ),
        (
            "[tuning]\ninit = 'magic'",
            '"pissa_niter_16" or "zero", but is the text "magic"',
        ),
        ("[tuning]\nrslora = 'yes'", "Write for example `rslora = true`."),
        ("[tuning]\nmethod = 'other'", 'Write for example `peft = "loha"`.'),
        (
            "[tuning]\nmethod = 'other'\npeft = 'Prefix_Tuning'",
            'has a section of its own here. Set [tuning] method = "prefix"',
        ),
        ("[tuning]\nmethod = 'other'\npeft = 'loha'", "Write a number, for example"),
        (
            "[tuning]\nmethod = 'dora'\ninit = 'pissa'",
            'Set init = "zero", "gaussian" or "orthogonal", or method = "lora".',
        ),
        (
            "[tuning]\nmethod = 'full'\n[training]\nnumber_type = 'bfloat16'",
            'Set [training] number_type = "auto" or "float32".',
        ),
        ("[criteria]\nalpha = 0.05", "[criteria] lacks the key `primary`"),
        ("[criteria]\nprimary = []", "[criteria.primary]"),
        ("[modle]\nbase = 'x'", "Did you mean `model`?"),
        ("training = 3", "It belongs to the top level: write it as a section, [training]."),
        ("epochs = 3", "unknown key `epochs` in [data]. It belongs to [training]."),
        ("seed = 3", "It belongs to [split] or [training]"),
        ("rubbish", "is not TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, said):
    assert said in refused(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[training]\nepochs = '2'",
            '[training.epochs] must be a number above 0 and at most 100, but is the text "2". '
            "Write for example `epochs = 2.0`.",
        ),
        (
            "[training]\nbatch_tokens = 1.5",
            'must be a whole number of at least 1 or "auto", but is 1.5.',
        ),
        ("[training]\nnumber_type = 'fp16'", '"auto", "bfloat16" or "float32"'),
        ("[split]\nvalid_share = 1", "a number above 0 and below 1, but is 1. Write for example"),
        (
            "[[training]]\nepochs = 1",
            "[training] must be a section, but is a list. Write [training]",
        ),
        (
            "[[criteria.primary]]\nmetric = 'f1'\nmargin = '1'",
            "`margin` in [[criteria.primary]] number 1 must be a number above -1 and below 1",
        ),
        ("[criteria]\nprimary = {}", "Write [[criteria.primary]] on a line of its own"),
        ("[ladder]\nrungs = [1]", "entry 1 of [ladder.rungs] must be a text, but is 1."),
        ("[model]\nbase = 2020-01-01", "is the date or time 2020-01-01"),
        ("[checks.imbalance]\nx = {}", "[checks.NAME.NAME] must be"),
    ],
)
def test_a_wrong_value_is_said_in_words_with_an_example(text, said):
    assert said in refused(text)


KEYS = [
    (section, key)
    for section, part in (("training", Training), ("split", Split), ("budget", Budget))
    for key in part.__struct_fields__
    if key != "pairs"  # a section of its own
]


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_example_is_a_value_that_works(section, key):
    said = refused(f"[{section}]\n{key} = []")
    example = re.search(r"Write for example `(.+)`\.$", said)
    parsed = parse_settings(f"{LEAST}[{section}]\n{example[1]}".encode(), "t")
    assert getattr(getattr(parsed, section), key) == tomllib.loads(example[1])[key]


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_no_name_of_a_type_is_told(section, key):
    said = refused(f"[{section}]\n{key} = {{}}")
    assert not {"float", "int", "str", "object", "array", "null"} & set(re.findall(r"\w+", said))


def test_criteria_from_python_are_explained_like_those_of_a_file():
    with pytest.raises(BadInput, match=r"`margin` in \[\[criteria.primary\]\] number 1.*\"x\""):
        as_criteria({"primary": [{"metric": "accuracy", "margin": "x"}]}, "The criteria")


def test_settings_in_another_encoding_are_named():
    with pytest.raises(BadInput, match="not UTF-8"):
        parse_settings(LEAST.encode() + "# é".encode("latin-1"), "surpass.toml")


def test_a_missing_project_says_how_to_make_one(tmp_path):
    with pytest.raises(BadInput, match="surpass init"):
        read_settings(tmp_path)


def test_check_options_keep_their_plain_values():
    settings = parse_settings((LEAST + "[checks.imbalance]\nsmallest = 5").encode(), "t")
    assert settings.checks == {"imbalance": {"smallest": 5}}
