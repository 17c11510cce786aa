"""Times as users write them, as moments that can be compared."""

import re
from datetime import UTC, datetime

_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")


def moment_of(written: str | None) -> datetime | None:
    """A moment in UTC; a time without a zone counts as UTC.

    ISO 8601, years first with slashes or dots, and seconds or milliseconds since 1970. None for
    anything else: 03/04/2024 is March to some and April to others.
    """
    text = (written or "").strip()
    try:
        if _EPOCH.fullmatch(text):
            seconds = float(text)
            return datetime.fromtimestamp(seconds / (1000 if seconds >= 1e11 else 1), UTC)
        moment = datetime.fromisoformat(_YEAR_FIRST.sub(_dashed, text, count=1))
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _dashed(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}"
