"""The gateway as a web application: its addresses, and what every error looks like."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from surpass.core.errors import SurpassError
from surpass.serve.access import check_door
from surpass.serve.backend import Backend
from surpass.serve.capture import forget_unit
from surpass.serve.chat import Chat
from surpass.serve.chat_request import decoded
from surpass.serve.classify import classify
from surpass.serve.gateway import Gateway, admit
from surpass.serve.models import CHAMPION
from surpass.serve.refusals import Refusal, refusal_of
from surpass.serve.votes import vote

Endpoint = Callable[[Gateway, Request], Awaitable[Response]]
Close = Callable[[], Awaitable[None]]


def make_app(gateway: Gateway, backend: Backend, close: Close) -> Starlette:
    """The application; `close` is awaited when it ends.

    Args:
        gateway: What it serves.
        backend: Answers chats.
        close: Lets go of what was opened for it.
    """

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        await close()

    def post(path: str, endpoint: Endpoint) -> Route:
        return Route(path, partial(endpoint, gateway), methods=["POST"])

    def get(path: str, endpoint: Endpoint) -> Route:
        return Route(path, partial(endpoint, gateway), methods=["GET"])

    return Starlette(
        routes=[
            Route("/v1/chat/completions", Chat(gateway, backend), methods=["POST"]),
            post("/v1/classify", classify),
            post("/v1/feedback", vote),
            get("/v1/models", models),
            post("/v1/forget", forget),
            get("/health", health),
        ],
        exception_handlers={
            Refusal: _refused,
            SurpassError: _in_the_way,
            HTTPException: _no_such_place,
            Exception: _our_fault,
        },
        lifespan=life,
    )


async def models(gateway: Gateway, request: Request) -> Response:
    """The alias, and every model by its immutable name."""
    await admit(gateway, request, "infer")
    champion = gateway.alias.current()
    listed = [{"id": CHAMPION, "object": "model", "owned_by": gateway.task, "root": champion}]
    listed += [
        {"id": name, "object": "model", "owned_by": gateway.task, "root": name}
        for name in gateway.catalogue.names()
    ]
    return JSONResponse({"object": "list", "data": [{"created": 0, **one} for one in listed]})


async def health(gateway: Gateway, request: Request) -> Response:
    """Whether it answers, and with which champion; needs no key and tells no more."""
    check_door(request.headers, gateway.door, has_body=False)
    failed = gateway.alias.failed
    told = {"status": "ok" if failed is None else "stale", "champion": gateway.alias.current()}
    return JSONResponse(told)


class Forget(msgspec.Struct, frozen=True, kw_only=True):
    """Whose traces are to go."""

    unit: str


async def forget(gateway: Gateway, request: Request) -> Response:
    """Delete a unit's requests, votes and exposures, while the server runs; for operators."""
    who = await admit(gateway, request, "admin")
    unit = decoded(who.body, Forget).unit
    return JSONResponse(await asyncio.to_thread(forget_unit, gateway.journal, unit))


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return Response(error.body, error.status, error.headers, media_type="application/json")


async def _in_the_way(request: Request, error: Exception) -> Response:
    if not isinstance(error, SurpassError):
        raise error
    return await _refused(request, refusal_of(error))


async def _no_such_place(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    there = "There is no such address." if status == 404 else "That address is asked otherwise."
    return await _refused(request, Refusal(status, there, "not_found"))


async def _our_fault(request: Request, _: Exception) -> Response:
    return await _refused(request, Refusal(500, "This is our fault.", "our_fault"))
