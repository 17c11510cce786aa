import json

import msgspec
from sample import read_back

from surpass.core.account import Account, Chapter, Interval, IntervalChart
from surpass.show.as_json import to_json


class Measured(msgspec.Struct, frozen=True):
    share: float
    names: tuple[str, ...] = ()


def test_json_gives_the_account_back(sample):
    assert read_back(to_json(sample)) == sample


def test_fields_stand_before_the_layout(sample):
    told = json.loads(to_json(sample))
    fields = ["title", "headline", "standing", "warnings", "next_command", "data"]
    assert list(told) == [*fields, "page"]
    assert list(told["page"]) == ["text", "facts", "chapters"]


def test_data_is_told_by_its_fields_with_raw_numbers():
    share = 1 / 3
    told = json.loads(to_json(Account(title="t", headline="h", data=Measured(share))))
    assert told["data"] == {"share": share, "names": []}


def test_rows_in_data_come_back_unchanged_and_cannot_act_on_a_terminal():
    row = "\x1b[2J \u202e \u200b"
    text = to_json(Account(title="t", headline="h", data=Measured(0.0, (row,))))
    assert not {"\x1b", "\u202e", "\u200b"} & set(text)
    assert json.loads(text)["data"]["names"] == [row]


def test_json_says_the_standing_in_words(sample):
    assert json.loads(to_json(sample))["standing"] == "holds"


def test_words_of_other_scripts_stay_readable():
    assert "résumé 履歴書" in to_json(Account(title="t", headline="résumé 履歴書"))


def test_an_unknown_number_is_null_and_never_nan():
    interval = Interval(label="x", estimate=float("nan"), high=float("inf"))
    chart = IntervalChart(title="t", unit="u", intervals=(interval,))
    account = Account(
        title="t",
        headline="h",
        chapters=(Chapter(title="t", figures=(chart,)),),
        data=Measured(float("nan")),
    )
    told = json.loads(to_json(account), parse_constant=no_json)
    drawn = told["page"]["chapters"][0]["figures"][0]["intervals"][0]
    assert drawn["estimate"] is drawn["low"] is drawn["high"] is None
    assert told["data"]["share"] is None


def no_json(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")
