"""Projects with tasks for three raters: two invented models, no language model at all."""

import json
from pathlib import Path
from typing import NamedTuple

from surpass.core.records.rating import Preferred
from surpass.steps.project import open_project
from surpass.steps.rating.desk import Desk
from surpass.steps.rating.start import Wanted, start

SETTINGS = """
[task]
name = "orders"
kind = "generate"
[data]
train = ["rows.csv"]
[rating]
items = {items}
raters = {raters}
scaled = {scaled}
"""


class Rated(NamedTuple):
    """A project's folder and the secrets of its raters' links."""

    folder: Path
    secrets: list[str]


def rated(folder: Path, texts: list[str], *, scaled: int = 2, raters: int = 3) -> Rated:
    """A project whose models are asked `texts` and answer with them too."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "surpass.toml").write_text(
        SETTINGS.format(items=len(texts), scaled=scaled, raters=raters)
    )
    files = []
    for name in ("model-one", "model-two"):
        rows = [
            {
                "id": f"row{n}",
                "input": text,
                "answer": f"{text} {name[6:]}",
                "expected": f"{n}{text}",
            }
            for n, text in enumerate(texts)
        ]
        path = folder / f"{name}.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        files.append(path)
    started = start(open_project(folder), Wanted(files=(files[0], files[1])))
    return Rated(folder, list(started.secrets.values()))


def answer_all(folder: Path, secrets: list[str], *, prefers: str) -> None:
    """Each of these raters prefers one model in every comparison that is left to them."""
    desk = Desk(folder)
    for secret in secrets:
        while (task := desk.screen(secret).task) is not None:
            choice = "left" if task.behind.left == prefers else "right"
            desk.say(secret, task.id, Preferred(choice=choice), seconds=1.0, comment="")
