"""A dataset card in Markdown with the head that the hub reads; what people wrote in it stays."""

import json
import re

from surpass.core.digest import short
from surpass.core.records.card import CardData
from surpass.show.escape import visible
from surpass.show.markdown import plain, table

MARK = "<!-- surpass card: parts with a TODO are yours and are kept; all others are rewritten. -->"
PARTS = {
    "Motivation": "Why was this dataset made, for which task, and who paid for it?",
    "Collection process": "How, when and by whom were the rows collected and chosen?",
    "Consent": "Do the people whose words these are know of it, and can they take it back?",
    "Languages": "Which languages? Begin with their codes, such as `en, de`.",
    "Intended use": "What may a model that is trained on this be used for?",
    "Out-of-scope use": "What must it not be used for?",
    "Known limits": "Who or what is missing, old, one-sided or wrong in these rows?",
    "Maintenance": "Who answers questions, corrects rows and takes rows out, and until when?",
}
"""Headings that only people can write under, each with its question."""

_OURS = ("What it holds", "Sources", "Sides", "Decisions", "Checks", "Personal data", "Scripts")
_HEADING = re.compile(r"^## +(.*?) *$", re.MULTILINE)
_CODES = re.compile(r"\s*([a-z]{2,3}(?:\s*,\s*[a-z]{2,3})*)\b(?![-\w])")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))
_HUB_TASK = {"classify": "text-classification"}


def written_parts(text: str) -> dict[str, str]:
    """What people wrote, by heading: the parts that are theirs, and sections of their own."""
    found: dict[str, str] = {}
    headings = list(_HEADING.finditer(text))
    for place, heading in enumerate(headings):
        end = headings[place + 1].start() if place + 1 < len(headings) else len(text)
        body = text[heading.end() : end].strip()
        if heading[1] not in _OURS and body:
            found[heading[1]] = body
    return found


def open_blanks(parts: dict[str, str]) -> tuple[str, ...]:
    """Names of the parts that nobody has written, or that still hold a TODO of ours."""
    return tuple(name for name in PARTS if not parts.get(name) or _todo(name) in parts[name])


def card_text(card: CardData, parts: dict[str, str]) -> str:
    """The whole card.

    Args:
        card: What is known.
        parts: What people wrote, as `written_parts` found it.
    """
    theirs = [
        f"## {name}\n\n{parts.get(name) or f'{_todo(name)}: {question}'}"
        for name, question in PARTS.items()
    ]
    more = [f"## {name}\n\n{body}" for name, body in parts.items() if name not in PARTS]
    return "\n\n".join([_head(card, parts), *_known(card), *theirs, *more]) + "\n"


def _todo(name: str) -> str:
    return f"TODO({name.lower()})"


def _head(card: CardData, parts: dict[str, str]) -> str:
    size = next((name for most, name in _SIZES if card.rows < most), "1M<n<10M")
    codes = _CODES.match(parts.get("Languages", ""))
    spoken = [code.strip() for code in codes[1].split(",")] if codes else []
    name = json.dumps(visible(card.name), ensure_ascii=False).replace("<", "\\u003c")
    lines = [
        f"pretty_name: {name}",  # JSON's escapes are YAML's too
        f"license: {json.dumps(_licence(card))}",
        *([f"language: {json.dumps(spoken)}"] if spoken else []),
        f"task_categories: [{_HUB_TASK.get(card.kind, 'text-generation')}]",
        f"size_categories: [{size}]",
        "tags: [surpass]",
    ]
    head = "\n".join(["---", *lines, "---"])
    return f"{head}\n\n# {plain(card.name)}\n\n{MARK}"


def _licence(card: CardData) -> str:
    """The hub's name of the licence that all sources share; `other` where they differ."""
    named = {source.licence for source in card.sources}
    if None in named:
        return "unknown"
    (one, *others) = sorted(str(name) for name in named)
    return "other" if others or re.search(r"[^\w.+-]", one) else one.lower()


def _known(card: CardData) -> list[str]:
    """The sections that follow from the manifest."""
    sides = card.sides or {}
    return [
        f"## What it holds\n\n{card.rows:,} rows for a task of kind {card.kind}, version "
        f"`{short(card.version)}`.",
        "## Sources\n\n"
        + table(
            ("file", "rows", "SHA-256", "origin", "licence", "consent"),
            [
                (s.path, f"{s.rows:,}", s.digest, *map(_said, (s.origin, s.licence, s.consent)))
                for s in card.sources
            ],
        ),
        "## Sides\n\n"
        + (
            table(("side", "rows"), [(name, f"{rows:,}") for name, rows in sides.items()])
            if sides
            else "Not split yet."
        ),
        "## Decisions\n\n"
        + table(
            ("what", "by", "rows", "why"),
            [(d.action, d.by, f"{d.rows:,}", d.reason) for d in card.decisions],
        ),
        "## Checks\n\n"
        + table(
            ("check", "result", "what"),
            [(c.check, c.state, c.summary) for c in card.checks],
        ),
        *([f"## Random audit\n\n{card.audit}"] if card.audit else []),
        "## Personal data\n\n" + _personal(card),
        "## Scripts\n\n"
        + table(
            ("letters", "share"),
            [(name, f"{share:.1%}") for name, share in card.scripts.items()],
        ),
    ]


def _personal(card: CardData) -> str:
    outside = "The sealed test was not looked at. " if card.sides else ""
    unseen = f"{outside}Names and postal addresses have no pattern and are not looked for."
    if not card.personal:
        return f"None found by pattern. {unseen}"
    rows = [(kind, f"{finds:,}") for kind, finds in card.personal.items()]
    return f"{table(('kind', 'finds'), rows)}\n\n{unseen}"


def _said(text: str | None) -> str:
    return "not said" if text is None else text
