"""An engine behind gateways under test: answers chats whole and streamed, and misbehaves."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from local_servers import running

DONE = b"data: [DONE]\n\n"


def chunk(text: str | None = None, finish: str | None = None) -> bytes:
    """One event; with characters that JSON may write in two ways."""
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    named = {"id": "up-1", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
    content = {**named, "choices": [choice]}
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"


ANSWER = [
    b": ping\n\n", chunk("The "), chunk("bill — "), chunk("é"), chunk(finish="stop"),
    b'data: {"choices": [],  "usage": {"prompt_tokens": 5, "completion_tokens": 3}}\n\n',
]  # fmt: skip


class Upstream:
    """What it was asked, and how it is to answer."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[dict] = []
        self.keys: list[str | None] = []
        self.events: list[bytes] = [*ANSWER, DONE]
        self.reply: tuple[int, bytes] | None = None  # instead of the usual whole answer
        self.holds = False  # a stream stops behind its first event until the client is gone
        self.left = threading.Event()  # a client broke off

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        self.keys.append(request.headers.get("Authorization"))
        if body.get("stream"):
            return await self._stream(request)
        status, content = self.reply or (200, whole(body["messages"][-1]["content"]))
        return web.Response(body=content, status=status, content_type="application/json")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for event in self.events:
            await response.write(event)
            if self.holds:
                try:
                    while request.transport is not None and not request.transport.is_closing():
                        await asyncio.sleep(0.01)
                finally:
                    self.left.set()
                break
        return response


def whole(text: str) -> bytes:
    """A whole answer, which repeats the question."""
    return json.dumps(
        {
            "id": "up-1",
            "object": "chat.completion",
            "created": 1,
            "model": "tiny",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": f"You said: {text}"},
                    "finish_reason": "stop",
                }
            ],
            "usage": {"prompt_tokens": 7, "completion_tokens": 4, "total_tokens": 11},
        }
    ).encode()


@contextmanager
def upstream() -> Iterator[Upstream]:
    """Run one in a thread until the block ends."""
    state, app = Upstream(), web.Application()
    app.router.add_post("/v1/chat/completions", state.chat)
    with running(app) as address:
        state.url = f"{address}/v1"
        yield state
