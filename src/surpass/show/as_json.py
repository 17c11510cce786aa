"""An account as JSON: every character kept, none of them able to act on a terminal."""

import json
import re

import msgspec

from surpass.core.account import Account
from surpass.show.escape import hidden

FIELDS = ("title", "headline", "standing", "warnings", "next_command", "data")
PAGE = ("text", "facts", "chapters")
_SUSPECT = re.compile(r"[^\x0a\x20-\x7e]")


def to_json(account: Account) -> str:
    """Indented JSON; a number that is not finite is null.

    `data` is the command's record with named fields and raw numbers; what only lays out a page
    (facts, tables of text, figures) stands apart under `page`. Characters that cannot be seen are
    written as JSON escapes: a reader gets them back unchanged, a terminal gets none of them.
    """
    whole = msgspec.to_builtins(account)
    parted = {name: whole[name] for name in FIELDS}
    parted["page"] = {name: whole[name] for name in PAGE}
    tree = json.loads(json.dumps(parted), parse_constant=lambda _: None)
    text = json.dumps(tree, ensure_ascii=False, indent=2)
    return _SUSPECT.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    character = match.group()
    return json.dumps(character)[1:-1] if hidden(character) else character
