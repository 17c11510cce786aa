"""The page on which people rate: one task a screen, nothing that tells whose answer it is."""

from importlib.resources import files

import msgspec

from surpass.core.records.rating import Label, Pairwise, Payload, Scales
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


class RatingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the screen; texts as they may be shown."""

    title: str
    done: int
    total: int
    minutes_left: int | None = None
    guideline: str = ""
    task: str = ""  # its id; empty: all is done
    kind: str = ""  # "pairwise", "scales" or "label"
    asked: str = ""
    left: str = ""
    right: str = ""
    reference: str | None = None
    scales: tuple[Scale, ...] = ()
    labels: tuple[str, ...] = ()
    undo: str | None = None
    skip_reasons: tuple[str, ...] = SKIP_REASONS

    @property
    def share_done(self) -> int:
        """In percent, for the bar."""
        return 100 * self.done // self.total if self.total else 100


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
        case Label():
            return msgspec.structs.replace(
                page,
                kind="label",
                asked=asked,
                labels=tuple(visible(label) for label in payload.labels),
            )


def _maybe(text: str | None) -> str | None:
    return None if text is None else readable(text)


def _shown(scale: Scale) -> Scale:
    return Scale(**{name: visible(text) for name, text in msgspec.structs.asdict(scale).items()})
