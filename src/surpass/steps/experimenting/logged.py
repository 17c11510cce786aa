"""One request or vote of a foreign log, whatever its format, and how entries are made of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from surpass.core.assignment import ARMS, CHALLENGER, CHAMPION
from surpass.core.digest import digest_record
from surpass.core.records.experiment import RunningExperiment
from surpass.core.records.journal import Entry, Exposure, Feedback, Finished, Started
from surpass.serve.capture import Level, kept_name, kept_text
from surpass.steps.experimenting.running import moment_of

LOG_KEY = "imported"


class LoggedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request as a log tells of it."""

    id: str
    at: datetime  # with a time zone
    unit: str | None
    model: str  # that answered
    arm: str | None = None  # as the log says; none: told from the model
    session: str | None = None
    failed: bool = False
    finish_reason: str | None = None
    latency_ms: float | None = None
    tokens: tuple[int | None, int | None] = (None, None)  # of prompt and answer
    answer: str | None = None


class LoggedVote(msgspec.Struct, frozen=True, kw_only=True):
    """A feedback as a log tells of it."""

    name: str
    at: datetime
    unit: str | None
    request: str | None
    value: float | None = None
    label: str | None = None


Logged = LoggedRequest | LoggedVote


def moment_from(value: object, *, per_second: float = 1.0) -> datetime | None:
    """A moment as logs write it: a number since 1970, or ISO 8601; none if it is neither."""
    if isinstance(value, str) and not value.isdecimal():
        try:
            return moment_of(value.replace("Z", "+00:00")).astimezone(UTC)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return datetime.fromtimestamp(float(value) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def entries_of(
    logged: Logged, task: str, level: Level, experiment: RunningExperiment | None
) -> Iterator[Entry]:
    """What the journal keeps of it; of an experiment where the arm can be told.

    Args:
        logged: A request or a vote.
        task: Name of the project's task.
        level: What is kept of texts.
        experiment: The one that it may belong to; none: no experiment.
    """
    if isinstance(logged, LoggedVote):
        unit = kept_name(level, logged.unit or logged.request or "")
        yield Feedback(
            feedback=digest_record([logged.name, unit, logged.request])[:32],
            name=logged.name,
            unit=unit,
            at=logged.at,
            request=logged.request,
            value=logged.value,
            label=kept_text("redacted" if level == "none" else level, logged.label),
        )
        return
    unit = kept_name(level, logged.unit or logged.id)
    arm = _arm(logged, experiment)
    mine = experiment if arm is not None else None
    yield Started(
        request=logged.id,
        task=task,
        at=logged.at,
        unit=unit,
        model=logged.model,
        release=logged.model,
        session=logged.session,
        experiment=None if mine is None else mine.started.experiment,
        arm=arm,
        key=LOG_KEY,
    )
    yield Finished(
        request=logged.id,
        status="failed" if logged.failed else "finished",
        finish_reason=logged.finish_reason,
        latency_ms=logged.latency_ms,
        input_tokens=logged.tokens[0],
        output_tokens=logged.tokens[1],
        output=kept_text(level, logged.answer),
    )
    if mine is not None and arm is not None:
        share = _share_at(mine, logged.at)
        yield Exposure(
            experiment=mine.started.experiment,
            unit=unit,
            arm=arm,
            share=share if arm == CHALLENGER else 1 - share,
            at=logged.at,
            request=logged.id,
        )


def _arm(logged: LoggedRequest, experiment: RunningExperiment | None) -> str | None:
    """As the log says, else by the model that answered; none outside the experiment."""
    if experiment is None or logged.at < moment_of(experiment.periods[0].start):
        return None
    if logged.arm in ARMS:
        return logged.arm
    models = {experiment.started.champion: CHAMPION, experiment.started.challenger: CHALLENGER}
    return models.get(logged.model)


def _share_at(experiment: RunningExperiment, at: datetime) -> float:
    periods = experiment.periods
    begun = [period for period in periods if moment_of(period.start) <= at]
    return (begun or periods)[-1].share
