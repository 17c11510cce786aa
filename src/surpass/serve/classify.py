"""POST /v1/classify: the label of a text, or of several, with the probability of each label."""

import asyncio
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from surpass.core.errors import SurpassError
from surpass.serve.backend import label_piece
from surpass.serve.chat_request import Sender, decoded
from surpass.serve.gateway import Asked, Caller, Gateway, Visit, admit, begin, on_record, sender_of
from surpass.serve.models import CHAMPION, Labelled, Model
from surpass.serve.refusals import Refusal, refusal_of
from surpass.serve.tally import Tally, ended

MOST_TEXTS = 256


class ClassifyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One text or several."""

    input: str | list[str]
    model: str = CHAMPION


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The label of one text."""

    id: str  # of the request, for feedback
    model: str  # the release that answered
    label: str
    confidence: float  # the label's probability
    probabilities: dict[str, float]


async def classify(gateway: Gateway, request: Request) -> Response:
    """Answer with one object, or with a list under `data` where a list was sent.

    Raises:
        Refusal: the task has no labels, or the request cannot be read.
    """
    who = await admit(gateway, request, "infer")
    asked = decoded(who.body, ClassifyRequest)
    texts = [asked.input] if isinstance(asked.input, str) else asked.input
    if not 1 <= len(texts) <= MOST_TEXTS:
        raise Refusal(400, f"input has {len(texts)} texts, not 1 to {MOST_TEXTS}.", "bad_input")
    if gateway.engine is None:
        raise Refusal(501, "Labels are scored by the engine built in alone.", "unsupported")
    unit, session = sender_of(decoded(who.body, Sender), request.headers)
    wanted = [Asked(asked.model, unit, session, 1, _labelled(text)) for text in texts]
    visits = list(await asyncio.gather(*(begin(gateway, who, one) for one in wanted)))
    answers = await _answers(gateway, who, visits)
    content: object = answers[0] if isinstance(asked.input, str) else {"data": answers}
    headers = visits[0].headers | who.budget.headers(asyncio.get_running_loop().time())
    return Response(msgspec.json.encode(content), headers=headers, media_type="application/json")


def _labelled(text: str) -> Callable[[Model], str]:
    def of(model: Model) -> str:
        if not model.labels:
            raise Refusal(400, "This task has no labels: ask /v1/chat/completions.", "no_labels")
        return text

    return of


async def _answers(gateway: Gateway, who: Caller, visits: list[Visit]) -> list[Answer]:
    """All answers, on record; the texts of one model are scored together."""
    tallies = [Tally() for _ in visits]
    try:
        async with asyncio.timeout(gateway.settings.timeout_seconds):
            found = await asyncio.gather(*(_label(gateway, visit) for visit in visits))
    except (SurpassError, Refusal, TimeoutError) as error:
        refusal = Refusal(504, "The answer took too long.", "timeout")
        if not isinstance(error, TimeoutError):
            refusal = error if isinstance(error, Refusal) else refusal_of(error)
        for tally in tallies:
            tally.finish_reason = refusal.code
        pairs = zip(visits, tallies, strict=True)
        await on_record(gateway, *(ended(gateway, who, v, t, "refused") for v, t in pairs))
        raise refusal from None
    for visit, tally, labelled in zip(visits, tallies, found, strict=True):
        tally.add(label_piece(visit.model, labelled, tally).text)
    pairs = zip(visits, tallies, strict=True)
    await on_record(gateway, *(ended(gateway, who, v, t, "finished") for v, t in pairs))
    return [_answer(visit, one) for visit, one in zip(visits, found, strict=True)]


async def _label(gateway: Gateway, visit: Visit) -> Labelled:
    if gateway.engine is None:
        raise Refusal(501, "Labels are scored by the engine built in alone.", "unsupported")
    return (await gateway.engine.label(visit.model, [visit.asked]))[0]


def _answer(visit: Visit, labelled: Labelled) -> Answer:
    labels = visit.model.labels
    return Answer(
        id=visit.id,
        model=visit.model.name,
        label=labels[labelled.best],
        confidence=labelled.probabilities[labelled.best],
        probabilities=dict(zip(labels, labelled.probabilities, strict=True)),
    )
