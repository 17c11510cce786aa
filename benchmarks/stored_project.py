"""What a finished project's store says, for the tables of results.md."""

import json
from pathlib import Path
from typing import NamedTuple


class Finished(NamedTuple):
    """A project with a verdict."""

    run: dict
    sides: dict
    evaluations: list[dict]
    verdict: dict

    @property
    def gate(self) -> dict:
        """The first criterion."""
        return self.verdict["gates"][0]

    def score(self, model: str, side: str = "test") -> str:
        """A model's score in percent on the criterion's metric; empty where it was not scored."""
        for evaluation in self.evaluations:
            if (evaluation["model"], evaluation["side"]) == (model, side):
                return f"{100 * evaluation['scores'][self.gate['metric']]:.1f}"
        return ""

    def rows(self) -> str:
        """Rows of train, valid and test."""
        return "/".join(str(self.sides[f"{side}_rows"]) for side in ("train", "valid", "test"))

    def gain(self) -> str:
        """The gain with its bounds, in points."""
        bounds = self.gate["bounds"]
        ends = [bounds["low"], bounds["high"]]
        low, high = ("none" if end is None else f"{100 * end:+.1f}" for end in ends)
        return f"{100 * bounds['estimate']:+.1f} ({low} to {high})"

    def minutes(self) -> str:
        """Training alone."""
        return f"{self.run['seconds'] / 60:.1f}"

    def minutes_in_all(self) -> str:
        """Training and every scoring."""
        seconds = self.run["seconds"] + sum(e["seconds"] for e in self.evaluations)
        return f"{seconds / 60:.1f}"

    def peak(self) -> str:
        """Largest resident size until training ended, in GB."""
        return f"{self.run['peak_memory_bytes'] / 1e9:.1f}"


def read_finished(project: Path) -> Finished:
    """Read the newest results of a project."""
    cache = project / ".surpass" / "cache"
    return Finished(
        run=_newest(cache, "run/*/run.json"),
        sides=_newest(cache, "split/*/sides.json"),
        evaluations=[_read(path) for path in cache.glob("evaluation/*/evaluation.json")],
        verdict=_newest(cache, "verdict/*/verdict.json"),
    )


def _newest(cache: Path, pattern: str) -> dict:
    return _read(max(cache.glob(pattern), key=lambda path: path.stat().st_mtime))


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))
