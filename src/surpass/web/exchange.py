"""What comes in and what goes out, whatever server carries it, and who is let in at all."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

MOST_BODY_BYTES = 64 * 1024

SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
"""On every response."""


class Request(NamedTuple):
    """One request; names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Response(NamedTuple):
    """One response; SAFE_HEADERS are added by the server."""

    status: int
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    location: str | None = None


class Address(NamedTuple):
    """How people reach the server: what a browser must name as host and as origin."""

    hosts: frozenset[str]
    origins: frozenset[str]


def local_address(port: int) -> Address:
    """This machine, by any of its own names."""
    hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))
    return Address(hosts, frozenset(f"http://{host}" for host in hosts))


def with_public(address: Address, public: str) -> Address:
    """The same, also reachable as `public`, the address of a proxy in front of it."""
    parts = urlsplit(public)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    return Address(address.hosts | {parts.netloc.lower()}, address.origins | {origin})


def refusal(request: Request, address: Address) -> Response | None:
    """Why a request is turned away before anybody reads its path; none: it may come in.

    A foreign Host is another site's name pointed at this machine. A change must come from our own
    page: browsers say so in Origin, or, where a page sends no referrer, in Sec-Fetch-Site.
    """
    if request.headers.get("host", "").lower() not in address.hosts:
        return Response(421, b"This server does not go by that name.", "text/plain")
    if request.method not in {"GET", "POST"}:
        return Response(405, b"Only GET and POST.", "text/plain")
    if request.method == "POST" and not _from_our_page(request.headers, address):
        return Response(403, b"Another site sent this.", "text/plain")
    return None


def _from_our_page(headers: Mapping[str, str], address: Address) -> bool:
    origin = headers.get("origin", "").lower()
    site = headers.get("sec-fetch-site", "").lower()
    if origin in {"", "null"}:
        # "null" is what a form on a page without referrer says; no header at all is no browser.
        return site == "same-origin" or (origin == "" and site == "")
    return origin in address.origins
