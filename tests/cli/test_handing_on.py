"""`surpass export` and `surpass card` at the command line."""

import json

import msgspec

from small_projects import make_project
from surpass.core.records.card import CardData, ExportData


def test_a_card_answers_1_until_people_have_written_it(tmp_path, tiny_base, surpass):
    make_project(tmp_path, tiny_base, count=60)
    assert surpass("card", tmp_path, "--check")[0] == 1
    status, out, _ = surpass("card", tmp_path, "--json")
    assert status == 0
    assert msgspec.convert(json.loads(out)["data"], CardData).blanks
    status, out, _ = surpass("card", tmp_path, "--check")
    assert status == 1
    assert "Maintenance" in out


def test_an_export_says_what_it_wrote_and_refuses_what_is_there(tmp_path, tiny_base, surpass):
    make_project(tmp_path, tiny_base, count=60)
    words = ("export", tmp_path / "out.jsonl", tmp_path, "--as", "alpaca", "--side", "all")
    status, out, _ = surpass(*words, "--json")
    assert status == 0
    told = msgspec.convert(json.loads(out)["data"], ExportData)
    assert (told.style, told.rows) == ("alpaca", 60)
    status, _, err = surpass(*words)
    assert status == 3
    assert "out.jsonl exists" in err
