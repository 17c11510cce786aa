"""Nothing that was acknowledged is lost when the server is killed under load."""

import asyncio
import signal
import subprocess

import httpx

from gateways import COMMAND, in_a_process
from surpass.store.journal import Journal

CLIENTS, ANSWERS = 8, 60


async def _load(url, process):
    """Clients ask until so many answers came; then the server is killed while they go on."""
    acknowledged = []

    async def one(client, number):
        for place in range(1000):
            body = {"model": "base", "messages": [{"role": "user", "content": f"{number}.{place}"}]}
            try:
                reply = await client.post(
                    "/chat/completions", json=body | {"stream": place % 2 > 0}
                )
            except httpx.TransportError:
                return
            if reply.status_code != 200:
                return
            acknowledged.append((reply.headers["x-request-id"], f"{number}.{place}"))
            if len(acknowledged) == ANSWERS:
                process.send_signal(signal.SIGKILL)

    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        await asyncio.gather(*(one(client, number) for number in range(CLIENTS)))
    return acknowledged


def test_a_kill_under_load_loses_no_acknowledged_answer(project):
    with in_a_process(project.folder) as (url, process):
        second = subprocess.run(
            [*COMMAND, "serve", str(project.folder), "--port", "0"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert second.returncode == 3
        assert f"process {process.pid}" in second.stderr
        acknowledged = asyncio.run(_load(url, process))
        process.wait(30)
    assert len(acknowledged) >= ANSWERS
    with Journal.open(project.folder, writer=True) as journal:
        rows = {row["request"]: row for row in journal.requests().rows(named=True)}
    for request, text in acknowledged:
        assert (rows[request]["status"], rows[request]["input"]) == ("finished", text)
    assert {row["status"] for row in rows.values()} <= {"finished", "interrupted"}
