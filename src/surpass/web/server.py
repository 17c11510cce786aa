"""A small server for a few people: one thread a connection, bound to this machine only."""

import sys
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from surpass.core.errors import BadMachine
from surpass.web.exchange import MOST_BODY_BYTES, SAFE_HEADERS, Request, Response

HOST = "127.0.0.1"
_SILENT_SECONDS = 30.0  # a connection that says nothing for so long is closed

Respond = Callable[[Request], Response]


class Server(ThreadingHTTPServer):
    """Listens from the moment it is made; `respond` is set before it serves."""

    daemon_threads = True  # an open page does not keep the process alive
    respond: Respond

    @property
    def port(self) -> int:
        """The port that was taken."""
        return int(self.server_address[1])


def bound(port: int) -> Server:
    """A server on this machine; port 0: any free one.

    Raises:
        BadMachine: the port is taken, or not ours to use.
    """
    try:
        return Server((HOST, port), _Handler)
    except (OSError, OverflowError) as error:
        raise BadMachine(
            f"Port {port} cannot be used ({error}).", fix="Name another one with --port."
        ) from None


class _Handler(BaseHTTPRequestHandler):
    """Carries a request to `respond` and its response back."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "surpass", ""
    timeout = _SILENT_SECONDS
    server: Server

    def do_GET(self) -> None:
        if self._has_body():
            self._refuse(Response(400, b"A GET has no body.", "text/plain"))
        else:
            self._carry(b"")

    def do_HEAD(self) -> None:
        self._refuse(Response(405))

    def do_POST(self) -> None:
        lengths = self.headers.get_all("Content-Length", [])
        length = lengths[0] if len(lengths) == 1 else ""
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self._refuse(Response(411, b"How long is it?", "text/plain"))
        elif int(length) > MOST_BODY_BYTES:
            self._refuse(Response(413, b"That is too long.", "text/plain"))
        else:
            self._carry(self.rfile.read(int(length)))

    def _has_body(self) -> bool:
        """What is left unread would be taken for the next request."""
        told = self.headers.get_all("Content-Length", [])
        return "Transfer-Encoding" in self.headers or any(one != "0" for one in told)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        """Say nothing: paths hold secrets."""

    def _carry(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path.partition("?")[0], headers, body)
        try:
            response = self.server.respond(request)
        except Exception:  # noqa: BLE001 (the edge: logged and answered)
            traceback.print_exc(file=sys.stderr)
            response = Response(500, b"This is our fault; nothing was saved.", "text/plain")
        self._send(response)

    def _refuse(self, response: Response) -> None:
        """Answer without reading the body; the connection is of no further use."""
        self.close_connection = True
        self._send(response)

    def _send(self, response: Response) -> None:
        try:
            self.send_response(response.status)
            for name, value in SAFE_HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Type", response.kind)
            self.send_header("Content-Length", str(len(response.body)))
            if response.location is not None:
                self.send_header("Location", response.location)
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(response.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the browser went away
