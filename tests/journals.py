"""Entries for journals under test, and a PostgreSQL of one's own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from surpass.core.records.journal import Entry, Exposure, Feedback, Finished, Started

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def started(number: int, *, unit: str = "u", at: datetime | None = None, **more) -> Started:
    return Started(
        request=f"r{number:04d}",
        task="small",
        at=at or NOON + timedelta(seconds=number),
        unit=unit,
        model="champion",
        release="small@0123456789ab",
        **more,
    )


def finished(number: int, **more) -> Finished:
    return Finished(request=f"r{number:04d}", status="finished", **more)


def voted(number: int, *, unit: str = "u", at: datetime | None = None, **more) -> Feedback:
    return Feedback(
        feedback=f"f{number:04d}-{unit}",
        name="helpful",
        unit=unit,
        at=at or NOON + timedelta(days=2),
        request=f"r{number:04d}",
        **more,
    )


def met(unit: str, arm: str = "challenger") -> Exposure:
    return Exposure(experiment="e", unit=unit, arm=arm, share=0.5, at=NOON, request="r0001")


def a_day() -> list[Entry]:
    """What may happen in a day, hostile texts among it."""
    return [
        started(1, input="naïve \0 \ud800 漢 </script>", session="s", key="k"),
        started(2, unit="v", experiment="e", arm="champion"),
        started(3),
        finished(1, output="'; DROP TABLE requests; --", label="bill", confidence=0.5, cost=0.25),
        finished(2, latency_ms=1.5, first_token_ms=1.25, input_tokens=2**40, output_tokens=0),
        voted(1, value=1.0, comment="good"),
        voted(2, unit="v", label="bill"),
        met("u"),
        met("v", "champion"),
        met("u", "champion"),
    ]


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres; distributions keep them off the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in folders if (one / "pg_ctl").exists()), None)


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """Run PostgreSQL in a folder of its own; gives its address. It refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="surpass-pg-"))
    user = {"user": "nobody"} if os.getuid() == 0 else {}
    if user:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    data = folder / "data"

    def run(*words: str) -> None:
        subprocess.run(
            [str(programs / words[0]), *words[1:]],
            check=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **user,
        )

    try:
        run("initdb", "-D", str(data), "-U", "surpass", "-A", "trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "-D", str(data), "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://surpass@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
