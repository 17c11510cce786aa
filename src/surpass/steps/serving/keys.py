"""surpass key: make keys for clients, withdraw them, list them."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple, get_args

import msgspec

from surpass.core.account import Account, Chapter, Table
from surpass.core.environment import now
from surpass.core.errors import BadInput
from surpass.core.records.access import Key, Scope
from surpass.serve.access import made_key
from surpass.steps.project import Project
from surpass.store.keys import KeyFile

SCOPES: tuple[Scope, ...] = get_args(Scope)


class KeyMade(msgspec.Struct, frozen=True, kw_only=True):
    """What a program needs of a new key."""

    id: str
    key: str  # the secret itself, shown this once


class KeyWish(NamedTuple):
    """What a new key may do."""

    name: str
    scopes: tuple[Scope, ...] = ("infer", "feedback")
    days: int | None = None  # none: until it is withdrawn
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


def add_key(project: Project, wish: KeyWish) -> Account:
    """Make a key; its secret is shown once and kept nowhere.

    Raises:
        BadInput: no name, or a limit that is none.
    """
    for limit in (wish.days, wish.requests_per_minute, wish.tokens_per_minute):
        if limit is not None and limit < 1:
            raise BadInput(f"{limit} is no limit.", fix="Name 1 or more, or leave it out.")
    if not wish.name.strip():
        raise BadInput("The key has no name.", fix="Name whose it is: `surpass key add web-shop`.")
    moment = now()
    shown, key = made_key(wish.name, wish.scopes, now=moment)
    expires = None if wish.days is None else _after(moment, wish.days)
    key = msgspec.structs.replace(
        key,
        expires=expires,
        requests_per_minute=wish.requests_per_minute,
        tokens_per_minute=wish.tokens_per_minute,
    )
    file = KeyFile(project.folder)
    with file.changing() as keys:
        file.put({**keys, key.id: key})
    return Account(
        title="Key",
        headline=f"The key of {key.name} is {shown}",
        text=("It is shown this once; a running server knows it already.",),
        data=KeyMade(id=key.id, key=shown),
    )


def revoke_key(project: Project, identity: str) -> Account:
    """Withdraw a key; a running server refuses it from the next request on.

    Raises:
        BadInput: there is none of that id.
    """
    file = KeyFile(project.folder)
    with file.changing() as keys:
        if identity not in keys:
            known = f"Name one of: {', '.join(keys)}."
            raise BadInput(
                f"There is no key {identity!r}.",
                fix=known if keys else "Make one: `surpass key add NAME`.",
            )
        revoked = msgspec.structs.replace(keys[identity], revoked=now())
        file.put({**keys, identity: revoked})
    return Account(title="Key", headline=f"The key {identity} of {revoked.name} is withdrawn.")


def list_keys(project: Project) -> Account:
    """All keys, without their secrets."""
    keys = KeyFile(project.folder).keys()
    columns = ("id", "name", "for", "requests a minute", "tokens a minute", "until", "standing")
    rows = tuple(_row(key) for key in keys.values())
    return Account(
        title="Keys",
        headline=f"{len(keys)} keys." if keys else "There is no key yet.",
        chapters=(Chapter(title="", tables=(Table(title="", columns=columns, rows=rows),)),)
        if keys
        else (),
        next_command="" if keys else "surpass key add NAME",
    )


def _row(key: Key) -> tuple[str, ...]:
    standing = "in force"
    if key.revoked is not None:
        standing = f"withdrawn {key.revoked}"
    elif key.expires is not None and key.expires <= now():
        standing = "expired"
    limits = (key.requests_per_minute, key.tokens_per_minute)
    told = tuple("no limit" if limit is None else str(limit) for limit in limits)
    return (key.id, key.name, ", ".join(key.scopes), *told, key.expires or "withdrawn", standing)


def _after(moment: str, days: int) -> str:
    then = datetime.fromisoformat(moment).astimezone(UTC) + timedelta(days=days)
    return then.isoformat(timespec="seconds")
