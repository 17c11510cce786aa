"""surpass serve: answer clients until somebody stops it."""

import asyncio
import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from starlette.applications import Starlette

from surpass.core.account import Account, Fact
from surpass.core.environment import admin_secret, moment, secret_named
from surpass.core.errors import BadInput, Refused
from surpass.core.secret import Secret
from surpass.core.settings.serving import Upstream
from surpass.serve.access import LOOPBACK, Door, admin_key
from surpass.serve.alias import Alias
from surpass.serve.app import make_app
from surpass.serve.backend import Backend, LocalBackend
from surpass.serve.gateway import Gateway, Keys
from surpass.serve.models import BASE
from surpass.serve.server import answer_until_stopped, listen
from surpass.steps.experimenting.assign import Assigner
from surpass.steps.experimenting.outbox import take_in
from surpass.steps.project import Project
from surpass.steps.serving.journal import open_journal
from surpass.steps.serving.models import ProjectModels
from surpass.store.journal import Journal
from surpass.store.keys import KeyFile

if TYPE_CHECKING:
    from surpass.serve.engine import LocalEngine


class Place(NamedTuple):
    """Where to listen."""

    host: str = "127.0.0.1"
    port: int = 8415  # 0: any free one


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What a program must know of a running server."""

    task: str
    address: str  # for clients, up to and with the version
    champion: str


class Engines(NamedTuple):
    """What answers."""

    engine: "LocalEngine | None"
    backend: Backend


class Opened(NamedTuple):
    """A gateway that only needs to listen."""

    app: Starlette
    gateway: Gateway


def serve(project: Project, place: Place, ready: Callable[[Account], None]) -> Account:
    """Answer clients until Ctrl-C or SIGTERM.

    Args:
        project: The project.
        place: Where to listen.
        ready: Told where and what, once clients are answered.

    Raises:
        Refused: other machines may come in, and there is no key.
        BadInput: a weak admin key.
        BadMachine: the port is taken, another server writes to the journal, or a file is gone.
    """
    with listen(place.host, place.port) as taken, opened(project, place.host) as ours:
        address = f"http://{_shown(place.host)}:{taken.getsockname()[1]}"
        told = _account(address, ours.gateway)
        answer_until_stopped(ours.app, taken, lambda: ready(told))
    return Account(title="Serve", headline="Stopped; everything that was answered is on record.")


@contextmanager
def opened(project: Project, host: str) -> Iterator[Opened]:
    """Models, keys and journal of a project, as an application; what is too old is deleted first.

    Raises:
        Refused: other machines may come in, and there is no key.
        BadInput: a weak admin key.
        BadMachine: another server writes to the journal, or a file is gone.
    """
    keys = _keys(project)
    door = _door(project, host)
    if not door.open_to_all and not keys.all():
        raise Refused(
            f"On {host} other machines can ask, and there is no key.",
            fix="Make one: `surpass key add NAME`.",
        )
    take_in(project)
    with open_journal(project, writer=True) as journal:
        journal.forget_before(moment() - timedelta(days=project.settings.serving.keep_days))
        catalogue = ProjectModels(project)
        engines = _engines(project, catalogue)
        gateway = _gateway(project, catalogue, engines, journal, (keys, door))

        async def close() -> None:
            await engines.backend.close()
            if engines.engine is not None:
                await asyncio.to_thread(engines.engine.close)

        yield Opened(make_app(gateway, engines.backend, close), gateway)


def _engines(project: Project, catalogue: ProjectModels) -> Engines:
    settings = project.settings.serving
    if settings.upstream is not None:
        from surpass.serve.upstream import UpstreamBackend  # pulls in aiohttp

        key = _upstream_key(settings.upstream)
        return Engines(None, UpstreamBackend(settings.upstream, key, settings.timeout_seconds))
    from surpass.serve.engine import LocalEngine  # pulls in torch

    engine = LocalEngine(catalogue.load, keep=settings.loaded, waiting=settings.waiting)
    asyncio.run(engine.warm(catalogue.champion()))  # a damaged release is told before anybody asks
    return Engines(engine, LocalBackend(engine))


def _gateway(
    project: Project,
    catalogue: ProjectModels,
    engines: Engines,
    journal: Journal,
    access: tuple[Keys, Door],
) -> Gateway:
    async def warm(name: str) -> None:
        if engines.engine is not None:
            await engines.engine.warm(name)

    task = project.settings.task.name
    keys, door = access
    return Gateway(
        task=task,
        settings=project.settings.serving,
        catalogue=catalogue,
        engine=engines.engine,
        alias=Alias(catalogue.champion, warm),
        journal=journal,
        keys=keys,
        door=door,
        budgets={},
        assign=Assigner(project.folder, task),
    )


def _upstream_key(upstream: Upstream) -> Secret | None:
    if upstream.key_env is None:
        return None
    key = secret_named(upstream.key_env)
    if key is None:
        raise BadInput(
            f"The environment variable {upstream.key_env} with the upstream's key is not set.",
            fix=f"Set it: export {upstream.key_env}=…",
        )
    return key


def _keys(project: Project) -> Keys:
    given = admin_secret()
    operator = () if given is None else (admin_key(given.reveal()),)
    return Keys(KeyFile(project.folder), operator)


def _door(project: Project, host: str) -> Door:
    """Under its own names, and those in the settings; without a key only from this machine."""
    settings = project.settings.serving
    names = {name.lower() for name in (*LOOPBACK, _shown(host), *settings.hosts)}
    # A name of its own means that a proxy lets others in: then nobody goes without a key.
    alone = _is_loopback(host) and not settings.hosts
    return Door(frozenset(names), frozenset(map(str.lower, settings.origins)), alone)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _account(address: str, gateway: Gateway) -> Account:
    """What is said once clients are answered."""
    champion = gateway.catalogue.champion()
    warnings = []
    if champion == BASE:
        warnings.append(
            "Nothing was released yet, so `champion` is the untuned base: `surpass release` "
            "changes that while the server runs."
        )
    if gateway.door.open_to_all and not gateway.keys.file.keys():
        warnings.append("Everybody on this machine may ask; `surpass key add NAME` ends that.")
    return Account(
        title="Serve",
        headline=f"{gateway.task} is served at {address}/v1 until Ctrl-C.",
        facts=(
            Fact(label="champion", value=champion),
            Fact(label="kept of each request", value=gateway.settings.capture),
        ),
        warnings=tuple(warnings),
        data=Served(task=gateway.task, address=f"{address}/v1", champion=champion),
    )
