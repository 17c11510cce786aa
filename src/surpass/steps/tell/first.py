"""What to mend first: findings by what they can cost at most, each with the command that starts."""

from collections.abc import Iterable

from surpass.core import columns
from surpass.core.account import Chapter, Table
from surpass.data.checks import CheckResult
from surpass.steps.tell.numbers import percent

_MOST = 5
_BY_LOSS = ("error", "fix", "review")  # a note costs nothing that mending would bring back
_COLLECTED = frozenset({"coverage", "bias", "relevance"})  # these ask for rows, not for mending
_DEALT = frozenset({"leakage"})  # asks for another split, or another instruction
_DROPPED = frozenset({"near_duplicates", "exact_duplicates"})  # whose rows are simply too many


def first_chapter(results: Iterable[CheckResult]) -> tuple[Chapter, ...]:
    """The findings whose rows weigh most, the gravest kind first; none where nothing was found.

    The share of rows bounds the gain: a row that is mended cannot bring more than itself.
    """
    found = [r for r in results if r.state == "found" and r.severity in _BY_LOSS and r.rows]
    found = [r for r in found if r.check not in _COLLECTED | _DEALT]
    ranked = sorted(found, key=lambda r: (_BY_LOSS.index(r.severity), -r.rows / r.examined))
    rows = tuple(
        (str(place), result.check, f"{result.rows:,}", percent(result.rows / result.examined), how)
        for place, result in enumerate(ranked[:_MOST], 1)
        if (how := _how(result))
    )
    if not rows:
        return ()
    table = Table(
        title="",
        columns=("", "check", "rows", "of all", "start with"),
        rows=rows,
        numeric=("rows", "of all"),
        note="Errors first, then what touches most rows: mending brings no more than that share.",
    )
    return (Chapter(title="What to fix first", tables=(table,)),)


def _how(result: CheckResult) -> str:
    """The command that begins to mend it."""
    if bool((result.evidence[columns.PROPOSAL] != "review").any()):
        return "surpass fix"
    if result.evidence[columns.REPLACEMENT].is_not_null().any():
        return f"surpass fix --accept {result.check} --by NAME"
    if result.check in _DROPPED:
        return f"surpass fix --drop {result.check} --by NAME"
    return f"surpass label start --check {result.check}"
