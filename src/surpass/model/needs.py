"""The model room needs packages that the core does not: say so in one sentence."""

import importlib.util
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
