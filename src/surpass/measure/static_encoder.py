"""Vectors of a static model, a table of word vectors, as the library model2vec reads it."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np

from surpass.core.digest import digest_file, digest_record, short
from surpass.core.errors import BadInput, BadMachine
from surpass.measure.statistics import Floats

try:
    import model2vec
except ImportError as error:
    raise BadInput(
        "An encoder with word vectors needs the library model2vec, which is not installed.",
        fix="Run `pip install 'surpass[embed]'`, or use the encoder `pieces`.",
    ) from error

_DEFINING = ("model.safetensors", "tokenizer.json", "config.json")


class StaticEncoder(msgspec.Struct, frozen=True, kw_only=True):
    """The mean of the vectors of a text's words."""

    signature: str
    model: model2vec.StaticModel

    def encode(self, texts: Sequence[str]) -> Floats:
        """Means of whole texts: no word is cut off, and no process is started."""
        found = self.model.encode(list(texts), max_length=None, use_multiprocessing=False)
        return np.asarray(found, dtype=np.float64).reshape(len(texts), -1)


def static_encoder(folder: Path) -> StaticEncoder:
    """The model in a folder that `save_pretrained` of model2vec wrote; read once a process.

    Raises:
        BadInput: files are missing, or cannot be read.
    """
    missing = [name for name in _DEFINING if not (folder / name).is_file()]
    if missing:
        raise BadInput(
            f"{folder} is no static model: it has no {' and no '.join(missing)}.",
            fix="Name a folder that `save_pretrained` of model2vec wrote.",
        )
    return _read(folder, digest_record([digest_file(folder / name) for name in _DEFINING]))


@lru_cache(maxsize=2)
def _read(folder: Path, digest: str) -> StaticEncoder:
    try:
        model = model2vec.StaticModel.from_pretrained(folder)
    except Exception as error:  # noqa: BLE001 (tokenizers raises bare Exception)
        raise BadInput(
            f"The static model in {folder} cannot be read: {str(error).splitlines()[0]}",
            fix="Save it again with `save_pretrained` of model2vec.",
        ) from None
    return StaticEncoder(
        signature=f"model2vec:{model2vec.__version__}|weights:{short(digest)}", model=model
    )


def fetched(name: str) -> Path:
    """The folder of a static model of the hub, from its cache if it is there.

    Raises:
        BadMachine: it is not in the cache and cannot be fetched.
    """
    from huggingface_hub import snapshot_download  # takes as long to load as all the rest
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        return Path(snapshot_download(name, allow_patterns=list(_DEFINING)))
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise BadMachine(
            f"The static model {name} cannot be fetched ({type(error).__name__}).",
            fix="Check its id and the network, or name a folder.",
        ) from None
