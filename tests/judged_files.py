"""Projects in which answers from files are judged: quick to make, and easy to cheat with."""

import csv

import polars as pl

from small_projects import make_project
from surpass.core.progress import Silent
from surpass.data.answer_files import Named
from surpass.steps.bring import import_answers
from surpass.steps.project import open_project
from surpass.steps.split import current_split
from surpass.steps.verdict import verdict

OTHER = {"outage": "bill", "bill": "move", "move": "outage"}
CRITERIA = """
[ladder]
rungs = ["zero-shot", "file:base"]
[[criteria.primary]]
metric = "macro_f1"
against = "file:base"
margin = 0.1
"""


def judged_project(folder, base, more=CRITERIA):
    """`file:base` has every second row right."""
    made = make_project(folder, base, count=240, more=more)
    bring(made, "base", right_of=2)
    return made


def rows_of(project, name="rows.csv"):
    with (project.folder / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def bring(project, name, *, right_of, rows=None):
    """Answers of which all but every n-th are right."""
    path = project.folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["input", "answer"])
        for place, row in enumerate(rows or rows_of(project)):
            out.writerow([row["text"], row["label"] if place % right_of else OTHER[row["label"]]])
    import_answers(project, path, name, Named())


def judged(project, name):
    return verdict(project, Silent(), f"file:{name}").verdict


def edited(project, before, after):
    path = project.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    return open_project(project.folder)


def sealed_inputs(project):
    block = current_split(project).sides.block
    path = project.folder / ".surpass" / "cache" / "sealed" / f"{block}.parquet"
    return set(pl.read_parquet(path)["input"])
