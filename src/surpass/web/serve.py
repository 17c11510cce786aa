"""Serve a project's pages for people until somebody stops it."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from surpass.core.errors import BadInput
from surpass.core.secret import Secret
from surpass.steps.labelling.desk import LabelDesk
from surpass.steps.labelling.listening import Puller
from surpass.steps.rating.desk import Desk
from surpass.web import hook
from surpass.web.exchange import Address, Request, Response, local_address, with_public
from surpass.web.rating import LINK, respond
from surpass.web.server import HOST, bound


def serve_rating(folder: Path, port: int, public: str | None, ready: Callable[[str], None]) -> int:
    """Answer raters until Ctrl-C; returns how many answers there are then.

    Args:
        folder: The project's folder.
        port: Where to listen on this machine; 0: any free port.
        public: Address of a proxy through which raters come, such as https://rate.example.org.
        ready: Told what a personal link begins with, once the server listens.

    Raises:
        BadInput: no tasks, or `public` is no address.
        BadMachine: the port cannot be used.
    """
    desk = Desk(folder)
    _serve(desk, port, public, ready)
    return desk.answers()


def serve_labelling(
    folder: Path, port: int, public: str | None, ready: Callable[[str], None]
) -> int:
    """The same for annotators.

    Raises:
        BadInput: no rows to label, or `public` is no address.
        BadMachine: the port cannot be used.
    """
    desk = LabelDesk(folder)
    _serve(desk, port, public, ready)
    return desk.answers()


def serve_hints(
    puller: Puller, secret: Secret, port: int, public: str | None, ready: Callable[[str], None]
) -> int:
    """Hear a Label Studio's webhook until Ctrl-C; returns how many pulls there were.

    Args:
        puller: Told of each hint; pulls while this runs.
        secret: That a hint must know.
        port: As in `serve_rating`.
        public: As in `serve_rating`.
        ready: Told the address to call, once the server listens.

    Raises:
        BadInput: `public` is no address.
        BadMachine: the port cannot be used.
    """
    with puller:
        _listen(partial(hook.respond, puller.hint, secret), port, public, hook.PATH, ready)
    return puller.pulls


def _serve(
    desk: Desk | LabelDesk, port: int, public: str | None, ready: Callable[[str], None]
) -> None:
    _listen(partial(respond, desk), port, public, LINK, ready)


def _listen(
    answer: Callable[[Address, Request], Response],
    port: int,
    public: str | None,
    path: str,
    ready: Callable[[str], None],
) -> None:
    if public is not None and (
        urlsplit(public).scheme not in {"http", "https"} or not urlsplit(public).netloc
    ):
        raise BadInput(f"{public!r} is no address.", fix="Write it as https://rate.example.org.")
    with bound(port) as server:
        address = local_address(server.port)
        address = with_public(address, public) if public else address
        server.respond = partial(answer, address)
        ready((public.rstrip("/") if public else f"http://{HOST}:{server.port}") + path)
        with suppress(KeyboardInterrupt):
            server.serve_forever(poll_interval=0.2)
