"""What `surpass pack` and `surpass unpack` write and say."""

import msgspec


class PackedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a pack."""

    digest: str  # SHA-256
    size: int  # bytes


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """surpass-pack.json, the first entry of a pack: everything that is in it, and nothing else."""

    format: str
    task: str
    at: str  # ISO 8601, UTC
    heads: tuple[str, ...]  # of the ledger
    files: dict[str, PackedFile]  # path inside the project, with `/`


class PackData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass pack` and `surpass unpack`."""

    file: str
    folder: str  # of the project
    files: int  # in the pack
    size: int  # of these files, bytes
    changed: int  # files that were written
