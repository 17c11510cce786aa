"""The machine, the clock and the process environment; read here and nowhere else."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from surpass.core.errors import BadInput
from surpass.core.secret import Secret

CACHE_VARIABLE = "SURPASS_CACHE"
THREADS_VARIABLE = "SURPASS_THREADS"


def now() -> str:
    """The present moment, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def moment() -> datetime:
    """The present moment in UTC, to the microsecond."""
    return datetime.now(UTC)


def cache_folder() -> Path:
    """Where converted base models are kept; SURPASS_CACHE overrides the user's cache folder."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("surpass")


def threads() -> int:
    """Processor cores to compute with; SURPASS_THREADS overrides what the system allows us."""
    if named := os.environ.get(THREADS_VARIABLE, ""):
        if not named.isdecimal() or int(named) < 1:
            raise BadInput(
                f"{THREADS_VARIABLE} is {named!r}.", fix="Set it to a number of cores, such as 2."
            )
        return int(named)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share_cores() -> None:
    """Be a good neighbour on this machine; call it before torch is imported.

    Threads sleep while they wait: spinning costs most of the speed as soon as anything else runs.
    oneDNN keeps compiled products for 256 shapes, not 1,024: rows come in ever new lengths.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "256")


def processor() -> str:
    """The processor's model name, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def user_name() -> str:
    """Who decides, for the answers file."""
    return os.environ.get("SURPASS_USER") or os.environ.get("USER") or "someone"


def label_studio() -> tuple[str | None, Secret | None]:
    """Address and token of the operator's Label Studio, under the names that its own client reads.

    From the environment alone: a project's files name no host and hold no secret.
    """
    token = os.environ.get("LABEL_STUDIO_API_KEY")
    return os.environ.get("LABEL_STUDIO_URL") or None, Secret(token) if token else None


def hook_secret() -> Secret | None:
    """What a webhook of the operator's Label Studio must know to be heard."""
    found = os.environ.get("SURPASS_HOOK_SECRET")
    return Secret(found) if found else None


def allowed_tracker() -> str | None:
    """The MLflow server that the user's environment names, as its own client reads it."""
    return os.environ.get("MLFLOW_TRACKING_URI") or None


def journal_address() -> Secret | None:
    """Where the operator keeps the journal, if not in the project: a PostgreSQL address."""
    address = os.environ.get("SURPASS_JOURNAL")
    return Secret(address) if address else None


def admin_secret() -> Secret | None:
    """The operator's own key for what only operators may do at the server."""
    found = os.environ.get("SURPASS_ADMIN_KEY")
    return Secret(found) if found else None


def secret_named(name: str) -> Secret | None:
    """The secret in the environment variable that the settings name."""
    found = os.environ.get(name)
    return Secret(found) if found else None


def webhook() -> tuple[Secret | None, Secret | None, bool]:
    """Where alerts are sent, the key that signs them, and whether the place may be a private one.

    From the environment alone, as for label_studio; the address is often a secret itself.
    """
    address, key = os.environ.get("SURPASS_WEBHOOK_URL"), os.environ.get("SURPASS_WEBHOOK_KEY")
    private = os.environ.get("SURPASS_WEBHOOK_PRIVATE") == "1"
    return Secret(address) if address else None, Secret(key) if key else None, private
