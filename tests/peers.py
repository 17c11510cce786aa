"""Programs of others that slow tests run: each in a virtual environment of its own, made once.

What is installed stands in benchmarks/peers/NAME/requirements.txt. The environments lie in
benchmarks/scratch, or in the folder that SURPASS_PEERS names.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
HOME = Path(os.environ.get("SURPASS_PEERS", ROOT / "benchmarks" / "scratch"))
REQUIRED = set(os.environ.get("SURPASS_REQUIRE", "").split(","))
_INSTALL_SECONDS = 1800


def peer(name: str) -> Path:
    """The folder of a peer's programs; installs it first (Label Studio: minutes and 800 MB).

    Where it cannot be installed the test is skipped with the reason, or fails if
    SURPASS_REQUIRE says "all".
    """
    wanted = (ROOT / "benchmarks" / "peers" / name / "requirements.txt").read_text(encoding="utf-8")
    home, stamp = HOME / name, HOME / f"{name}.installed"
    HOME.mkdir(parents=True, exist_ok=True)
    with FileLock(HOME / f"{name}.lock"):
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            _install(name, home)
            stamp.write_text(wanted, encoding="utf-8")
    return home / "bin"


def _install(name: str, home: Path) -> None:
    listed = ROOT / "benchmarks" / "peers" / name / "requirements.txt"
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(home)],
        [str(home / "bin" / "pip"), "install", "--quiet", "-r", str(listed)],
    ):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS
        )
        if done.returncode != 0:
            reason = f"{name} cannot be installed: {done.stderr.strip()[-300:]}"
            if "all" in REQUIRED:
                pytest.fail(f"SURPASS_REQUIRE asks for it, but {reason}", pytrace=False)
            pytest.skip(reason)
