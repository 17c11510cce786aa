"""Names made from content: the same bytes or the same record always get the same digest."""

import hashlib
from pathlib import Path

import msgspec

_CHUNK_BYTES = 1 << 20


def digest_bytes(content: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest_text(text: str) -> str:
    """SHA-256 of the UTF-8 bytes."""
    return digest_bytes(text.encode("utf-8", "surrogatepass"))


def digest_record(record: object) -> str:
    """SHA-256 of the record's JSON with sorted keys."""
    return digest_bytes(canonical_json(record))


def digest_file(path: Path) -> str:
    """SHA-256 of a file, read in chunks."""
    state = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            state.update(chunk)
    return state.hexdigest()


def canonical_json(record: object) -> bytes:
    """JSON with sorted keys and no spaces: equal records give equal bytes."""
    return msgspec.json.encode(record, order="sorted")


def short(digest: str) -> str:
    """The first 12 digits, enough for people to compare."""
    return digest[:12]
