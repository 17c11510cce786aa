import pytest

from surpass.core.errors import BadInput
from surpass.core.settings import Lora, default_criteria
from surpass.core.settings.read import parse_settings, read_settings

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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[tuning]\nmethod = 'lora'\nrnk = 8",
            "unknown key `rnk` in [tuning]. Did you mean `rank`?",
        ),
        ("[training]\nepochs = '2'", "[training.epochs]"),
        ("[training]\nepochs = -1", "[training.epochs]"),
        ("[tuning]\nmethod = 'lorra'", "'lorra'"),
        ("[criteria]\nalpha = 0.05", "[criteria] lacks the key `primary`"),
        ("[criteria]\nprimary = []", "[criteria.primary]"),
        ("[modle]\nbase = 'x'", "Did you mean `model`?"),
        ("rubbish", "is not TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, said):
    assert said in refused(text)


def test_settings_in_another_encoding_are_named():
    with pytest.raises(BadInput, match="not UTF-8"):
        parse_settings(LEAST.encode() + "# é".encode("latin-1"), "surpass.toml")


def test_a_missing_project_says_how_to_make_one(tmp_path):
    with pytest.raises(BadInput, match="surpass init"):
        read_settings(tmp_path)


def test_check_options_keep_their_plain_values():
    settings = parse_settings((LEAST + "[checks.imbalance]\nsmallest = 5").encode(), "t")
    assert settings.checks == {"imbalance": {"smallest": 5}}
