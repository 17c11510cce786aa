"""What an alert says: all of it on this machine, and the part that may leave it."""

import hashlib
import hmac
from typing import NamedTuple

import msgspec

from surpass.core.records.signal import Alert, Cost, Term
from surpass.core.wording import counted
from surpass.text.personal_data import masked

FEWEST_USERS = 5  # that say a term before it may leave the machine
_TERM_CHARACTERS = 60

_TITLES = {
    "terms": "Users say new words",
    "novelty": "Requests are unlike those before",
    "unseen": "More requests hold unknown words",
    "classifier": "Requests differ from those before",
    "clusters": "The mix of topics changed",
    "labels": "The mix of answers changed",
    "confidence": "The model's confidence changed",
    "floor": "Accuracy fell under its floor",
    "estimate": "The estimate of accuracy is off",
}
_TODO = {
    "terms": "Read the examples with `surpass watch`. If the words are a new product or topic, "
    "label about 100 of these requests and retrain; if they are spam or a test, silence this.",
    "labels": "Look whether the mix of requests changed too. If not, the model answers otherwise "
    "than it did: label 100 answers of the most risen label.",
    "confidence": "Label 100 random requests: only labels say whether accuracy fell.",
    "floor": "Roll back if an earlier release was better on these requests, else label the wrong "
    "answers and retrain.",
    "estimate": "Do not decide by estimated accuracy until it is calibrated on newer labels.",
}
_TODO_ELSE = (
    "Read the examples with `surpass watch`, then label 100 random requests: only labels say "
    "whether accuracy fell."
)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as it leaves the machine: numbers and masked words, never a request's text."""

    name: str
    severity: str
    title: str
    since: str
    window: int
    change: str
    how_sure: str
    cost: str
    do: str
    terms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # titles of what other detectors say


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """All alerts of one pass, grouped."""

    task: str
    release: str
    at: str
    alerts: tuple[Told, ...]
    resolved: tuple[str, ...] = ()
    version: int = 1


class Signed(NamedTuple):
    """Bytes to send, with the signature for their header."""

    body: bytes
    signature: str


def told(alert: Alert) -> Told:
    """The part of an alert that may leave the machine."""
    signal = alert.signal
    terms = safe_terms(signal.terms)
    return Told(
        name=alert.name,
        severity=alert.severity,
        title=title(alert),
        since=alert.since,
        window=signal.window,
        change=_change(alert, terms),
        how_sure=how_sure(alert),
        cost=cost_words(signal.cost),
        do=to_do(alert),
        terms=terms,
        also=tuple(_TITLES[one.kind] for one in alert.also),
    )


def title(alert: Alert) -> str:
    """What happened, in a few words."""
    return _TITLES[alert.signal.kind]


def how_sure(alert: Alert) -> str:
    """How far chance is from explaining it."""
    signal = alert.signal
    if signal.kind == "floor":
        return f"An alarm by chance comes once in {1 / signal.level:,.0f} labels or later."
    seen = "in two windows running" if signal.confirmed else "in one window, not yet confirmed"
    return f"Seen {seen}; p = {signal.p:.2g}, held against {signal.level:.2g}."


def cost_words(cost: Cost | None) -> str:
    """What the change costs in accuracy, in words."""
    if cost is None:
        return "What it costs in accuracy is not known: there are too few labels or confidences."
    change = f"{100 * cost.change:+.1f} points"
    reach = ""
    if cost.low is not None and cost.high is not None:
        reach = f" ({100 * cost.low:+.1f} to {100 * cost.high:+.1f})"
    how = "measured on" if cost.source == "measured" else "estimated from the confidence of"
    return f"Accuracy changed by {change}{reach}, {how} {counted(cost.answers, 'answer')}."


def to_do(alert: Alert) -> str:
    """The next step for whoever reads it."""
    return _TODO.get(alert.signal.kind, _TODO_ELSE)


def safe_terms(terms: tuple[Term, ...]) -> tuple[str, ...]:
    """Terms that at least five users say, without those that look like personal data."""
    often = [one.term[:_TERM_CHARACTERS] for one in terms if one.users >= FEWEST_USERS]
    if not often:
        return ()
    hidden = masked(*often)
    return tuple(term for term, shown in zip(often, hidden, strict=True) if term == shown)


def signed(message: Message, key: bytes) -> Signed:
    """The message's JSON and its HMAC-SHA-256, as "sha256=HEX"."""
    body = msgspec.json.encode(message)
    return Signed(body, "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest())


def _change(alert: Alert, terms: tuple[str, ...]) -> str:
    """The change in one sentence; words of users only where they may leave."""
    signal = alert.signal
    if signal.kind in {"floor", "estimate", "confidence", "unseen", "novelty"}:
        return signal.words  # numbers alone
    what = f"by {100 * signal.effect:.1f} % of the users" if signal.kind != "classifier" else ""
    named = f" New or rising: {', '.join(terms)}." if terms else ""
    if signal.kind == "terms" and not terms:
        named = f" The words are said by fewer than {FEWEST_USERS} users each, so they stay here."
    return f"{title(alert)} {what}".strip() + f".{named}"
