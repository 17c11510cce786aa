import json

import msgspec

from surpass.core.account import Account, Chapter, Interval, IntervalChart
from surpass.show.as_json import to_json


def test_json_gives_the_account_back(sample):
    assert msgspec.json.decode(to_json(sample), type=Account) == sample


def test_json_says_the_standing_in_words(sample):
    assert json.loads(to_json(sample))["standing"] == "holds"


def test_words_of_other_scripts_stay_readable():
    assert "résumé 履歴書" in to_json(Account(title="t", headline="résumé 履歴書"))


def test_an_unknown_number_is_null_and_never_nan():
    interval = Interval(label="x", estimate=float("nan"), high=float("inf"))
    chart = IntervalChart(title="t", unit="u", intervals=(interval,))
    chapter = Chapter(title="t", figures=(chart,))
    told = json.loads(
        to_json(Account(title="t", headline="h", chapters=(chapter,))),
        parse_constant=no_json,
    )
    drawn = told["chapters"][0]["figures"][0]["intervals"][0]
    assert drawn["estimate"] is drawn["low"] is drawn["high"] is None


def no_json(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")
