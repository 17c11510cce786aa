"""Personal links: the secret is shown once and kept only as a digest."""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from surpass.core.digest import digest_text
from surpass.core.records.rating import Link

SECRET_BYTES = 24
"""192 bits from the system's source; 128 would do."""


def new_secret() -> str:
    """A secret for one link, 32 characters that need no escaping in an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def link_for(secret: str, rater: str, queue: str, *, now: str, days: int) -> Link:
    """The link that this secret opens, for so many days."""
    expires_at = (datetime.fromisoformat(now) + timedelta(days=days)).isoformat(timespec="seconds")
    return Link(rater=rater, queue=queue, digest=digest_text(secret), expires_at=expires_at)


def opened(links: Iterable[Link], secret: str, queue: str, *, now: str) -> Link | None:
    """The link of the queue that the secret opens now; none if unknown, revoked or expired.

    Every link is compared, and in constant time: the time taken tells nothing about any of them.
    """
    digest = digest_text(secret)
    fitting = [link for link in links if hmac.compare_digest(link.digest, digest)]
    moment = datetime.fromisoformat(now)
    usable = [
        link
        for link in fitting
        if link.queue == queue
        and link.revoked_at is None
        and datetime.fromisoformat(link.expires_at) > moment
    ]
    return usable[0] if usable else None


def revoked(links: Iterable[Link], rater: str, *, now: str) -> tuple[Link, ...]:
    """The same links, none of which lets this rater in any more."""
    return tuple(
        msgspec.structs.replace(link, revoked_at=now)
        if link.rater == rater and link.revoked_at is None
        else link
        for link in links
    )
