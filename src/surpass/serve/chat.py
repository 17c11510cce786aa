"""POST /v1/chat/completions: on record before the first byte, and again before the last one."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import partial

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from surpass.core.errors import BadMachine, SurpassError
from surpass.core.records.journal import Finished, Status
from surpass.model.turns import Asked as Question
from surpass.serve.backend import Backend
from surpass.serve.chat_reply import DONE, as_event
from surpass.serve.chat_request import Message, Read, question_of, read_chat
from surpass.serve.gateway import Asked, Caller, Gateway, Visit, admit, begin, sender_of
from surpass.serve.leaving import ClientLeft, Watched
from surpass.serve.models import Model
from surpass.serve.refusals import Refusal, refusal_of
from surpass.serve.tally import Tally, ended, finish

_log = logging.getLogger(__name__)


class Chat:
    """The endpoint, as an ASGI application: it must see the client leave."""

    def __init__(self, gateway: Gateway, backend: Backend) -> None:
        self._gateway, self._backend = gateway, backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        gateway, request = self._gateway, Request(scope, receive)
        who = await admit(gateway, request, "infer")
        read = read_chat(who.body)
        unit, session = sender_of(read.sender, request.headers)
        question = partial(_question, messages=read.chat.messages)
        asked = Asked(read.chat.model, unit, session, read.chat.most_tokens, question)
        visit = await begin(gateway, who, asked)
        limits = who.budget.headers(asyncio.get_running_loop().time())
        answering = _Answering(gateway, who, visit, Sending(send, visit.headers | limits))
        try:
            async with asyncio.timeout(gateway.settings.timeout_seconds), Watched(receive):
                if read.chat.stream:
                    await answering.stream(self._backend, read)
                else:
                    await answering.at_once(self._backend, read)
        except asyncio.CancelledError:
            answering.stopped()
            raise
        except ClientLeft:
            await answering.left()
        except Exception as error:  # noqa: BLE001 (the edge: logged and answered)
            await answering.failed(error)


class Sending:
    """One response; knows whether it has begun."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send, self._headers = send, headers
        self.begun = False

    async def begin(self, status: int, kind: str, more: dict[str, str] | None = None) -> None:
        """Send the head."""
        self.begun = True
        headers = {
            "content-type": kind,
            "cache-control": "no-cache",
            **self._headers,
            **(more or {}),
        }
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def part(self, body: bytes) -> None:
        """Send a part at once."""
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def end(self, body: bytes = b"") -> None:
        """Send the last part."""
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def whole(self, status: int, body: bytes, more: dict[str, str] | None = None) -> None:
        """Send everything."""
        length = {"content-length": str(len(body)), **(more or {})}
        await self.begin(status, "application/json", length)
        await self.end(body)


class _Answering:
    """One request under way: what it is answered with is on record before it is complete."""

    def __init__(self, gateway: Gateway, who: Caller, visit: Visit, sending: Sending) -> None:
        self._gateway, self._who, self._visit, self._sending = gateway, who, visit, sending
        self._tally, self._recorded = Tally(), False

    async def at_once(self, backend: Backend, read: Read) -> None:
        reply = await backend.whole(self._visit, read, self._tally)
        await self._finish("finished" if reply.status == 200 else "refused")
        await self._sending.whole(reply.status, reply.body)

    async def stream(self, backend: Backend, read: Read) -> None:
        parts: AsyncGenerator[bytes, None]
        async with aclosing(backend.parts(self._visit, read, self._tally)) as parts:
            async for part in parts:
                if not self._sending.begun:
                    await self._sending.begin(200, "text/event-stream", {"x-accel-buffering": "no"})
                await self._sending.part(part)
        await self._finish("finished")
        await self._sending.end(DONE)

    async def left(self) -> None:
        self._tally.finish_reason = "client_disconnected"
        await self._try_finish("interrupted")

    def stopped(self) -> None:
        """The server ends: nobody waits for this to be on disk but the journal's own end."""
        if not self._recorded:
            self._tally.finish_reason = "server_stopped"
            self._gateway.journal.submit(self._ended("interrupted"))

    async def failed(self, error: Exception) -> None:
        refusal = _refusal(error, self._visit)
        self._tally.finish_reason = refusal.code
        await self._try_finish(
            "refused" if refusal.status < 500 or refusal.code == "busy" else "failed"
        )
        if not self._sending.begun:
            await self._sending.whole(refusal.status, refusal.body, refusal.headers)
        else:
            await self._sending.part(as_event(refusal.body))
            await self._sending.end(DONE)

    async def _finish(self, status: Status) -> None:
        self._recorded = True  # before it is on disk: nothing else may be said of it meanwhile
        try:
            await finish(self._gateway, self._who, self._visit, self._tally, status)
        except BadMachine:
            self._recorded = False
            raise

    async def _try_finish(self, status: Status) -> None:
        """Where the journal is what failed, the row stays "started" until the next start."""
        if not self._recorded:
            with suppress(BadMachine):
                await self._finish(status)

    def _ended(self, status: Status) -> Finished:
        return ended(self._gateway, self._who, self._visit, self._tally, status)


def _question(model: Model, messages: list[Message]) -> Question:
    return question_of(messages, model.instruction)


def _refusal(error: Exception, visit: Visit) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, SurpassError):
        return refusal_of(error)
    if isinstance(error, TimeoutError):
        return Refusal(504, "The answer took too long.", "timeout")
    _log.error("request %s failed", visit.id, exc_info=error)
    return Refusal(500, f"This is our fault; the request is {visit.id}.", "our_fault")
