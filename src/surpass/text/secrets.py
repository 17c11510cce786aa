"""Keys and passwords by their form: what opens something, should anybody read it."""

import math
import re
from collections import Counter
from itertools import pairwise

KNOWN = re.compile(
    r"""(?<![\w-])(?:
      (?:AKIA|ASIA)[0-9A-Z]{16}                      # AWS
    | gh[pousr]_[A-Za-z0-9]{36,255} | github_pat_\w{22,255}
    | glpat-[\w-]{20,64}                             # GitLab
    | sk-[A-Za-z0-9_-]{20,200}                       # OpenAI, Anthropic
    | xox[abeprs]-[A-Za-z0-9-]{10,200}               # Slack
    | AIza[\w-]{35}                                  # Google
    | [sr]k_(?:live|test)_[A-Za-z0-9]{16,200}        # Stripe
    | hf_[A-Za-z0-9]{30,64}                          # Hugging Face
    | npm_[A-Za-z0-9]{36} | pypi-[\w-]{50,255}
    | SG\.[\w-]{16,32}\.[\w-]{30,64}                 # SendGrid
    | eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,1000}  # JSON Web Token (RFC 7519)
    )(?![\w-])""",
    re.ASCII | re.VERBOSE,
)
"""Keys that say by their beginning what they are, as their makers document them."""

PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[\s\S]{0,20000}?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----)?"
)
"""PEM (RFC 7468), to its end where that is there."""

IN_ADDRESS = re.compile(r"(?<=://)[^\s/:@<>{}\[\]]{1,64}:(?P<value>[^\s/:@<>{}\[\]]{3,128})(?=@)")
"""The password in an address such as postgres://user:password@host."""

NAMED = re.compile(
    r"(?<![^\W_])(?:api[_ -]?key|access[_ -]?key|secret(?:[_ -]?key)?|auth[_ -]?token|token"
    r"|password|passwd|passwort|pwd)(?:[\"']?\s{0,3}(?:=|:)\s{0,3}|\s+is\s*:?\s+)[\"'`]?"
    r"(?P<value>[^\s\"'`,;<>{}\[\]()]{6,200})",
    re.IGNORECASE,
)
"""What stands behind "password:" or "api_key=" or "token is"."""

LONG = re.compile(r"(?<![\w/+.=@-])[A-Za-z0-9_+/-]{24,120}={0,2}(?![\w/+@-]|\.\w)", re.ASCII)
"""A run that could be a key with no name."""

POSSIBLE = (
    r"[A-Za-z0-9_+/-]{20}|-----BEGIN|://[^\s/]{1,64}:[^\s/]{1,128}@"
    r"|(?i:api.?key|access.?key|secret|token|passw|pwd)"
)
"""What a text with any of these holds; for a quick look."""

_STANDS_IN = re.compile(r"[x*.#•-]+|\$?\w*(?:here|example|your|redacted)\w*", re.IGNORECASE)
_LEAST_BITS = 3.9  # of entropy a character; English words joined have 3 to 3.6


def named_secret(found: str) -> int:
    """Length of a named value that is none of the words people write there; 0: it is one."""
    value = found.rstrip(".!?")
    digits = sum(character.isdigit() for character in value)
    letters = sum(character.isalpha() for character in value)
    signs = len(value) - digits - letters
    mixed = (digits > 0) + (letters > 0) + (signs > 0) >= 2
    stands_in = _STANDS_IN.fullmatch(value)
    return len(value) if mixed and digits and not stands_in and len(value) >= 6 else 0


def random_run(found: str) -> int:
    """Length of a run that nobody typed: all kinds of characters, as if drawn; 0: it is none.

    Hashes in hexadecimal, UUIDs and names in camel case are none.
    """
    plain = found.rstrip("=")
    kinds = [
        sum(map(str.isdigit, plain)),
        sum(map(str.isupper, plain)),
        sum(map(str.islower, plain)),
    ]
    if min(kinds) < 3 or "--" in plain or plain.count("/") > len(plain) / 12:
        return 0
    changes = sum(_kind(a) != _kind(b) for a, b in pairwise(plain))
    is_drawn = changes >= 0.35 * len(plain) and entropy(plain) >= _LEAST_BITS
    return len(found) if is_drawn else 0


def entropy(text: str) -> float:
    """Bits a character, by the characters' own frequencies; 0 for the empty text."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)


def _kind(character: str) -> int:
    return 0 if character.isdigit() else 1 if character.isupper() else 2
