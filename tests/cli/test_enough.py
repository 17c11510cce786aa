"""`surpass enough` at the command line: status, record, and what is refused."""

import json
import sys
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cycle"))  # for long_tail.py of that room

from long_tail import long_tail_project

from surpass.core.records.results import DATA_OF


@pytest.fixture(scope="module")
def folder(tmp_path_factory, tiny_base):
    """A project whose proxy points are trained once for this file."""
    place = tmp_path_factory.mktemp("enough")
    long_tail_project(place, tiny_base)
    return place


def test_the_data_is_the_record(surpass, folder):
    status, out, _ = surpass("enough", folder, "--target", "0.4", "--json")
    data = json.loads(out)["data"]
    assert status == 0
    assert set(data) == set(msgspec.convert(data, DATA_OF["enough"]).__struct_fields__)


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (("--target", "0.4", "--price-per-row", "0.5"), 0, "price of the rows"),
        (
            (
                "--target",
                "0.999",
            ),
            2,
            "Cannot tell how many rows",
        ),
        (("--target", "80"), 3, "--target 80 is no share"),
        (("--target", "much"), 3, "much"),
        (("--tier", "best"), 3, "best"),
        (("--seeds", "1"), 3, "--seeds 1 is out of range"),
        (("--tier", "real", "--target", "0.5"), 3, "Nothing was trained"),
    ],
)
def test_the_exit_status_is_the_answer(surpass, folder, options, status, said):
    found, out, err = surpass("enough", folder, *options)
    assert found == status, out + err
    assert said in " ".join((out + err).split())


def test_the_real_tier_shows_its_minutes_before_it_asks(surpass, folder):
    _, out, err = surpass("enough", folder, "--tier", "real", "--target", "0.5")
    assert "15 trainings to do" in out
    assert "--yes" in err


def test_a_program_is_not_asked(surpass, folder):
    status, out, _ = surpass("enough", folder, "--tier", "real", "--target", "0.5", "--json")
    assert status == 3
    assert "--yes" in json.loads(out)["fix"]


def test_without_a_project_it_says_so(surpass, tmp_path):
    status, _, err = surpass("enough", tmp_path)
    assert status == 3
    assert "surpass.toml" in err
