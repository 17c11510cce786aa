"""The word on the badge: what a result amounts to, never told by colour alone."""

from surpass.core.account import Account, Standing

_VERDICTS = {
    Standing.HOLDS: "PASS",
    Standing.DOES_NOT_HOLD: "FAIL",
    Standing.CANNOT_TELL: "INCONCLUSIVE",
}
_MARKS = {
    Standing.DONE: "✓",
    Standing.HOLDS: "✓",
    Standing.DOES_NOT_HOLD: "✗",
    Standing.CANNOT_TELL: "?",
}


def badge_word(account: Account) -> str:
    """PASS, FAIL or INCONCLUSIVE where the headline begins with it, else the standing in capitals.

    A word that contradicts the standing is not taken over.
    """
    verdict = _VERDICTS.get(account.standing)
    if verdict is not None and _leads(verdict, account.headline):
        return verdict
    return account.standing.value.upper()


def badge_mark(standing: Standing) -> str:
    """A tick, a cross or a question mark."""
    return _MARKS[standing]


def headline_sentence(account: Account) -> str:
    """The headline without the word that already stands on the badge."""
    verdict = _VERDICTS.get(account.standing)
    if verdict is None or not _leads(verdict, account.headline):
        return account.headline
    rest = account.headline[len(verdict) :].lstrip(" .:,;–—-")  # noqa: RUF001 (dashes are meant)
    return rest[:1].upper() + rest[1:] if rest else account.headline


def _leads(word: str, headline: str) -> bool:
    following = headline[len(word) : len(word) + 1]
    return headline.startswith(word) and not following.isalnum()
