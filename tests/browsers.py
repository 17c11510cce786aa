"""Real browsers before a real server: what the tests of both kinds of pages share."""

import os
import re
import subprocess
import sys
from pathlib import Path

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DESK = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


class Serving:
    """`surpass rate start` or `label start` in a process of its own, until it is killed with -9."""

    def __init__(self, command: str, folder: Path, port: int) -> None:
        words = [sys.executable, "-m", "surpass", command, "start", str(folder)]
        self.process = subprocess.Popen(
            [*words, "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        said = ""
        while "Next:" not in said:  # the last thing that is said before it serves
            line = self.process.stdout.readline()
            assert line, f"it ended: {said}"
            said += line

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def done(page) -> int:
    """How many tasks the page says are done."""
    return int(re.match(r"(\d+) of", page.locator(".count").text_content())[1])


def wait_for(page, count: int) -> None:
    """Wait until so many are done."""
    page.locator(".count", has_text=re.compile(rf"^{count} of")).wait_for()
