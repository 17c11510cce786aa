"""The pages for rating and labelling: what each request to them is answered with.

The secret in the path is the only credential: there are no cookies that another site could use.
"""

import math
from collections.abc import Mapping
from urllib.parse import parse_qs

from surpass.core.errors import BadInput
from surpass.core.records.rating import (
    Choice,
    Preferred,
    Said,
    Scaled,
    Scales,
    Skipped,
    Task,
    Undone,
)
from surpass.show.rating_page import (
    SCRIPT,
    STYLE,
    NoticePage,
    RatingPage,
    asset,
    notice_page,
    rating_page,
)
from surpass.steps.desk import NoEntry, Screen
from surpass.steps.labelling.desk import LabelDesk
from surpass.steps.rating.desk import Desk
from surpass.web.exchange import Address, Request, Response, refusal
from surpass.web.label_form import label_in

LINK = "/r/"
_MOST_FIELDS = 400  # a record of a hundred fields, or as many spans
_CHOICES: dict[str, Choice] = {
    "left": "left",
    "right": "right",
    "tie": "tie",
    "both bad": "both bad",
}
_ASSETS = {
    f"/{STYLE}": (STYLE, "text/css; charset=utf-8"),
    f"/{SCRIPT}": (SCRIPT, "text/javascript; charset=utf-8"),
}


def respond(desk: Desk | LabelDesk, address: Address, request: Request) -> Response:
    """Answer one request; a task is shown to the owner of its link and to nobody else."""
    turned_away = refusal(request, address)
    if turned_away is not None:
        return turned_away
    if request.method == "GET" and request.path in _ASSETS:
        name, kind = _ASSETS[request.path]
        return Response(200, asset(name), kind)
    if not request.path.startswith(LINK):
        return _notice(404, "Nothing here", "This page does not exist.", "Open your personal link.")
    return _for_rater(desk, request)


def _for_rater(desk: Desk | LabelDesk, request: Request) -> Response:
    secret = request.path.removeprefix(LINK)
    try:
        if request.method == "POST":
            return _said(desk, secret, request)
        return _page(desk.screen(secret))
    except NoEntry as error:
        return _notice(404, "Not open", str(error.args[0]), error.fix)
    except BadInput as error:
        return _notice(400, "Not saved", str(error.args[0]), error.fix)


def _said(desk: Desk | LabelDesk, secret: str, request: Request) -> Response:
    """Keep what the form says, then send the browser to the next task."""
    form = form_of(request)
    task_id = form.get("task", "")
    said = said_by(form, desk.task(secret, task_id))
    desk.say(
        secret,
        task_id,
        said,
        seconds=_seconds(form.get("seconds", "")),
        comment=form.get("comment", ""),
    )
    return Response(303, location=request.path)


def form_of(request: Request) -> dict[str, str]:
    """The fields of a posted form, the first of each name.

    Raises:
        BadInput: not a form, too many fields, or not UTF-8.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise BadInput("This is not the page's form.", fix="Use the buttons of the page.")
    try:
        fields = parse_qs(
            request.body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:  # too many fields, or bytes that are no text
        raise BadInput("The form cannot be read.", fix="Reload the page.") from None
    return {name: values[0] for name, values in fields.items()}


def said_by(form: Mapping[str, str], task: Task | None) -> Said:
    """What a form says; whether it fits its task is for the desk to judge.

    Args:
        form: Fields by name.
        task: The task that the form names, whose scales or labels it counts off.

    Raises:
        BadInput: the form says nothing that can be an answer.
    """
    match form.get("do"):
        case "undo":
            return Undone()
        case "skip":
            return Skipped(reason=(form.get("reason") or form.get("other") or "no reason")[:200])
        case "answer" if form.get("choice") in _CHOICES:
            return Preferred(choice=_CHOICES[form["choice"]])
        case "answer" if task is not None and isinstance(task.payload, Scales):
            return Scaled(scores=_scores(form, task.payload))
        case "answer" if task is not None:
            return label_in(form, task.payload)
        case _:
            raise BadInput("The form holds no answer.", fix="Choose one of the buttons.")


def _scores(form: Mapping[str, str], payload: Scales) -> dict[str, int]:
    given = {
        scale.name: form.get(f"scale-{number}", "") for number, scale in enumerate(payload.scales)
    }
    missing = [name for name, value in given.items() if value not in {"1", "2", "3", "4", "5"}]
    if missing:
        raise BadInput(f"{missing[0]} has no value from 1 to 5.", fix="Choose one for each scale.")
    return {name: int(value) for name, value in given.items()}


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None


def _page(screen: Screen) -> Response:
    left = screen.seconds_left
    page = RatingPage(
        title=screen.title,
        done=screen.done,
        total=screen.total,
        minutes_left=None if left is None else max(1, round(left / 60)),
        guideline=screen.guideline,
        task=screen.task.id if screen.task else "",
        undo=screen.undo,
    )
    html = rating_page(page, screen.task.payload if screen.task else None)
    return Response(200, html.encode("utf-8", "replace"))


def _notice(status: int, title: str, what: str, fix: str) -> Response:
    html = notice_page(NoticePage(title=title, what=what, fix=fix))
    return Response(status, html.encode("utf-8", "replace"))
