"""The page on which people rate and label: one task a screen, nothing that tells who answered."""

import bisect
from importlib.resources import files

import msgspec

from surpass.core.records.rating import (
    Draft,
    Label,
    Pairwise,
    Payload,
    Record,
    RecordField,
    Scales,
    Spans,
)
from surpass.core.settings.rating import Scale
from surpass.show.escape import LINE_END, TAB, visible
from surpass.show.pages import fill

STYLE, SCRIPT = "rating.css", "rating.js"
SKIP_REASONS = (
    "I cannot judge this subject",
    "The question makes no sense",
    "The answers are broken",
    "I know this text",
)
SKIP_LABELLING = (
    "I do not know this subject",
    "The guideline does not say",
    "More than one answer fits",
    "The text is unreadable",
)
_LABEL_KEYS = "123456789abdefhijklmnopqtvwxyz"  # without those that mean something on every page
_TIED = ("\r", "\u200c", "\u200d")  # how these are shown depends on what follows
_EMPTY_LINES = 3  # for spans, beyond those that are marked


class ShownField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a record, as it may be shown."""

    name: str
    choices: tuple[str, ...]
    is_text: bool
    value: str  # what stands there at first


class ShownSpan(msgspec.Struct, frozen=True, kw_only=True):
    """One line of marked words; an empty one is still to be written."""

    words: str = ""
    kind: int = 0
    start: str = ""  # place in the text as it is shown; empty: not known
    end: str = ""


class RatingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the screen; texts as they may be shown."""

    title: str
    done: int
    total: int
    minutes_left: int | None = None
    guideline: str = ""
    task: str = ""  # its id; empty: all is done
    kind: str = ""  # "pairwise", "scales", "label", "record", "draft" or "spans"
    asked: str = ""
    left: str = ""
    right: str = ""
    reference: str | None = None
    scales: tuple[Scale, ...] = ()
    labels: tuple[str, ...] = ()  # or kinds of spans
    suggested: int | None = None  # place of the label that a model gives
    fields: tuple[ShownField, ...] = ()
    spans: tuple[ShownSpan, ...] = ()
    is_suggestion: bool = False  # True: what stands there at first is a model's
    undo: str | None = None
    skip_reasons: tuple[str, ...] = SKIP_REASONS

    @property
    def share_done(self) -> int:
        """In percent, for the bar."""
        return 100 * self.done // self.total if self.total else 100

    @property
    def keys(self) -> str:
        """The key of each label, as far as keys go."""
        return _LABEL_KEYS

    @property
    def is_labelling(self) -> bool:
        """Whether the guideline stands beside the task, not above it."""
        return self.kind in {"label", "record", "draft", "spans"}


class NoticePage(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence where there is no task to show."""

    title: str
    what: str
    fix: str


def rating_page(page: RatingPage, payload: Payload | None) -> str:
    """The whole page as HTML, with the task in it; none: all is done."""
    page = msgspec.structs.replace(
        page, title=visible(page.title), guideline=readable(page.guideline)
    )
    return fill("rating.html.j2", page if payload is None else _with_task(page, payload))


def notice_page(page: NoticePage) -> str:
    """A page that only says something, such as that a link does not work."""
    return fill("notice.html.j2", page)


def asset(name: str) -> bytes:
    """The page's style or script."""
    return (files("surpass.show") / "templates" / name).read_bytes()


def readable(text: str) -> str:
    """Text with its line breaks kept, in which every other character can be seen."""
    return visible(text).replace(LINE_END, "\n").replace(TAB, "    ")


def place_in(text: str, shown: int) -> int:
    """The character of a text at which a place of `readable(text)` lies."""
    inside = (place for place in range(len(text)) if text[max(place - 1, 0) : place] not in _TIED)
    cuts = [*inside, len(text)]
    return cuts[bisect.bisect_left(cuts, shown, key=lambda place: len(readable(text[:place])))]


def _with_task(page: RatingPage, payload: Payload) -> RatingPage:
    asked = readable(payload.asked)
    match payload:
        case Pairwise():
            return msgspec.structs.replace(
                page,
                kind="pairwise",
                asked=asked,
                left=readable(payload.left),
                right=readable(payload.right),
                reference=_maybe(payload.reference),
            )
        case Scales():
            return msgspec.structs.replace(
                page,
                kind="scales",
                asked=asked,
                left=readable(payload.answer),
                reference=_maybe(payload.reference),
                scales=tuple(_shown(scale) for scale in payload.scales),
            )
        case _:
            page = msgspec.structs.replace(page, asked=asked, skip_reasons=SKIP_LABELLING)
            return _with_form(page, payload)


def _with_form(page: RatingPage, payload: Label | Record | Draft | Spans) -> RatingPage:
    match payload:
        case Label(labels=labels, proposed=proposed):
            return msgspec.structs.replace(
                page,
                kind="label",
                labels=tuple(visible(label) for label in labels),
                suggested=labels.index(proposed) if proposed in labels else None,
            )
        case Record():
            return msgspec.structs.replace(
                page,
                kind="record",
                fields=tuple(_shown_field(field, payload.filled) for field in payload.fields),
                is_suggestion=payload.proposed is not None,
            )
        case Draft(text=text, proposed=is_suggestion):
            return msgspec.structs.replace(
                page, kind="draft", left=readable(text), is_suggestion=is_suggestion
            )
        case Spans():
            return msgspec.structs.replace(
                page,
                kind="spans",
                labels=tuple(visible(kind) for kind in payload.kinds),
                spans=_shown_spans(payload),
                is_suggestion=payload.proposed is not None,
            )


def _shown_field(field: RecordField, filled: dict[str, str]) -> ShownField:
    return ShownField(
        name=visible(field.name),
        choices=tuple(visible(choice) for choice in field.choices),
        is_text=field.is_text,
        value=visible(filled.get(field.name, "")),
    )


def _shown_spans(payload: Spans) -> tuple[ShownSpan, ...]:
    text = payload.asked
    marked = [
        ShownSpan(
            words=readable(text[start:end]),
            kind=payload.kinds.index(kind),
            start=str(len(readable(text[:start]))),
            end=str(len(readable(text[:end]))),
        )
        for start, end, kind in payload.marked
    ]
    return (*marked, *([ShownSpan()] * _EMPTY_LINES))


def _maybe(text: str | None) -> str | None:
    return None if text is None else readable(text)


def _shown(scale: Scale) -> Scale:
    return Scale(**{name: visible(text) for name, text in msgspec.structs.asdict(scale).items()})
