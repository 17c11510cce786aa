"""The journal's tables, the same in SQLite and PostgreSQL, and what is asked of them.

Moments are kept as microseconds since 1970 in UTC: both databases sort and compare them alike, and
nothing is rounded. SQLAlchemy is imported here and in journal_database, nowhere else.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from surpass.core import columns

VERSION = 1  # of the tables; another one is refused
Cell = str | float | int | None

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Query = sa.Select[tuple[Cell, ...]]

metadata = sa.MetaData()


def _text(name: str, *, required: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=not required)


def _moment() -> "sa.Column[int]":
    return sa.Column(columns.AT, sa.BigInteger, nullable=False)


requests = sa.Table(
    "requests",
    metadata,
    sa.Column(columns.REQUEST, sa.Text, primary_key=True),
    _text(columns.TASK, required=True),
    _moment(),
    _text(columns.UNIT, required=True),
    _text(columns.SESSION),
    _text(columns.MODEL, required=True),
    _text(columns.RELEASE, required=True),
    _text(columns.EXPERIMENT),
    _text(columns.ARM),
    _text(columns.STATUS, required=True),
    _text(columns.FINISH_REASON),
    sa.Column(columns.LATENCY_MS, sa.Double),
    sa.Column(columns.FIRST_TOKEN_MS, sa.Double),
    sa.Column(columns.INPUT_TOKENS, sa.BigInteger),
    sa.Column(columns.OUTPUT_TOKENS, sa.BigInteger),
    _text(columns.INPUT),
    _text(columns.OUTPUT),
    _text(columns.LABEL),
    sa.Column(columns.CONFIDENCE, sa.Double),
    sa.Column(columns.COST, sa.Double),
    _text(columns.KEY),
    sa.Index("requests_by_time", columns.TASK, columns.AT),
    sa.Index("requests_by_unit", columns.UNIT),
    sa.Index("requests_by_session", columns.SESSION),
)
feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column(columns.FEEDBACK, sa.Text, primary_key=True),
    _text(columns.REQUEST),
    _text(columns.SESSION),
    _text(columns.UNIT, required=True),
    _text(columns.NAME, required=True),
    sa.Column(columns.VALUE, sa.Double),
    _text(columns.LABEL),
    _text(columns.COMMENT),
    _text(columns.CORRECTION),
    _moment(),
    _text(columns.KEY),
    sa.Index("feedback_by_request", columns.REQUEST),
    sa.Index("feedback_by_session", columns.SESSION),
    sa.Index("feedback_by_unit", columns.UNIT),
    sa.Index("feedback_by_time", columns.AT),
)
exposures = sa.Table(
    "exposures",
    metadata,
    sa.Column(columns.EXPERIMENT, sa.Text, primary_key=True),
    sa.Column(columns.UNIT, sa.Text, primary_key=True),
    _text(columns.ARM, required=True),
    sa.Column(columns.SHARE, sa.Double, nullable=False),
    _moment(),
    _text(columns.REQUEST, required=True),
    sa.Index("exposures_by_unit", columns.UNIT),
)
about = sa.Table("about", metadata, sa.Column("version", sa.Integer, primary_key=True))


def requests_of(task: str | None, since: datetime | None, until: datetime | None) -> Query:
    """Requests in the order they came, since a moment and before another."""
    query = sa.select(requests).order_by(requests.c.at, requests.c.request)
    if task is not None:
        query = query.where(requests.c.task == task)
    return _between(query, requests, since, until)


def feedback_of(task: str | None, since: datetime | None, until: datetime | None) -> Query:
    """Votes in the order they came; of a task: on its requests and in its conversations."""
    query = sa.select(feedback).order_by(feedback.c.at, feedback.c.feedback)
    if task is not None:
        own = requests.c.task == task
        query = query.where(
            feedback.c.request.in_(sa.select(requests.c.request).where(own))
            | feedback.c.session.in_(sa.select(requests.c.session).where(own))
        )
    return _between(query, feedback, since, until)


def exposures_of(experiment: str) -> Query:
    """First meetings in the order they came."""
    order = exposures.c.at, exposures.c.unit
    return sa.select(exposures).where(exposures.c.experiment == experiment).order_by(*order)


def one_request(request: str) -> Query:
    """One request by its id."""
    return sa.select(requests).where(requests.c.request == request)


def last_of_session(session: str, key: str | None) -> Query:
    """The last request that a key made in a conversation."""
    mine = (requests.c.session == session) & requests.c.key.is_not_distinct_from(key)
    return sa.select(requests).where(mine).order_by(requests.c.at.desc()).limit(1)


def microseconds(moment: datetime) -> int:
    """Since 1970, in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def _between(
    query: Query,
    table: sa.Table,
    since: datetime | None,
    until: datetime | None,
) -> Query:
    if since is not None:
        query = query.where(table.c.at >= microseconds(since))
    return query if until is None else query.where(table.c.at < microseconds(until))
