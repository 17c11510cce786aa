"""Events of one run, as steps tell them, and a tracker that keeps or refuses them."""

from pathlib import Path

from surpass.core.records.tracking import (
    AnyEvent,
    Ended,
    Judged,
    MovedBack,
    Point,
    Points,
    Released,
    Scored,
    Started,
)
from surpass.release.tracker import Undelivered

RUN = "f" * 64
AT = 1_760_000_000_000


class Shelf:
    """A tracker in memory: keeps events by name, is down as often as told."""

    def __init__(self, down: int = 0, after: int = 0) -> None:
        self.kept: list[AnyEvent] = []
        self.down, self.after = down, after

    def deliver(self, events):
        """Keep them; while it is down, only the first ones, and say that it failed."""
        if self.down:
            self.down -= 1
            self.kept += events[: self.after]
            raise Undelivered("It is down.", fix="Wait.")
        self.kept += events


def points(step: int, run: str = RUN) -> Points:
    values = {"train/loss": 1 / step, "train/tokens": 100.0, "train/learning_rate": 1e-3}
    point = Point(step=step, at=AT + step, values=values)
    return Points(run=run, key=str(step), at=AT, points=(point,))


def story(folder: Path) -> list[AnyEvent]:
    """A run from its start to a rollback; `folder` holds what is uploaded."""
    adapter, first, second = folder / "adapter", folder / "first", folder / "second"
    for place in (adapter, first, second):
        place.mkdir(parents=True, exist_ok=True)
        (place / "verdict.json").write_text(place.name, encoding="utf-8")
    return [
        Started(run=RUN, key="run", at=AT, name="small ffff", dataset="d" * 64,
                settings={"tuning.rank": "8", "training.seed": "0"}),
        points(1),
        points(2),
        Ended(run=RUN, key="run", at=AT + 9, values={"run/last_loss": 0.5}, folder=str(adapter)),
        Scored(run=RUN, key="valid", at=AT + 10, values={"valid/tuned/accuracy": 0.8}),
        Judged(run=RUN, key="v", at=AT + 11, outcome="PASS", headline="It surpasses.",
               verdict="v" * 64, values={"test/tuned/accuracy": 0.75, "gate/nan": float("nan")}),
        released("1", first),
        released("2", second),
        MovedBack(run=RUN, key="back", at=AT + 14, task="small", model="1" * 64, files="1" * 64,
                  folder=str(first), reason="slow"),
    ]  # fmt: skip


def released(number: str, folder: Path) -> Released:
    return Released(
        run=RUN,
        key=f"release {number}",
        at=AT + 12,
        task="small",
        model=number * 64,
        name=f"small@{number * 12}",
        folder=str(folder),
        files=number * 64,
        upload=True,
        tags={"outcome": "PASS", "approved by": "Ann"},
    )
