"""release, rollback, track, pack and unpack at the command line: a status and one sentence."""

import json

import msgspec
import pytest

from released_projects import copied, judged_model
from surpass.core.records.results import DATA_OF


@pytest.fixture(scope="module")
def template(tmp_path_factory, tiny_base):
    return judged_model(tmp_path_factory.mktemp("template") / "small", tiny_base)


@pytest.fixture
def home(template, tmp_path):
    return copied(template, tmp_path / "small").folder


def test_the_whole_way_answers_programs_with_the_documented_records(surpass, home, tmp_path):
    file = tmp_path / "p.zip"
    asked = [
        (("release", home, "--by", "Ann"), "release", 0),
        (("release", home, "--on", "2020-01-01"), "release", 0),
        (("pack", file, home), "pack", 0),
        (("unpack", file), "unpack", 0),
        (("status", file.with_suffix("")), "status", 0),
    ]
    for words, record, expected in asked:
        status, out, err = surpass(*words, "--json")
        assert status == expected, out + err
        data = json.loads(out)["data"]
        assert set(data) == set(msgspec.convert(data, DATA_OF[record]).__struct_fields__)
    (verdict,) = home.glob(".surpass/releases/*/verdict.json")
    status, out, _ = surpass("release", home, "--check", verdict, "--json")
    assert (status, json.loads(out)["data"]["wrong"]) == (0, [])
    verdict.chmod(0o644)
    verdict.write_bytes(verdict.read_bytes().replace(b'"PASS"', b'"FAIL"'))
    assert surpass("release", home, "--check", verdict)[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("rollback", "HOME"),
        ("rollback", "HOME", "--to", "x"),
        ("release", "HOME", "--of", "adopted:none"),
        ("release", "HOME", "--force"),
        ("release", "HOME", "--on", "soon"),
        ("release", "HOME", "--check", "HOME/none.json"),
        ("release", "HOME/none"),
        ("track", "HOME"),
        ("unpack", "HOME/rows.csv"),
        ("unpack", "HOME/none.zip"),
        ("pack", "HOME/rows.csv", "HOME"),
    ],
)
def test_what_is_in_the_way_is_one_sentence_with_a_fix(surpass, home, words):
    status, out, err = surpass(*(word.replace("HOME", str(home)) for word in words))
    assert (status, out) == (3, "")
    said, fix = err.strip().splitlines()
    assert said.startswith("surpass: ")
    assert said.endswith(".")
    assert fix
