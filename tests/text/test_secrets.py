import math
import random
import string

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.text.personal_data import KIND, find_personal_data, masked
from surpass.text.secrets import entropy, named_secret, random_run

ALL = string.ascii_letters + string.digits


def kinds_in(text):
    return find_personal_data(pl.Series([text], dtype=pl.String))[KIND].to_list()


def run(length, seed, letters=ALL):
    return "".join(random.Random(seed).choices(letters, k=length))


PEM = "-----BEGIN RSA PRIVATE KEY-----\n" + run(200, 0) + "\n-----END RSA PRIVATE KEY-----"
FORMS = (
    "AKIA" + run(16, 1, string.ascii_uppercase + string.digits),
    "ghp_" + run(36, 2),
    "glpat-" + run(20, 3),
    "sk-" + run(48, 4),
    "sk-ant-api03-" + run(80, 5),
    "xoxb-" + run(12, 6, string.digits) + "-" + run(24, 7),
    "AIza" + run(35, 8),
    "sk_live_" + run(24, 9),
    "hf_" + run(34, 10),
    "eyJ" + run(30, 11) + ".eyJ" + run(60, 12) + "." + run(43, 13),
    PEM,
)


@pytest.mark.parametrize("secret", FORMS)
def test_keys_of_known_form_are_secrets_wherever_they_stand(secret):
    for text in (secret, f"My key is {secret}.", f'{{"key": "{secret}"}}', f"({secret})"):
        assert kinds_in(text) == ["secret"]
        assert secret not in masked(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "The password is hunter2x.",
        'api_key = "abc123def456"',
        "DB_PASSWORD=s3cr3t!!",
        "postgres://admin:pa55word@db.example.com/rows",
        "https://user:letmein@example.com",
    ],
)
def test_what_is_named_a_password_is_a_secret(text):
    assert "secret" in kinds_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password: please help me",
        "password: ********",
        "api_key=YOUR_API_KEY_1",
        "My token is valid until Monday",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "getUserAccountNumberFromTransactionHistory2024Report",
        "https://example.com/some/Path/With2Names/And3Numbers/Here4",
        "src/surpass/data/checks/Personal_Data_2024/File_Number_3.py",
        "a" * 80,
        "1234567890" * 6,
    ],
)
def test_what_only_looks_like_a_secret_is_none(text):
    assert not {"secret", "random"} & set(kinds_in(text))


def test_runs_as_if_drawn_are_nearly_always_found():
    draws = [run(length, seed) for length in (28, 32, 40, 64) for seed in range(250)]
    assert sum(random_run(one) > 0 for one in draws) >= 0.9 * len(draws)


@given(st.text("abcdefgh", min_size=1))
def test_entropy_lies_between_nothing_and_that_of_all_letters(text):
    assert 0 <= entropy(text) <= math.log2(8) + 1e-9
    assert entropy(text[0] * 9) == 0


def test_a_full_stop_is_no_part_of_a_password():
    assert named_secret("hunter2x.") == len("hunter2x")
    assert entropy("") == 0


def test_one_value_has_one_mark_in_the_whole_row():
    asked, answer = masked(
        "I am jane@example.org, not joe@example.org. Call +44 20 7946 0958.",
        "Writing to JANE@example.org; calling +44-20-7946-0958.",
    )
    assert asked == "I am <EMAIL_1>, not <EMAIL_2>. Call <PHONE_1>."
    assert answer == "Writing to <EMAIL_1>; calling <PHONE_1>."


@given(st.text(), st.text())
def test_masking_is_done_once_and_leaves_nothing_to_find(asked, answer):
    once = masked(asked, answer, "jane@example.org")
    assert masked(*once) == once
    assert not find_personal_data(pl.Series(once, dtype=pl.String)).height


def test_marks_that_stand_there_are_not_used_again():
    assert masked("<EMAIL_1> or jane@example.org") == ("<EMAIL_1> or <EMAIL_2>",)
    assert masked("jane@example.org", kinds=("phone",)) == ("jane@example.org",)
