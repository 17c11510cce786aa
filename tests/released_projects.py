"""Projects on the two-layer model whose tuned model has a PASS, or has not."""

import shutil
from pathlib import Path

from small_projects import make_project
from surpass.core.progress import Silent
from surpass.core.records.decisions import Promotion
from surpass.core.records.release import ReleasedModel, SealedFloor
from surpass.steps.project import Project, open_project
from surpass.steps.seal import seal
from surpass.steps.train import train
from surpass.steps.verdict import verdict

CRITERIA = """
[ladder]
rungs = ["zero-shot"]
[tuning]
method = "lora"
rank = 2
[[criteria.primary]]
metric = "accuracy"
margin = {margin}
expect = 0.5
"""


def judged_model(folder: Path, base: Path, *, margin: float = -0.9, more: str = "") -> Project:
    """A trained and judged project; any model surpasses a margin of -0.9, hardly one of 0.4."""
    project = make_project(
        folder, base, count=300, epochs=0.5, more=CRITERIA.format(margin=margin) + more
    )
    seal(project)
    train(project, Silent())
    verdict(project, Silent())
    return project


def copied(template: Project, folder: Path) -> Project:
    """The same project elsewhere, for a test that changes it."""
    shutil.copytree(template.folder, folder)
    return open_project(folder)


def trained_anew(project: Project, rank: int) -> None:
    """Another model of the same project, judged on the same test."""
    path = project.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("rank = 2", f"rank = {rank}"), encoding="utf-8")
    again = open_project(project.folder)
    train(again, Silent())
    verdict(again, Silent())


def promotion(number: int) -> Promotion:
    """A ledger's body for the n-th of many models that nobody trained."""
    return Promotion(
        model=model(number),
        files=f"{number:064x}",
        floor=SealedFloor(metric="accuracy", value=0.5, origin="declared"),
        seal="s" * 64,
        verdict=f"{number:064d}",
        outcome="PASS",
        by="Ann",
    )


def model(number: int) -> ReleasedModel:
    """The n-th of these models."""
    return ReleasedModel(
        task="small",
        kind="classify",
        base="tiny",
        base_digest="b" * 64,
        form="adapter",
        content=f"{number:064x}",
        prompt="p" * 64,
        labels=("bill", "move"),
        scoring="sum",
        prior=(0.5, 0.5),
        max_new_tokens=None,
        number_type="float32",
    )
