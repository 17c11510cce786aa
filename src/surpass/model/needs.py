"""The model room needs packages that the core does not: say so in one sentence."""

import importlib.util
import logging
from collections.abc import Sequence

from surpass.core.errors import BadMachine


def require_packages(names: Sequence[str]) -> None:
    """Check that packages can be imported, without importing them.

    Raises:
        BadMachine: one of them is not installed.
    """
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise BadMachine(
            f"Language models need {', '.join(missing)}, which is not installed.",
            fix="Run `pip install 'surpass[train]'`.",
        )


def hush_bitsandbytes() -> None:
    """Keep bitsandbytes, which PEFT imports, from telling of kernels that it did not find."""
    # bitsandbytes 0.50, backends/cpu/ops.py: a warning at each import; ours asks for no such kernel
    logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
