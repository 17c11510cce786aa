"""What the gateway adds to an engine's answer, with the durable journal on.

A mock engine answers at once. Each round asks it directly and then through `surpass serve`, so that
both see the same machine; told are the difference of the rounds' medians and the gateway's
processor time for one request. Never compare wall times of two machines.

    python benchmarks/gateway.py                       # small: 3 rounds of 200, half a minute
    python benchmarks/gateway.py --rounds 10 --requests 2000 --clients 16
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

SETTINGS = """
[task]
name = "mock"
kind = "generate"
input = "text"
output = "answer"
[data]
train = ["rows.jsonl"]
[serving]
capture = "{capture}"
[serving.upstream]
url = "{url}"
base = "mock"
"""
QUESTION = "My line has been dead since Monday and nobody answers the phone. " * 3
BODY = json.dumps({"model": "base", "messages": [{"role": "user", "content": QUESTION}]}).encode()
ANSWER = json.dumps(
    {
        "id": "mock", "object": "chat.completion", "created": 1, "model": "mock",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Sorry. " * 40},
                     "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 60, "completion_tokens": 80, "total_tokens": 140},
    }
).encode()  # fmt: skip
REPLY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)
) + ANSWER


class Round(NamedTuple):
    """One turn of a target."""

    latencies_ms: list[float]
    processor_ms: float  # of the gateway, a request; 0 for the mock alone


async def mock(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request at once; keeps the connection."""
    while head := await _head(reader):
        await reader.readexactly(_length(head))
        writer.write(REPLY)
        await writer.drain()
    writer.close()


async def ask(address: tuple[str, int], requests: int, clients: int) -> list[float]:
    """Latency of each request in ms; every client keeps one connection and asks in turn."""
    host, port = address
    request = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY

    async def one(count: int) -> list[float]:
        reader, writer = await asyncio.open_connection(host, port)
        found = []
        for _ in range(count):
            started = time.perf_counter()
            writer.write(request)
            head = await _head(reader)
            await reader.readexactly(_length(head))
            found.append((time.perf_counter() - started) * 1000)
            assert head.startswith(b"HTTP/1.1 200"), head
        writer.close()
        return found

    parts = await asyncio.gather(*(one(requests // clients) for _ in range(clients)))
    return [latency for part in parts for latency in part]


async def measure(asked: argparse.Namespace) -> dict[str, object]:
    """Interleaved rounds; the numbers of all."""
    engine = await asyncio.start_server(mock, "127.0.0.1", 0)
    direct = engine.sockets[0].getsockname()[:2]
    with tempfile.TemporaryDirectory() as name:
        folder = _project(Path(name), f"http://127.0.0.1:{direct[1]}/v1", asked.capture)
        process, gateway = await asyncio.to_thread(_served, folder)
        try:
            seen = psutil.Process(process.pid)
            await ask(gateway, asked.requests // 2 // asked.clients * asked.clients, asked.clients)
            memory, rounds = [seen.memory_info().rss], []
            for _ in range(asked.rounds):
                bare = await ask(direct, asked.requests, asked.clients)
                before = sum(seen.cpu_times()[:2])
                through = await ask(gateway, asked.requests, asked.clients)
                used = (sum(seen.cpu_times()[:2]) - before) * 1000 / len(through)
                rounds.append((Round(bare, 0.0), Round(through, used)))
                memory.append(seen.memory_info().rss)
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 30)
    engine.close()
    return _told(rounds, memory, asked)


def _told(
    rounds: list[tuple[Round, Round]], memory: list[int], asked: argparse.Namespace
) -> dict[str, object]:
    def added(share: float) -> float:
        differences = [
            _quantile(through.latencies_ms, share) - _quantile(bare.latencies_ms, share)
            for bare, through in rounds
        ]
        return round(statistics.median(differences), 2)

    used = [through.processor_ms for _, through in rounds]
    return {
        "requests a round": asked.requests,
        "clients": asked.clients,
        "capture": asked.capture,
        "added p50 ms": added(0.5),
        "added p99 ms": added(0.99),
        "processor ms a request, least": round(min(used), 2),
        "processor ms a request, median": round(statistics.median(used), 2),
        "memory MB": round(memory[-1] / 1e6, 1),
        "memory growth MB": round((memory[-1] - memory[0]) / 1e6, 1),
        "load": os.getloadavg()[0],
    }


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _project(folder: Path, url: str, capture: str) -> Path:
    rows = [{"text": f"question {n} of nobody", "answer": f"answer {n}"} for n in range(60)]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "rows.jsonl").write_text(lines, encoding="utf-8")
    settings = SETTINGS.format(url=url, capture=capture)
    (folder / "surpass.toml").write_text(settings, encoding="utf-8")
    return folder


def _served(folder: Path) -> tuple[subprocess.Popen[str], tuple[str, int]]:
    command = [sys.executable, "-m", "surpass", "serve", str(folder), "--port", "0", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = ""
    for line in process.stdout or ():
        told += line
        if line.startswith("}"):
            break
    address = json.loads(told)["data"]["address"]
    return process, ("127.0.0.1", int(address.split(":")[2].split("/")[0]))


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--capture", default="redacted")
    print(json.dumps(asyncio.run(measure(parser.parse_args())), indent=2))


if __name__ == "__main__":
    main()
