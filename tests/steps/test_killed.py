"""kill -9 between any two renames: the same command goes on and ends with the same verdict."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from small_projects import make_project

SCRIPT = Path(__file__).with_name("kill_points.py")


def killed_runs(tmp_path, base, every):
    make_project(tmp_path / "template", base, count=120)
    done = subprocess.run(
        [sys.executable, SCRIPT, tmp_path, str(every)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(runs):
    assert sum(run["killed"] for run in runs) == len(runs) - 1
    assert len({run["headline"] for run in runs}) == 1
    for run in runs:
        assert run["kinds"][0] == "Seal"
        assert run["kinds"].count("Seal") == 1
        assert run["kinds"].count("Judgement") == 1
        assert run["kinds"].count("Promotion") == 1
        assert (run["damage"], run["releases"]) == ("", 1)


def test_a_kill_at_some_renames_loses_nothing(tmp_path, tiny_base):
    runs = killed_runs(tmp_path, tiny_base, every=37)
    assert len(runs) >= 3
    check(runs)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_kill_at_every_rename_loses_nothing(tmp_path, tiny_base):
    runs = killed_runs(tmp_path, tiny_base, every=1)
    assert len(runs) >= 30
    check(runs)
