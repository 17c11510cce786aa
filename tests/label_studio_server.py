"""A stand-in for a Label Studio: answers as 1.23.2 was seen to answer, and can misbehave."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from local_servers import running

LEGACY = "0123456789abcdef0123456789abcdef01234567"
PERSONAL = "head.refresh.tail"


class Standin:
    """What it holds and was asked, and how it is to answer."""

    def __init__(self) -> None:
        self.url = ""
        self.configurations: dict[int, str] = {}
        self.tasks: dict[int, list[dict]] = {}
        self.chunks: list[int] = []  # tasks of each import
        self.keys: list[tuple[str, str | None]] = []  # path and Authorization of each request
        self.given = 0  # access tokens so far; only the last one works
        self.forget_access = False  # True: the next request is refused although its token is right
        self.redirect = False  # True: every answer sends the client elsewhere
        self.refusals: list[int] = []  # statuses to give first, one a request; 0: none
        self._annotations = 0

    def say(self, project: int, place: int, person: int, results: list, **more: object) -> dict:
        """Annotate the task at a place, as the server would note it."""
        self._annotations += 1
        number = self._annotations
        at = f"2026-03-01T12:00:{number % 60:02d}.{number:06d}Z"
        made = {"id": number, "completed_by": person, "result": results, "was_cancelled": False}
        made |= {"created_at": at, "updated_at": at, "lead_time": 3.5, "prediction": {}} | more
        self.tasks[project][place]["annotations"].append(made)
        return made

    @web.middleware
    async def guard(self, request: web.Request, handler) -> web.StreamResponse:
        key = request.headers.get("Authorization")
        self.keys.append((request.path, key))
        if self.redirect:
            return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/stolen"})
        if self.refusals and (status := self.refusals.pop(0)):
            return web.json_response({"detail": "database is locked"}, status=status)
        if request.path == "/api/token/refresh":
            return await handler(request)
        known = {f"Token {LEGACY}"} | ({f"Bearer access-{self.given}"} if self.given else set())
        if key not in known or self.forget_access:
            self.forget_access = False
            return web.json_response({"detail": "Invalid token."}, status=401)
        return await handler(request)

    async def refresh(self, request: web.Request) -> web.Response:
        if (await request.json())["refresh"] != PERSONAL:
            return web.json_response({"detail": "Token is invalid"}, status=401)
        self.given += 1
        return web.json_response({"access": f"access-{self.given}"})

    async def create(self, request: web.Request) -> web.Response:
        number = len(self.tasks) + 1
        self.configurations[number] = (await request.json())["label_config"]
        self.tasks[number] = []
        return web.json_response({"id": number, "title": "t"}, status=201)

    async def project(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        if number not in self.tasks:
            return web.json_response({"detail": "No Project matches"}, status=404)
        return web.json_response({"id": number, "label_config": self.configurations[number]})

    async def take(self, request: web.Request) -> web.Response:
        number, given = int(request.match_info["number"]), await request.json()
        self.chunks.append(len(given))
        for task in given:
            task |= {"id": len(self.tasks[number]) + 1, "annotations": []}
            self.tasks[number].append(task)
        return web.json_response({"task_count": len(given), "prediction_count": 0}, status=201)

    async def listed(self, request: web.Request) -> web.Response:
        number = int(request.query["project"])
        page, size = int(request.query["page"]), int(request.query["page_size"])
        found = self.tasks[number]
        part = found[(page - 1) * size : page * size]
        return web.json_response({"tasks": part, "total": len(found), "total_annotations": 0})

    async def export(self, request: web.Request) -> web.Response:
        assert request.query["exportType"] == "JSON"
        found = self.tasks[int(request.match_info["number"])]
        everything = request.query.get("download_all_tasks") == "true"
        return web.json_response([one for one in found if everything or one["annotations"]])


@contextmanager
def label_studio() -> Iterator[Standin]:
    """Run one in a thread until the block ends."""
    state = Standin()
    app = web.Application(middlewares=[state.guard], client_max_size=1 << 26)
    app.router.add_post("/api/token/refresh", state.refresh)
    app.router.add_post("/api/projects", state.create)
    app.router.add_get("/api/projects/{number}", state.project)
    app.router.add_post("/api/projects/{number}/import", state.take)
    app.router.add_get("/api/projects/{number}/export", state.export)
    app.router.add_get("/api/tasks", state.listed)
    with running(app) as address:
        state.url = address
        yield state


def chosen(label: str) -> list[dict]:
    """An annotation's result: one label."""
    value = {"choices": [label]}
    return [{"from_name": "label", "to_name": "text", "type": "choices", "value": value}]


def as_file(tasks: list[dict]) -> str:
    """What its export button gives."""
    return json.dumps(tasks)
