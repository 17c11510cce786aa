"""Texts as vectors whose angle says how alike they are: by their pieces, or by a model of words."""

import zlib
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

import numpy as np

from surpass.core.errors import BadInput
from surpass.measure.statistics import Floats

ENTRY_POINTS = "surpass.encoders"
PIECES = "pieces"
HUB = "hub:"

_PLACES = (
    4096  # so few pieces of different spelling share a place that cosines rise by a few points
)
_LENGTHS = range(2, 6)  # of pieces, in characters


class Encoder(Protocol):
    """Turns texts into vectors.

    A third party offers one under the entry point group `surpass.encoders`; the entry point names
    an object of this shape, or a class that makes one without arguments.
    """

    @property
    def signature(self) -> str:
        """What decides the vectors: name, version, digest of the weights."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector a text, shape (texts, dimensions), of any length.

        A vector of zeros stands for a text that says nothing, such as the empty one.
        """
        ...


class Pieces:
    """Counts of the runs of two to five characters within words; nothing is learned or fetched.

    A text has the same vector in any company, since each piece has its place by its hash.
    """

    signature = f"{PIECES}|n:2-5|places:{_PLACES}"

    def encode(self, texts: Sequence[str]) -> Floats:
        """Damped counts, 1 + log(count), each at its piece's place."""
        found = np.zeros((len(texts), _PLACES))
        for row, text in enumerate(texts):
            places = [zlib.crc32(piece) % _PLACES for piece in _pieces(text)]
            found[row] = np.bincount(places, minlength=_PLACES)[:_PLACES] if places else 0
        return np.where(found > 0, 1 + np.log(np.maximum(found, 1)), 0.0)


def encoder(name: str) -> Encoder:
    """The encoder of that name.

    Args:
        name: "pieces", the folder of a static model, the name of an installed encoder, or "hub:"
            and the id of a static model, which alone calls the network.

    Raises:
        BadInput: there is none, or the extra `embed` is missing.
    """
    if name == PIECES:
        return Pieces()
    folder = Path(name).expanduser()
    if name.startswith(HUB) or folder.is_dir():
        from surpass.measure.static_encoder import fetched, static_encoder  # the extra `embed`

        return static_encoder(fetched(name.removeprefix(HUB)) if name.startswith(HUB) else folder)
    installed = entry_points(group=ENTRY_POINTS)
    for entry in installed:
        if entry.name == name:
            found = entry.load()
            made: Encoder = found() if isinstance(found, type) else found
            return made
    known = ", ".join([PIECES, *(entry.name for entry in installed)])
    raise BadInput(
        f"There is no encoder {name!r}: {folder.absolute()} is not a folder.",
        fix=f"Name {known}, the folder of a static model, or `{HUB}` and a model's id.",
    )


def cosines(first: Floats, second: Floats) -> Floats:
    """Cosine of the angle between vectors of the same row, shape (rows,); 0 where one is zeros."""
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    products = np.einsum("ij,ij->i", first, second)
    found = np.zeros(len(products))
    np.divide(products, lengths, out=found, where=lengths > 0)
    return found


def _pieces(text: str) -> list[bytes]:
    """Runs of characters of each word, a blank put at both of its ends."""
    words = [f" {word} " for word in text.casefold().split()]
    return [
        word[start : start + length].encode("utf-8", "surrogatepass")
        for word in words
        for length in _LENGTHS
        for start in range(len(word) - length + 1)
    ]
