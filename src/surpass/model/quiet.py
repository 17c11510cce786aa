"""Keep libraries from drawing bars and writing warnings between our own lines."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

from transformers.utils import logging


@contextmanager
def quietly() -> Iterator[None]:
    """Silence transformers for a while; what was set before is set again.

    For the whole process, so only around reading and writing of models.
    """
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        # the reader of GGUF draws its bar past transformers' own switch (modeling_gguf, tqdm)
        with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
