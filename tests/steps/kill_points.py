"""Run `go` and `release` in children that kill themselves at the n-th rename, then to the end.

    python kill_points.py FOLDER EVERY

Every child is a fork of one process that has imported everything. The n-th child works in a project
of its own and dies, as by kill -9, just before (n even) or just after (n odd) its n-th rename; then
another child goes on to the end. Prints a JSON object a line: n, whether it was killed, and the
headline, the ledger's kinds, the released folder and the left-over files of the finished project.
"""

import json
import os
import shutil
import signal
import sys
from functools import partial
from pathlib import Path

from surpass.core.progress import Silent
from surpass.release.folder import damage
from surpass.steps.go import Ears, go
from surpass.steps.project import open_project
from surpass.steps.releasing.read import champion
from surpass.steps.releasing.release import Wish, release


def main() -> None:
    folder, every = Path(sys.argv[1]), int(sys.argv[2])
    _forked(
        lambda: _finish(folder / "template"), folder / "template.out"
    )  # imports all, is not killed
    number = 0
    while True:
        place = folder / f"killed-{number}"
        shutil.copytree(folder / "template", place, ignore=_results)
        killed = _forked(partial(_die_at, number, place), folder / "out")
        _forked(partial(_finish, place), folder / "out")
        said = json.loads((folder / "out").read_text(encoding="utf-8"))
        print(json.dumps({"n": number, "killed": killed, **said}), flush=True)
        shutil.rmtree(place)
        if not killed:
            return
        number += every


def _results(_: str, names: list[str]) -> list[str]:
    kept = {"rows.csv", "surpass.toml"}
    return [name for name in names if name not in kept]


def _forked(work, out: Path) -> bool:
    """Whether the child died of SIGKILL; what it returned is in `out`."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            out.write_text(json.dumps(work()), encoding="utf-8")
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        sys.exit(f"a child failed: {status}")
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _die_at(number: int, place: Path) -> dict:
    """Go, and die at the n-th rename."""
    seen = 0

    def dying(original):
        def rename(*args, **more):
            nonlocal seen
            if seen == number and number % 2 == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            original(*args, **more)
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

        return rename

    os.rename, os.replace = dying(os.rename), dying(os.replace)
    return _finish(place)


def _finish(place: Path) -> dict:
    project = open_project(place)
    account = go(project, Ears(Silent(), lambda said: None, lambda proposal: True))
    release(project, Wish(by="Ann", force=True, reason="to be killed"), Silent())
    return {
        "headline": account.headline,
        "damage": damage(champion(project).folder),
        "releases": len(list((place / ".surpass" / "releases").iterdir())),
        "kinds": [type(entry.body).__name__ for _, entry in project.ledger.entries()],
        "left": sorted(str(p.relative_to(place)) for p in place.rglob("*.tmp")),
    }


if __name__ == "__main__":
    main()
