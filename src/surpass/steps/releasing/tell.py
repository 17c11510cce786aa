"""Releases as accounts: who is champion, since when and why, and who was before."""

from datetime import UTC, datetime, timedelta

from surpass.core.account import Account, Chapter, Fact, Table
from surpass.core.digest import short
from surpass.core.errors import BadInput
from surpass.core.records.release import Release, ReleaseData, SealedFloor, Tenure
from surpass.steps.project import Project
from surpass.steps.releasing.read import because, champion, forced_releases, tenures

NOBODY = "No model is champion: nothing was released yet."


def released_account(project: Project, *, changed: bool) -> Account:
    """What `surpass release` and `surpass rollback` say afterwards."""
    now, history = champion(project), tenures(project)
    if now is None:
        raise RuntimeError("a release was written but is not there")
    said = "is champion" if changed else "is champion already; nothing changed"
    return Account(
        title="Release",
        headline=f"{now.name} {said}. {because(now.since)}",
        text=(f"Its files are in {now.folder.resolve()}.", *floor_sentences(now.floor)),
        facts=(
            Fact(label="champion", value=now.name, note=f"since {now.since.at}"),
            Fact(label="approved", value=now.since.by),
        ),
        chapters=(champions_chapter(history),),
        warnings=forced_releases(project),
        next_command="surpass serve",
        data=_data(now, history, changed=changed),
    )


def live_account(project: Project, on: str) -> Account:
    """What was champion on a day or at a moment, and why.

    Args:
        project: The project.
        on: An ISO 8601 date, which is a day in UTC, or a date with a time, UTC if it names no zone.

    Raises:
        BadInput: it is neither.
    """
    begin, end = _span(on)
    everyone = tenures(project)
    live = tuple(one for one in everyone if _overlaps(one, begin, end))
    if not live:
        before = "nothing was released yet." if everyone else NOBODY
        headline = f"No model was champion on {on}: {before}"
    elif len(live) == 1:
        headline = f"On {on} {live[0].name} was champion. {live[0].because}"
    else:
        headline = f"On {on} there were {len(live)} champions, {live[-1].name} the last."
    return Account(
        title="Live",
        headline=headline,
        chapters=(champions_chapter(live),) if live else (),
        warnings=forced_releases(project),
        data=ReleaseData(
            champion=live[-1].name if live else None,
            model=live[-1].model if live else None,
            folder=None,
            floor=None,
            history=live,
            changed=False,
        ),
    )


def champions_chapter(history: tuple[Tenure, ...]) -> Chapter:
    """One line a champion, the oldest first."""
    rows = tuple(
        (one.name, one.since, one.until or "now", one.by, one.because, short(one.entry))
        for one in history
    )
    columns = ("model", "since", "until", "by", "because", "entry")
    return Chapter(title="Champions", tables=(Table(title="", columns=columns, rows=rows),))


def floor_sentences(floor: SealedFloor) -> tuple[str, ...]:
    """What production must keep reaching."""
    if floor.value is None:
        return (f"There is no floor of {floor.metric} to watch: {floor.origin}.",)
    side = "at least" if floor.higher_is_better else "at most"
    return (f"Its floor, to be watched: {floor.metric} {side} {floor.value:.4g} ({floor.origin}).",)


def _data(now: Release, history: tuple[Tenure, ...], *, changed: bool) -> ReleaseData:
    return ReleaseData(
        champion=now.name,
        model=now.model,
        folder=str(now.folder.resolve()),
        floor=now.floor,
        history=history,
        changed=changed,
    )


def _span(on: str) -> tuple[datetime, datetime]:
    """The moments that are meant: a day, or a second of no length."""
    try:
        begin = datetime.fromisoformat(on)
    except ValueError:
        raise BadInput(
            f"{on!r} is no date.", fix="Write it as 2026-11-01, or as 2026-11-01T15:30."
        ) from None
    begin = begin if begin.tzinfo else begin.replace(tzinfo=UTC)
    try:
        return begin, begin + timedelta(days=1) if len(on) <= len("2026-11-01") else begin
    except OverflowError:
        return begin, begin


def _overlaps(one: Tenure, begin: datetime, end: datetime) -> bool:
    """Whether it was champion at some moment from `begin` to before `end`, or at `begin` itself."""
    since = datetime.fromisoformat(one.since)
    until = datetime.fromisoformat(one.until) if one.until else None
    started = since < end or since <= begin
    return started and (until is None or until > begin)
