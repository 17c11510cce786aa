"""What people said of the judged model, as chapters of its report."""

import msgspec

from surpass.core.account import Chapter
from surpass.core.errors import CannotTell
from surpass.steps.project import Project
from surpass.steps.rating.start import rating_results, said_of


def rating_chapters(project: Project, of: str) -> tuple[Chapter, ...]:
    """Agreement, preference, the judge and the scales; none where nobody has rated this model."""
    if of not in said_of(project):
        return ()
    try:
        account = rating_results(project)
    except CannotTell:  # nothing but skips
        return ()
    head = Chapter(title="What people say", text=(account.headline, *account.warnings))
    parts = [
        msgspec.structs.replace(chapter, title=f"People: {_lower(chapter.title)}")
        for chapter in account.chapters
        if chapter.title != "Raters"  # how careful each one was belongs to `surpass rate results`
    ]
    return (head, *parts)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
