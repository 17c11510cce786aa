"""Folders of rows: texts in sub-folders that name their label, and saved Hugging Face datasets."""

from pathlib import Path

import msgspec
import polars as pl

from surpass.core.digest import digest_bytes, digest_file
from surpass.core.errors import BadInput
from surpass.data.decode import read_text, require_file
from surpass.data.rows import Rows, rows_of

_TEXTS = {".txt", ".md"}
_ARROW = "*.arrow"
_INFO = "dataset_info.json"


class _Feature(msgspec.Struct, frozen=True):
    """What dataset_info.json says of one column, as far as it matters here."""

    names: list[str] | None = None  # of a ClassLabel, in the order of its numbers


class _Info(msgspec.Struct, frozen=True):
    features: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)


class _Splits(msgspec.Struct, frozen=True):
    splits: list[str]


def read_folder(path: Path, name: str) -> Rows:
    """Rows of a folder that holds no Parquet file.

    Args:
        path: The folder.
        name: How errors and sources call it.

    Raises:
        BadInput: it is neither a saved dataset nor a folder of texts.
    """
    if (path / "dataset_dict.json").is_file():
        raise _several_splits(path)
    if any(path.glob(_ARROW)):
        return rows_of(_with_labels(_read_arrow(path), path), name)
    if _texts(path):
        return _read_texts(path, name)
    require_file(path)
    raise BadInput(f"{path} holds no rows.", fix="Name a file with rows.")  # pragma: no cover


def digest_rows(path: Path) -> str:
    """Digest of a file, or of the digests of a folder's files in order of their names.

    Raises:
        FileNotFoundError: there is no such file, nor a file of rows in such a folder.
    """
    if not path.is_dir():
        return digest_file(path)
    flat = sorted(path.glob("*.parquet"))
    if not flat and any(path.glob(_ARROW)):  # the names of labels stand in dataset_info.json
        flat = sorted([*path.glob(_ARROW), *path.glob(_INFO)])
    if flat:
        return digest_bytes("".join(map(digest_file, flat)).encode())
    texts = _texts(path)
    if not texts:
        raise FileNotFoundError(path)
    lines = [f"{text.relative_to(path).as_posix()}\0{digest_file(text)}\n" for text in texts]
    return digest_bytes("".join(lines).encode())


def _several_splits(path: Path) -> BadInput:
    named = msgspec.json.decode((path / "dataset_dict.json").read_bytes(), type=_Splits).splits
    first = path / (named[0] if named else "train")
    return BadInput(
        f"{path} holds a dataset of several splits: {', '.join(named)}.",
        fix=f"Name the folder of one, such as {first}, and the others under [data] valid and test.",
    )


def _read_arrow(path: Path) -> pl.DataFrame:
    """The shards that `Dataset.save_to_disk` wrote, in order: Arrow streams."""
    try:
        parts = [pl.read_ipc_stream(file) for file in sorted(path.glob(_ARROW))]
        frame = pl.concat(parts, how="diagonal_relaxed")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput(
            f"{path} is not a readable dataset: {str(error).partition(chr(10))[0]}.",
            fix='Write it as Parquet with `dataset.to_parquet("rows.parquet")` and name that.',
        ) from None
    if frame.is_empty():
        raise BadInput(f"{path} has no rows.", fix="Name a folder with rows.")
    return frame


def _with_labels(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Numbers of a ClassLabel become the names that dataset_info.json gives them; -1 is missing."""
    for name, names in _class_labels(path).items():
        if name in frame.columns and frame[name].dtype.is_integer():
            numbers = frame[name].to_list()
            texts = [names[n] if n is not None and 0 <= n < len(names) else None for n in numbers]
            frame = frame.with_columns(pl.Series(name, texts, dtype=pl.String))
    return frame


def _class_labels(path: Path) -> dict[str, list[str]]:
    info = path / _INFO
    if not info.is_file():
        return {}
    found: dict[str, list[str]] = {}
    try:
        for name, raw in msgspec.json.decode(info.read_bytes(), type=_Info).features.items():
            if bytes(raw).startswith(b"{"):
                names = msgspec.json.decode(raw, type=_Feature).names
                found |= {name: names} if names else {}
    except msgspec.DecodeError:
        raise BadInput(f"{info} is damaged.", fix="Save the dataset again.") from None
    return found


def _texts(path: Path) -> list[Path]:
    """Text files in the folder and its sub-folders, in order of their names."""
    found = (file for file in path.rglob("*") if file.suffix.lower() in _TEXTS and file.is_file())
    hidden = [f for f in found if not any(p.startswith(".") for p in f.relative_to(path).parts)]
    return sorted(hidden, key=lambda file: file.relative_to(path).as_posix())


def _read_texts(path: Path, name: str) -> Rows:
    """One row a file: its path as `id`, its `text`, and the name of its sub-folder as `label`."""
    names, texts, labels = [], [], []
    warnings: list[str] = []
    for file in _texts(path):
        inside = file.relative_to(path)
        text, said = read_text(file)
        names.append(inside.as_posix())
        texts.append(text.rstrip("\r\n"))
        labels.append(inside.parent.as_posix() if len(inside.parts) > 1 else None)
        warnings += said
    if None in labels:
        lone = names[labels.index(None)]
        raise BadInput(
            f"{path / lone} lies in no sub-folder, so nothing says what its answer is.",
            fix="Put each text into a folder that is named like its label, or write a CSV file.",
        )
    frame = pl.DataFrame({"id": names, "text": texts, "label": labels})
    lines = pl.Series("line", range(1, frame.height + 1), dtype=pl.UInt32)
    return Rows(file=name, frame=frame, lines=lines, warnings=tuple(warnings))
