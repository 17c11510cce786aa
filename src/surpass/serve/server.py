"""Listen and answer until somebody stops it."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from surpass.core.errors import BadMachine

_STOP_SECONDS = 5  # that answers under way are given when the server is stopped


def listen(host: str, port: int) -> socket.socket:
    """Take the port; 0: any free one.

    Raises:
        BadMachine: it is taken, or not ours to use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # TCP is named: only then asyncio sets TCP_NODELAY, without which a reply waits 40 ms
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except (OSError, OverflowError) as error:
        taken.close()
        raise BadMachine(
            f"{host}:{port} cannot be used ({error}).", fix="Name another port with --port."
        ) from None
    return taken


def answer_until_stopped(app: Starlette, taken: socket.socket, ready: Callable[[], None]) -> None:
    """Serve on the socket until Ctrl-C or SIGTERM; `ready` is called once it listens."""
    config = uvicorn.Config(
        app,
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    _Server(config, ready).run(sockets=[taken])


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
