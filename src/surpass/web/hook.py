"""The one address that a Label Studio may call: it says that something is new, and nothing else."""

import hashlib
import hmac
from collections.abc import Callable

from surpass.core.secret import Secret
from surpass.web.exchange import Address, Request, Response, refusal

PATH = "/hooks/label-studio"
HEADER = "X-Surpass-Secret"
_PLAIN = "text/plain; charset=utf-8"


def respond(
    hint: Callable[[], None], secret: Secret, address: Address, request: Request
) -> Response:
    """Answer a call at once; the body is not read, and whatever is done is done later.

    Args:
        hint: Called for a call that knows the secret.
        secret: That the header must have.
        address: By which names the server goes.
        request: The call.
    """
    refused = refusal(request, address)
    if refused is not None:
        return refused
    if request.path != PATH:
        return Response(404, b"There is nothing here.", _PLAIN)
    if request.method != "POST":
        return Response(405, b"Only POST.", _PLAIN)
    if not _knows(request.headers.get(HEADER.lower(), ""), secret):
        return Response(401, f"The header {HEADER} is missing or wrong.".encode(), _PLAIN)
    hint()
    return Response(202, b"Noted.", _PLAIN)


def _knows(given: str, secret: Secret) -> bool:
    """Whether both are the same, in a time that tells neither how far nor how long they are."""
    return hmac.compare_digest(_digest(given), _digest(secret.reveal()))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
