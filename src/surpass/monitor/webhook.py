"""Send a signed message to the operator's address, and to no address inside their network."""

import http.client
import ipaddress
import socket
import ssl
from typing import NamedTuple
from urllib.parse import urlsplit

from surpass.core.errors import BadInput, BadMachine
from surpass.monitor.message import Signed

SIGNATURE = "X-Surpass-Signature"
_TIMEOUT_SECONDS = 10.0


class Target(NamedTuple):
    """Where to send to: the address that was checked is the one that is called."""

    host: str
    port: int
    path: str
    secure: bool
    address: str


def target_of(url: str, *, private: bool) -> Target:
    """Resolve and check an address.

    Args:
        url: http or https; a name or password inside it is refused.
        private: Addresses of this machine and its network are allowed, and plain http.

    Raises:
        BadInput: it is no such address, or one that is not allowed.
        BadMachine: its name cannot be resolved.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("it is no address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _refused("it must begin with https:// and name a host")
    if parts.username or parts.password:
        raise _refused("it holds a name or a password")
    if parts.scheme == "http" and not private:
        raise _refused("http is not encrypted")
    port = port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    addresses = _resolved(parts.hostname, port)
    for address in addresses:
        if not private and not ipaddress.ip_address(address.partition("%")[0]).is_global:
            raise _refused("it leads into a private network")
    return Target(parts.hostname, port, path, parts.scheme == "https", addresses[0])


def post(target: Target, message: Signed) -> None:
    """Send it; redirects are not followed.

    Raises:
        BadMachine: it could not be delivered.
    """
    headers = {"Content-Type": "application/json", SIGNATURE: message.signature}
    connection = _Checked(target)
    try:
        connection.request("POST", target.path, body=message.body, headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise BadMachine(
            f"The alert did not reach the webhook: {type(error).__name__}.",
            fix="Mend SURPASS_WEBHOOK_URL; the alert stands in .surpass/alerts and on this page.",
        ) from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise BadMachine(
            f"The webhook answered with status {status}.",
            fix="Look at its own log; the alert stands in .surpass/alerts and on this page.",
        )


class _Checked(http.client.HTTPConnection):
    """Connects to the checked address, whatever the name resolves to by now."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=_TIMEOUT_SECONDS)
        self._target = target

    def connect(self) -> None:
        """Open the connection, encrypted where the address says so."""
        plain = socket.create_connection((self._target.address, self.port), _TIMEOUT_SECONDS)
        secure = self._target.secure
        context = ssl.create_default_context() if secure else None
        self.sock = (
            plain if context is None else context.wrap_socket(plain, server_hostname=self.host)
        )


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadMachine(
            "The webhook's host cannot be found.", fix="Mend SURPASS_WEBHOOK_URL, or the network."
        ) from None
    return [str(one[4][0]) for one in found]


def _refused(why: str) -> BadInput:
    return BadInput(
        f"The webhook's address is refused: {why}.",
        fix="Set SURPASS_WEBHOOK_URL to a public https address, or SURPASS_WEBHOOK_PRIVATE=1 if "
        "yours is inside your network.",
    )
