"""What every endpoint needs: models, journal, keys; and how a request is let in and begun."""

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from starlette.requests import ClientDisconnect, Request

from surpass.core.environment import moment
from surpass.core.errors import BadInput
from surpass.core.records.access import Key, Scope
from surpass.core.records.journal import Entry, Exposure, Started
from surpass.core.settings.serving import Serving
from surpass.model.turns import Asked as Question
from surpass.serve.access import Door, caller, check_door
from surpass.serve.alias import Alias
from surpass.serve.capture import Level, kept_name, kept_texts
from surpass.serve.chat_request import Sender, as_text
from surpass.serve.limits import FREE, Bucket, Budget
from surpass.serve.models import CHAMPION, Assign, Assignment, Catalogue, Engine, Model
from surpass.serve.refusals import Refusal
from surpass.store.journal import Journal
from surpass.store.keys import KeyFile

UNIT_HEADER, SESSION_HEADER = "x-surpass-unit", "x-surpass-session"
_BODY_SECONDS = 30.0
_LONGEST_NAME = 200  # characters of a unit or session


class Keys(NamedTuple):
    """Keys of clients, and the operator's own."""

    file: KeyFile
    operator: tuple[Key, ...]  # none or one

    def all(self) -> dict[str, Key]:
        """By their id, as they are now."""
        return {**self.file.keys(), **{key.id: key for key in self.operator}}


class Gateway(NamedTuple):
    """One task, served."""

    task: str
    settings: Serving
    catalogue: Catalogue
    engine: Engine | None  # none: [serving.upstream] answers
    alias: Alias
    journal: Journal
    keys: Keys
    door: Door
    budgets: dict[tuple[str, int | None, int | None], Budget]  # of keys, filled as they come
    assign: Assign | None = None  # none: no experiment runs


class Caller(NamedTuple):
    """Who asks, and what of the minute is left."""

    key: Key | None
    budget: Budget
    body: bytes

    @property
    def key_id(self) -> str | None:
        """As the journal has it."""
        return None if self.key is None else self.key.id


class Visit(NamedTuple):
    """One request that is on record and may be answered."""

    id: str
    model: Model
    asked: Question  # the input
    assigned: Assignment | None
    began: float  # seconds of the loop's clock
    reserved: float  # tokens

    @property
    def headers(self) -> dict[str, str]:
        """Which request, and what answered it."""
        told = {"x-request-id": self.id, "x-surpass-release": self.model.name}
        if self.assigned is not None:
            told["x-surpass-variant"] = self.assigned.arm
        return told


async def admit(gateway: Gateway, request: Request, scope: Scope) -> Caller:
    """Let a request in, with its whole body.

    Raises:
        Refusal: where it comes from, who asks, or how much.
    """
    check_door(request.headers, gateway.door, has_body=request.method == "POST")
    now = moment().isoformat(timespec="seconds")
    key = caller(request.headers, gateway.keys.all(), scope, gateway.door, now=now)
    body = b""
    if request.method == "POST":
        body = await _body(request, gateway.settings.body_kilobytes * 1024)
    return Caller(key, _budget(gateway, key), body)


class Asked(NamedTuple):
    """What a request asks for, whichever endpoint it came to."""

    model: str  # an alias, a release, or the base
    unit: str | None
    session: str | None
    most_tokens: int | None  # of the answer; none: as the model was evaluated
    question: Callable[[Model], Question]  # the input, which may depend on the model's instruction


async def begin(gateway: Gateway, who: Caller, asked: Asked) -> Visit:
    """Choose the model, and put the request on record before anything of an answer leaves.

    Raises:
        Refusal: the budget is used up, or there is no such model.
        BadMachine: the journal cannot be written: then nobody is answered.
    """
    at, clock = moment(), asyncio.get_running_loop().time()
    identity, level = request_id(at, os.urandom(10)), gateway.settings.capture
    unit, session = _counted(asked, who.key_id, identity, level)
    assigned = None
    if asked.model == CHAMPION and gateway.assign is not None and level != "none":
        assigned = gateway.assign(unit, gateway.task)
    model = _assigned_model(gateway, assigned) or _model(gateway, asked.model)
    reserved = float(asked.most_tokens or model.most_tokens) + len(who.body) / 4
    question = asked.question(model)
    who.budget.take(reserved, clock)
    started = Started(
        request=identity,
        task=gateway.task,
        at=at,
        unit=unit,
        session=session,
        model=asked.model,
        release=model.name,
        experiment=None if assigned is None else assigned.experiment,
        arm=None if assigned is None else assigned.arm,
        input=kept_texts(level, as_text(question)).input,
        key=who.key_id,
    )
    await on_record(gateway, started, *_exposure(started, assigned))
    return Visit(identity, model, question, assigned, clock, reserved)


async def on_record(gateway: Gateway, *entries: Entry) -> None:
    """Wait until entries are on disk; they get there too if whoever waits is cancelled.

    Raises:
        BadMachine: they could not be written.
    """
    await asyncio.shield(asyncio.wrap_future(gateway.journal.submit(*entries)))


def sender_of(sender: Sender, headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Unit and session: of the headers, or as OpenAI's clients name them in the body."""
    unit = headers.get(UNIT_HEADER) or sender.safety_identifier or sender.user
    session = headers.get(SESSION_HEADER) or (sender.metadata or {}).get("session")
    return unit, session if isinstance(session, str) else None


def request_id(at: datetime, drawn: bytes) -> str:
    """A name that sorts by time: UUID version 7 (RFC 9562, section 5.7).

    Args:
        at: The moment.
        drawn: 10 random bytes.
    """
    whole = bytearray(int(at.timestamp() * 1000).to_bytes(6, "big") + drawn)
    whole[6] = 0x70 | whole[6] & 0x0F
    whole[8] = 0x80 | whole[8] & 0x3F
    return str(UUID(bytes=bytes(whole)))


def _exposure(started: Started, assigned: Assignment | None) -> tuple[Exposure, ...]:
    if assigned is None:
        return ()
    return (
        Exposure(
            experiment=assigned.experiment,
            unit=started.unit,
            arm=assigned.arm,
            share=assigned.share,
            at=started.at,
            request=started.request,
        ),
    )


def _counted(asked: Asked, key: str | None, identity: str, level: Level) -> tuple[str, str | None]:
    """The unit and the session as they are kept; where nobody is named, the conversation counts.

    Raises:
        Refusal: a name that is too long.
    """
    for name in (asked.unit, asked.session):
        if name is not None and len(name) > _LONGEST_NAME:
            raise Refusal(
                400, f"A unit or session has at most {_LONGEST_NAME} characters.", "name_too_long"
            )
    if level == "none":
        return identity, None
    session = kept_name(level, asked.session) if asked.session else None
    if asked.unit:
        return kept_name(level, asked.unit), session
    return (identity if session is None else f"{key or 'anyone'}:{session}"), session


def _assigned_model(gateway: Gateway, assigned: Assignment | None) -> Model | None:
    """The arm's model; where its files are gone the champion answers, and the record shows it."""
    if assigned is None:
        return None
    try:
        return gateway.catalogue.model(assigned.release)
    except BadInput:
        return None


def _model(gateway: Gateway, name: str) -> Model:
    """The model of an alias or an immutable name.

    Raises:
        Refusal: there is none.
    """
    try:
        return gateway.catalogue.model(gateway.alias.current() if name == CHAMPION else name)
    except BadInput as error:
        raise Refusal(404, str(error), "model_not_found") from None


def _budget(gateway: Gateway, key: Key | None) -> Budget:
    if key is None or (key.requests_per_minute is None and key.tokens_per_minute is None):
        return FREE
    limits = key.id, key.requests_per_minute, key.tokens_per_minute
    if limits not in gateway.budgets:
        now = asyncio.get_running_loop().time()
        buckets = [None if most is None else Bucket(most, now) for most in limits[1:]]
        gateway.budgets[limits] = Budget(*buckets)
    return gateway.budgets[limits]


async def _body(request: Request, most_bytes: int) -> bytes:
    """The body, read no further than is allowed.

    Raises:
        Refusal: too long, or too slow.
    """
    parts, size = [], 0
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > most_bytes:
                    raise Refusal(413, f"A request has at most {most_bytes} bytes.", "too_large")
                parts.append(part)
    except TimeoutError:
        raise Refusal(408, "The request did not arrive in time.", "too_slow") from None
    except ClientDisconnect:
        raise Refusal(400, "The request ended too early.", "cut_off") from None
    return b"".join(parts)
