"""Bytes of a file as text: UTF-8 and UTF-16 as they say, everything else guessed with a warning."""

import codecs
import difflib
import re
from pathlib import Path

from charset_normalizer import from_bytes

from surpass.core.errors import BadInput

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet")
_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ARCHIVES = (
    (b"PK\x03\x04", "a ZIP or Excel file", "Save the sheet as CSV, or unpack it."),
    (b"\x1f\x8b", "a gzip file", "Unpack it with `gunzip`."),
    (b"PAR1", "a Parquet file", "Name it .parquet."),
)
_WESTERN = "cp1252"
_WESTERN_SHARE = 0.15  # up to this share of bytes over 127 a text is in Latin letters
_OTHERS = ["cp1251", "shift_jis", "gb18030", "euc_kr", "big5", "cp1253", "cp1255", "cp1256"]
_SAMPLE_BYTES = 200_000
_NUL_SHARE = 0.05  # from this share of NUL bytes on, it is no UTF-8 text


def read_text(path: Path) -> tuple[str, tuple[str, ...]]:
    """The file's text and warnings about how it was read.

    Raises:
        BadInput: missing, a folder, unreadable, empty, or not text.
    """
    content = _read_bytes(path)
    for mark, what, fix in _ARCHIVES:
        if content.startswith(mark):
            raise BadInput(f"{path} is {what}, not text.", fix=fix)
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    if encoding.startswith("utf-8") and content.count(0) > _NUL_SHARE * len(content):
        raise BadInput(
            f"{path} is not text: {content.count(0)} of its {len(content)} bytes are NUL.",
            fix="If it is UTF-16 without a mark, save it as UTF-8.",
        )
    try:
        return content.decode(encoding), ()
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise BadInput(
                f"{path} is marked as {encoding} but is not (byte {error.start}).",
                fix="Save it as UTF-8.",
            ) from None
        return _guessed(content, error.start, path)


def require_file(path: Path) -> None:
    """Refuse what is not there and what is a folder, with the nearest name that is there.

    Raises:
        BadInput: missing, or a folder.
    """
    if path.is_dir():
        inside = sorted(part.name for part in path.iterdir() if part.suffix.lower() in ENDINGS)
        such = f", such as {path / inside[0]}" if inside else ""
        raise BadInput(f"{path} is a folder.", fix=f"Name a file in it{such}.")
    if not path.exists():
        there = [part.name for part in path.parent.iterdir()] if path.parent.is_dir() else []
        close = difflib.get_close_matches(path.name, there, n=1)
        fix = f"Did you mean {path.parent / close[0]}?" if close else "Check the name and folder."
        raise BadInput(f"There is no file {path}.", fix=fix)


def _read_bytes(path: Path) -> bytes:
    require_file(path)
    try:
        content = path.read_bytes()
    except PermissionError:
        raise BadInput(f"{path} may not be read by you.", fix="Change its permissions.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", fix="Copy it here.") from None
    if not content.strip():
        raise BadInput(f"{path} is empty.", fix="Name a file with rows.")
    return content


def _guessed(content: bytes, first_bad: int, path: Path) -> tuple[str, tuple[str, ...]]:
    """Decode what is not UTF-8; Western European where only few letters are not ASCII."""
    line = content.count(b"\n", 0, first_bad) + 1
    if b"\0" in content or re.search(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", content):
        raise BadInput(
            f"{path}:{line} holds bytes that are no text in any encoding.",
            fix="Name a CSV, TSV, JSONL, JSON or Parquet file.",
        )
    sample = b"\n".join(part for part in content.split(b"\n") if not part.isascii())[:_SAMPLE_BYTES]
    high = sum(byte > 127 for byte in sample)
    best = (
        None
        if high <= _WESTERN_SHARE * len(sample)
        else from_bytes(sample, cp_isolation=_OTHERS).best()
    )
    encoding = best.encoding if best else _WESTERN
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "latin-1", content.decode("latin-1")
    warning = (
        f"{path}:{line} is not UTF-8; the file was read as {encoding}, which is a guess. "
        "If letters look wrong, save it as UTF-8."
    )
    return text, (warning,)
