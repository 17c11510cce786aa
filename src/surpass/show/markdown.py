"""Text that users wrote in Markdown: as text, whatever is in it."""

import re
from collections.abc import Sequence

from surpass.show.escape import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#!|~$&])")
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data)(?=:)|\b(www)(?=\.)|(?<=\w)(@)(?=\w)")


def table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Rows of text cells as a table; without rows "None."."""
    if not rows:
        return "None."
    lines = [columns, tuple("---" for _ in columns)]
    lines += [tuple(map(plain, row)) for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plain(text: str) -> str:
    """Text of users as text: no markup, no link, no mention, one line."""
    escaped = _MARKUP.sub(r"\\\1", visible(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")
    return _LINK.sub(lambda found: f"{found[0]}&#8203;", escaped)
