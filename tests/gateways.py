"""A project served on this machine, by a thread or by the real command in a process of its own."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn

from small_projects import make_project
from surpass.serve.gateway import Gateway
from surpass.serve.server import listen
from surpass.steps.project import Project
from surpass.steps.serving.start import opened
from surpass.steps.split import current_split

UPSTREAM = """
[serving.upstream]
url = "{url}"
base = "tiny"
key_env = "SURPASS_TEST_UPSTREAM"
"""
COMMAND = [sys.executable, "-m", "surpass"]


class Running(NamedTuple):
    """A gateway that answers."""

    url: str  # up to and with the version
    gateway: Gateway


@contextmanager
def in_a_thread(project: Project) -> Iterator[Running]:
    """Serve with uvicorn in a thread until the block ends."""
    with listen("127.0.0.1", 0) as taken, opened(project, "127.0.0.1") as ours:
        config = uvicorn.Config(ours.app, lifespan="on", log_level="critical")
        server = uvicorn.Server(config)
        ready = threading.Event()
        started = server.startup

        async def startup(sockets=None):
            await started(sockets)
            ready.set()

        server.startup = startup
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        assert ready.wait(30)
        try:
            yield Running(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", ours.gateway)
        finally:
            server.should_exit = True
            thread.join(30)


@contextmanager
def in_a_process(folder: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Run `surpass serve`; gives its address and the process, which may be killed."""
    process = subprocess.Popen(
        [*COMMAND, "serve", str(folder), "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    try:
        told = ""
        while not _is_whole(told):
            line = process.stdout.readline()
            assert line, f"the server ended: {told}"
            told += line
        yield json.loads(told)["data"]["address"], process
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()


def with_upstream(folder: Path, base: Path, url: str, more: str = "") -> Project:
    """A small project, split, whose gateway passes chats on to `url`."""
    project = make_project(folder, base, count=60, more=UPSTREAM.format(url=url) + more)
    current_split(project)
    return project


def _is_whole(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
