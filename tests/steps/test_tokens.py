"""What is shown as learned is what training learns, token by token."""

import io

import msgspec
import pytest
from rich.console import Console

from small_projects import make_project
from surpass.core.errors import BadInput
from surpass.core.records.results import DATA_OF
from surpass.core.records.tokens import TokensData
from surpass.model.load import read_tokenizer
from surpass.show.as_json import to_json
from surpass.show.terminal import print_account
from surpass.steps.closed_sets import wording
from surpass.steps.split import current_split
from surpass.steps.tokens import shown_tokens, tokens_account
from surpass.train.encode import encode_rows

PAIRS = '[training.pairs]\nobjective = "orpo"\nrejected = "label"\n'


@pytest.fixture
def project(tmp_path, tiny_base):
    return make_project(tmp_path, tiny_base, kind="generate", output="record", count=40)


def test_shown_tokens_are_those_of_the_encoder(project, tiny_base):
    split = current_split(project)
    tokenizer = read_tokenizer(tiny_base)
    told = wording(project, split.sides).instruction
    rows = encode_rows(tokenizer, told, split.train, most=None, context=256)
    shown = shown_tokens(project)
    for number, sample in enumerate(shown.samples):
        whole = [*rows.prompts[number], *rows.answers[number]]
        assert sample.row == rows.names[number]
        assert [token.id for token in sample.tokens] == whole
        learned = [token.id for token in sample.tokens if token.learned]
        assert learned == rows.answers[number]
        assert sample.tokens[-1].text == shown.end_token
    assert shown.learned == sum(map(len, rows.answers))
    assert shown.tokens == shown.learned + sum(map(len, rows.prompts))


def test_no_row_of_the_test_is_shown(project):
    trained = set(current_split(project).train["row"])
    assert {sample.row for sample in shown_tokens(project).samples} <= trained


def test_of_pairs_both_answers_are_shown(tmp_path, tiny_base):
    project = make_project(
        tmp_path, tiny_base, kind="generate", output="record", count=40, more=PAIRS
    )
    samples = shown_tokens(project).samples
    assert [one.answer for one in samples] == ["chosen", "rejected"] * 3
    assert samples[0].row == samples[1].row


def test_learned_tokens_are_seen_with_and_without_colours(project):
    account = tokens_account(project)
    plain, coloured = (io.StringIO(), io.StringIO())
    print_account(account, Console(file=plain, width=100))
    print_account(account, Console(file=coloured, width=100, force_terminal=True))
    assert plain.getvalue().count("⟦") == 3
    assert "⟦" not in coloured.getvalue()
    assert "\x1b[30;42m" in coloured.getvalue()


def test_programs_get_the_record_that_is_described(project):
    account = tokens_account(project)
    data = msgspec.json.decode(to_json(account))["data"]
    assert msgspec.convert(data, DATA_OF["show --tokens"]) == account.data
    assert set(data) == set(TokensData.__struct_fields__)


def test_too_many_long_rows_are_refused_here_too(tmp_path, tiny_base):
    project = make_project(
        tmp_path, tiny_base, kind="generate", output="record", count=40,
        more="[tuning]\nmethod = 'prompt'\nvirtual_tokens = 200\n",
    )  # fmt: skip
    with pytest.raises(BadInput, match=r"too long for training|None of 23 rows"):
        shown_tokens(project)
