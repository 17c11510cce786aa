"""Records of targets as fields: one text a value."""

import json

import msgspec
import polars as pl

from surpass.data.json_rows import compact

_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def fields_of(targets: pl.Series) -> list[dict[str, str] | None]:
    """Each record's fields in their order, nested values as JSON; None where it is no JSON object.

    A field that is null counts as absent: it is left out.
    """
    return [_fields(text) for text in targets]


def _fields(text: str) -> dict[str, str] | None:
    try:
        record = _decode(text)
        values = {name: bytes(raw).decode() for name, raw in record.items()}
    except msgspec.DecodeError:
        return None
    return {name: _plain(raw) for name, raw in values.items() if raw != "null"}


def _plain(raw: str) -> str:
    return str(json.loads(raw)) if raw.startswith('"') else compact(raw)
