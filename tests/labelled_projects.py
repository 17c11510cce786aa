"""Projects whose rows people label, one for each form of the page; no language model at all."""

import json
from pathlib import Path
from typing import NamedTuple

from surpass.core.records.rating import (
    Draft,
    Filled,
    Label,
    Labelled,
    Marked,
    Record,
    Task,
    Written,
)
from surpass.steps.labelling.desk import LabelDesk
from surpass.steps.labelling.start import Wanted, start
from surpass.steps.project import Project, open_project

SETTINGS = """
[task]
name = "orders"
kind = "{kind}"
output = "{output}"
{closed}
[data]
train = ["rows.jsonl"]
id = "id"
group = "customer"
[labelling]
rows = {rows}
annotators = {annotators}
overlap = {overlap}
{more}
"""
PLACES = ("kitchen", "attic", "cellar")


class Labelling(NamedTuple):
    """A project's folder and the secrets of its annotators' links."""

    folder: Path
    secrets: list[str]

    @property
    def project(self) -> Project:
        return open_project(self.folder)

    @property
    def desk(self) -> LabelDesk:
        """A new desk: it knows what is on disk."""
        return LabelDesk(self.folder)


def targets(form: str, text: str, number: int) -> object:
    """An expected answer that the form can give."""
    match form:
        case "label":
            return ("bill", "move", "outage")[number % 3]
        case "record":
            return {"topic": ("bill", "move")[number % 2], "place": f"{text[:9]} {number}"}
        case "spans":
            return [{"type": ("PER", "ORG")[number % 2], "start": 0, "end": 3, "text": text[:3]}]
        case _:
            return f"We will answer: {text}"


KINDS = {
    "label": ("classify", "intent"),
    "record": ("extract", "record"),
    "spans": ("extract", "spans"),
    "draft": ("generate", "reply"),
}


def project_of(
    folder: Path,
    texts: list[str],
    form: str = "label",
    *,
    annotators: int = 2,
    overlap: float = 0.5,
    more: str = "",
    labels: tuple[str, ...] = (),
) -> Project:
    """A project with one row a text."""
    folder.mkdir(parents=True, exist_ok=True)
    kind, output = KINDS[form]
    settings = SETTINGS.format(
        kind=kind,
        output=output,
        closed=f"labels = {json.dumps(labels, ensure_ascii=False)}" if labels else "",
        rows=len(texts),
        annotators=annotators,
        overlap=overlap,
        more=more,
    )
    (folder / "surpass.toml").write_text(settings, encoding="utf-8")
    rows = [
        {
            "id": f"row{n}",
            "text": text,
            "customer": f"c{n}",
            output: (labels or (None,))[n % max(1, len(labels))] or targets(form, text, n),
        }
        for n, text in enumerate(texts)
    ]
    write_rows(folder / "rows.jsonl", rows)
    return open_project(folder)


def labelling(folder: Path, texts: list[str], form: str = "label", **more) -> Labelling:
    """The same with tasks and links."""
    project = project_of(folder, texts, form, **more)
    return Labelling(folder, list(start(project, Wanted()).secrets.values()))


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    """Rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def some_answer(task: Task):
    """An answer that fits any task of labelling."""
    match task.payload:
        case Label(labels=labels):
            return Labelled(label=labels[0])
        case Record(fields=fields):
            return Filled(values={one.name: (one.choices or ("x",))[0] for one in fields})
        case Draft():
            return Written(text="An answer.")
        case payload:
            return Marked(spans=((0, 1, payload.kinds[0]),))


def answer_all(labelled: Labelling, place: int, says) -> None:
    """One annotator answers every row that is left to them with `says(task)`."""
    desk, secret = labelled.desk, labelled.secrets[place]
    while (task := desk.screen(secret).task) is not None:
        desk.say(secret, task.id, says(task), seconds=2.0, comment="")
