"""An account as JSON: every character kept, none of them able to act on a terminal."""

import json
import re

import msgspec

from surpass.core.account import Account
from surpass.show.escape import hidden

_SUSPECT = re.compile(r"[^\x0a\x20-\x7e]")


def to_json(account: Account) -> str:
    """Indented JSON with the account's own field names; a number that is not finite is null.

    Characters that cannot be seen are written as JSON escapes: a reader gets them back unchanged,
    a terminal gets none of them.
    """
    tree = json.loads(json.dumps(msgspec.to_builtins(account)), parse_constant=lambda _: None)
    text = json.dumps(tree, ensure_ascii=False, indent=2)
    return _SUSPECT.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    character = match.group()
    return json.dumps(character)[1:-1] if hidden(character) else character
