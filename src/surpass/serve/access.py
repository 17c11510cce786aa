"""Who may ask: keys, and where a request may come from."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import NamedTuple

from surpass.core.errors import BadInput
from surpass.core.records.access import Key, Scope
from surpass.serve.refusals import Refusal

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PREFIX = "surpass"
OPERATOR = "operator"  # id of the admin key that the environment gives
_LEAST_CHARACTERS, _LEAST_DIFFERENT = 32, 12


class Door(NamedTuple):
    """Where requests may come from."""

    hosts: frozenset[str]  # values of the Host header without port, in lower case
    origins: frozenset[str]
    open_to_all: bool  # bound to this machine only: while there are no keys, none is needed


def made_key(name: str, scopes: tuple[Scope, ...], *, now: str) -> tuple[str, Key]:
    """A new key: what the client shows, once, and what is kept."""
    identity = secrets.token_hex(4)
    shown = f"{PREFIX}_{identity}_{secrets.token_urlsafe(32)}"
    return shown, Key(id=identity, name=name, scopes=scopes, secret_digest=_digest(shown), made=now)


def admin_key(shown: str) -> Key:
    """The operator's own admin key, from the environment.

    Raises:
        BadInput: somebody could guess it.
    """
    if len(shown) < _LEAST_CHARACTERS or len(set(shown)) < _LEAST_DIFFERENT:
        raise BadInput(
            f"SURPASS_ADMIN_KEY is weak: {len(shown)} characters, {len(set(shown))} different; "
            f"at least {_LEAST_CHARACTERS} and {_LEAST_DIFFERENT} are needed.",
            fix="Make a better one: openssl rand -hex 32.",
        )
    return Key(id=OPERATOR, name=OPERATOR, scopes=("admin",), secret_digest=_digest(shown), made="")


def check_door(headers: Mapping[str, str], door: Door, *, has_body: bool) -> None:
    """Refuse what a page of another site makes a browser send.

    Raises:
        Refusal: a name that is not ours (DNS rebinding), a foreign origin, or no JSON.
    """
    host = _host_of(headers.get("host", ""))
    if host not in door.hosts:
        raise Refusal(
            421, "This server is not known under that name: see [serving] hosts.", "wrong_host"
        )
    origin = headers.get("origin")
    if origin is not None and origin.lower() not in door.origins:
        raise Refusal(403, "Pages of that site may not ask: see [serving] origins.", "wrong_origin")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and kind != "application/json":
        raise Refusal(415, "Send JSON, with Content-Type: application/json.", "not_json")


def caller(
    headers: Mapping[str, str], keys: Mapping[str, Key], scope: Scope, door: Door, *, now: str
) -> Key | None:
    """The key that a request shows; None: none is needed.

    Args:
        headers: Of the request, names in lower case.
        keys: By their id.
        scope: What is asked for.
        door: Where it came in.
        now: ISO 8601 in UTC, as `expires` is.

    Raises:
        Refusal: no key, a wrong one, or one that does not open this.
    """
    shown = headers.get("authorization", "")
    if shown[:7].lower() == "bearer ":
        shown = shown[7:].strip()
    needs_none = door.open_to_all and not _made(keys) and scope != "admin"
    key = _found(shown, keys)
    if key is None:
        if needs_none:  # OpenAI's clients always send some key
            return None
        raise Refusal(401, "Show a valid key: Authorization: Bearer …", "invalid_api_key")
    if key.revoked is not None or (key.expires is not None and key.expires <= now):
        raise Refusal(401, "The key is no longer valid.", "invalid_api_key")
    if scope not in key.scopes:
        raise Refusal(403, f"The key is not for `{scope}`.", "insufficient_scope")
    return key


def _made(keys: Mapping[str, Key]) -> bool:
    """Whether any key was ever made in the project: from then on all clients need one."""
    return any(name != OPERATOR for name in keys)


def _found(shown: str, keys: Mapping[str, Key]) -> Key | None:
    """The key whose secret this is; how long it takes does not depend on how near it is."""
    parts = shown.split("_", 2)
    named = parts[1] if len(parts) == 3 and parts[0] == PREFIX else OPERATOR
    key = keys.get(named)
    against = _NOBODY if key is None else key.secret_digest
    same = hmac.compare_digest(_digest(shown), against)
    return key if same else None


def _digest(shown: str) -> str:
    """Fast on purpose: the secret is drawn, not chosen, so nobody can try all of them."""
    return hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()


_NOBODY = _digest("")[::-1]  # no text is known that has it


def _host_of(header: str) -> str:
    """The name in a Host header, without its port."""
    if header.startswith("["):
        return header.partition("]")[0].lower() + "]"
    return header.partition(":")[0].lower()
