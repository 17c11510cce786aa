"""A model server for tests: speaks chat completions on this machine, and can misbehave."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from local_servers import running


class Served:
    """What a server was asked, and how it is to answer."""

    def __init__(self, answer) -> None:
        self.answer = answer  # the last message's text to the reply's text
        self.bodies: list[dict] = []
        self.keys: list[str | None] = []
        self.failures: list[int] = []  # statuses to give first, one a request
        self.url = ""
        self.most_at_once = 0
        self._now = 0

    async def chat(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(0)  # lets others in, so that they overlap if they may
        self._now -= 1
        if self.failures:
            status = self.failures.pop(0)
            headers = {"Retry-After": "0", "Location": "http://127.0.0.1:1/"}
            return web.json_response({"error": "no"}, status=status, headers=headers)
        self.bodies.append(body)
        self.keys.append(request.headers.get("Authorization"))
        text = self.answer(body["messages"][-1]["content"])
        return web.json_response(
            {
                "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 10},
            }
        )


@contextmanager
def served(answer) -> Iterator[Served]:
    """Run a server in a thread until the block ends."""
    state, app = Served(answer), web.Application()
    app.router.add_post("/v1/chat/completions", state.chat)
    with running(app) as address:
        state.url = f"{address}/v1"
        yield state


def last_json(path) -> dict:
    """The last whole line of a file of JSON lines."""
    return json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
