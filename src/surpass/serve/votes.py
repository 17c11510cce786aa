"""POST /v1/feedback: what somebody thought of an answer, hours or days later."""

import asyncio
import re

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from surpass.core.digest import digest_record
from surpass.core.environment import moment
from surpass.core.records.journal import Feedback
from surpass.serve.capture import kept_name, kept_text
from surpass.serve.chat_request import decoded
from surpass.serve.gateway import Caller, Gateway, admit, on_record
from surpass.serve.refusals import Refusal
from surpass.store.journal import Asked

_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,59}")
_LONGEST_TEXT = 20_000  # characters of a comment or a correction


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent: on a request by its id, or on a conversation by its session."""

    name: str  # what the vote is about: "helpful"
    request: str | None = None
    session: str | None = None
    unit: str | None = None  # may be left out; another one than the request's is refused
    value: bool | float | None = None
    label: str | None = None
    comment: str | None = None
    correction: str | None = None  # what the answer should have been


async def vote(gateway: Gateway, request: Request) -> Response:
    """Keep one vote a unit; the same again changes nothing, another one replaces it.

    Raises:
        Refusal: there is no such request of this key, or the vote says nothing.
    """
    who = await admit(gateway, request, "feedback")
    who.budget.take(0.0, asyncio.get_running_loop().time())
    sent = decoded(who.body, Vote)
    _check(sent)
    on = await _asked(gateway, who, sent)
    level = gateway.settings.capture
    if sent.unit is not None and kept_name(level, sent.unit) != on.unit:
        raise Refusal(409, "That request was made for another unit.", "wrong_unit")
    about = None if sent.request is None else on.request, None if sent.request else on.session
    kept = Feedback(
        feedback=digest_record([*about, on.unit, sent.name, who.key_id or ""])[:32],
        name=sent.name,
        unit=on.unit,
        at=moment(),
        request=about[0],
        session=about[1],
        value=None if sent.value is None else float(sent.value),
        label=kept_text(level, sent.label),
        comment=kept_text(level, sent.comment),
        correction=kept_text(level, sent.correction),
        key=who.key_id,
    )
    await on_record(gateway, kept)
    return JSONResponse({"feedback": kept.feedback})


def _check(sent: Vote) -> None:
    """Refuse a vote that says nothing, or that is about nothing.

    Raises:
        Refusal: says which.
    """
    if not _NAME.fullmatch(sent.name):
        raise Refusal(400, "name is a word such as `helpful`, in small letters.", "bad_name")
    if (sent.request is None) == (sent.session is None):
        raise Refusal(400, "Name either a request or a session.", "bad_vote")
    texts = (sent.label, sent.comment, sent.correction)
    if sent.value is None and not any(texts):
        raise Refusal(400, "Send a value, a label, a comment or a correction.", "bad_vote")
    if any(len(text or "") > _LONGEST_TEXT for text in texts):
        raise Refusal(400, f"A text has at most {_LONGEST_TEXT} characters.", "too_long")


async def _asked(gateway: Gateway, who: Caller, sent: Vote) -> Asked:
    """The request that the vote is on, or the last one of the conversation.

    Raises:
        Refusal: this key made none such; whether another one did is not told.
    """
    journal, session = gateway.journal, kept_name(gateway.settings.capture, sent.session or "")
    if sent.request is not None:
        found = await asyncio.to_thread(journal.asked, sent.request)
    else:
        found = await asyncio.to_thread(journal.asked_in, session, who.key_id)
    if found is None or found.key != who.key_id:
        raise Refusal(404, "This key made no such request.", "request_not_found")
    return found
