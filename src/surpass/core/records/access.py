"""Keys that clients of `surpass serve` show, as they are kept: never the secret itself."""

from typing import Literal

import msgspec

Scope = Literal["infer", "feedback", "admin"]


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key. The file that holds it belongs to one project, and so to one task."""

    id: str  # first part of what the client shows; stands in the journal
    name: str  # whose it is
    scopes: tuple[Scope, ...]
    secret_digest: str  # SHA-256 of the whole key, whose secret part has 256 random bits
    made: str  # ISO 8601, UTC
    expires: str | None = None  # the same; none: never
    revoked: str | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
