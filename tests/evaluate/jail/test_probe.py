import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from surpass.core.errors import BadMachine
from surpass.evaluate.jail import probe, running

REFUSES = """
import os
os.environ["PATH"] = "/nowhere"
from surpass.core.errors import BadMachine
from surpass.evaluate.jail.probe import require_jail
try:
    require_jail()
except BadMachine as error:
    print(error)
"""
WEAKER = """#!/usr/bin/python3 -IS
import os, re, sys
words = sys.argv[:]
while "{without}" in words:
    at = words.index("{without}")
    del words[at : at + 2]
words = [re.sub(r"\\b{without}\\d+ ?", "", word) for word in words]
os.execv("{bwrap}", words)
"""


def test_without_bubblewrap_it_refuses_and_says_what_to_install():
    said = subprocess.run(
        [sys.executable, "-c", REFUSES], capture_output=True, text=True, check=True
    ).stdout
    assert "bubblewrap" in said
    assert "apt-get install bubblewrap" in said
    assert "container" in said


def test_another_system_is_refused_before_anything_is_tried(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(BadMachine, match="container"):
        probe.require_jail.__wrapped__()


@pytest.mark.jail
def test_the_way_that_is_found_forbids_everything():
    assert probe.self_test(probe.require_jail()) == []


@pytest.mark.jail
@pytest.mark.parametrize(
    ("without", "noticed"),
    [
        ("RLIMIT_NPROC=", "processes can be started"),
        ("--seccomp", "a socket of family"),
        ("--remount-ro", "can be written"),
        ("--size", "bytes can be written"),
    ],
)
def test_the_self_test_notices_what_is_missing(without, noticed, weaker_bubblewrap):
    way = probe.require_jail()._replace(bwrap=weaker_bubblewrap(without), cgroup=False)
    assert noticed in "; ".join(probe.self_test(way))


@pytest.fixture
def weaker_bubblewrap():
    """Makes a program that leaves something out and goes on as bubblewrap."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the jail's user starts it

        def made(without):
            path = Path(folder, "bwrap")
            text = WEAKER.format(without=without, bwrap=shutil.which("bwrap"))
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755)
            return str(path)

        yield made


def test_the_server_does_not_start_among_other_processes():
    done = subprocess.run(
        [sys.executable, "-c", running._INSIDE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "not alone" in done.stderr


@pytest.mark.jail
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's processes are capped anyway")
def test_root_is_not_trusted_with_rlimit_nproc():
    way = probe.require_jail()._replace(drop=False, cgroup=False)
    assert any("processes can be started" in one for one in probe.self_test(way))


@pytest.mark.jail
def test_a_jail_that_does_not_start_says_why():
    way = probe.require_jail()._replace(prefix="/no/such/folder", python="/usr/bin/python3")
    with pytest.raises(BadMachine, match="/no/such/folder"):
        probe.self_test(way)


@pytest.mark.jail
def test_bubblewrap_is_the_one_on_the_path():
    assert probe.require_jail().bwrap == shutil.which("bwrap")
