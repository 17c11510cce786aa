import os
import subprocess
import sys

import pytest

from surpass.core.errors import BadMachine
from surpass.store.lock import only_command

HOLD = """
import sys
from pathlib import Path
from surpass.store.lock import only_command
with only_command(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_command_is_told_who_holds_the_project(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BadMachine, match=f"process {holder.pid}"), only_command(tmp_path):
            pass
        holder.stdin.close()
        holder.wait(timeout=30)
    with only_command(tmp_path):
        assert (tmp_path / ".surpass" / "lock.pid").read_text() == str(os.getpid())


def test_a_killed_command_frees_the_project(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
        holder.wait(timeout=30)
    with only_command(tmp_path):
        pass
