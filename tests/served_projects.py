"""Projects with a journal of requests that nobody made, for tests of what reads it."""

from datetime import UTC, datetime, timedelta

from surpass.core.records.journal import Entry, Feedback, Finished, Started
from surpass.steps.project import Project
from surpass.steps.serving.journal import open_journal

START = datetime(2026, 11, 1, tzinfo=UTC)


def served(project: Project, texts: list[str], *, users: int = 30) -> None:
    """Write one answered request for each text, an hour apart, every third voted against."""
    with open_journal(project, writer=True) as journal:
        for place, text in enumerate(texts):
            journal.write(*_answered(project.settings.task.name, place, text, f"u{place % users}"))


def _answered(task: str, place: int, text: str, unit: str) -> tuple[Entry, ...]:
    at, name = START + timedelta(hours=place), f"r{place:03}"
    started = Started(
        request=name, task=task, at=at, unit=unit, model="champion", release="x@0", input=text
    )
    finished = Finished(request=name, status="finished", output="move", label="move")
    vote = Feedback(feedback=f"f{place}", request=name, unit=unit, name="ok", value=0.0, at=at)
    return (started, finished) if place % 3 else (started, finished, vote)
