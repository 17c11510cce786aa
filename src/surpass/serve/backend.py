"""Where a chat's answer comes from; here: from the engine built in."""

import math
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import NamedTuple, Protocol

from surpass.serve.chat_reply import Head, closing, event, opening, whole
from surpass.serve.chat_request import Read, require_possible
from surpass.serve.gateway import Visit
from surpass.serve.models import Ask, Engine, Labelled, Model, Piece, Spelled
from surpass.serve.tally import Tally


class Reply(NamedTuple):
    """A whole answer over HTTP."""

    status: int
    body: bytes


class Backend(Protocol):
    """Answers chats; tells the tally what came."""

    async def whole(self, visit: Visit, read: Read, tally: Tally) -> Reply:
        """The answer at once."""

    def parts(self, visit: Visit, read: Read, tally: Tally) -> AsyncGenerator[bytes, None]:
        """The events of a stream, without DONE; closing the iterator stops the model."""

    async def close(self) -> None:
        """Let go of what was opened."""


class LocalBackend:
    """The engine built in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def whole(self, visit: Visit, read: Read, tally: Tally) -> Reply:
        """The answer at once.

        Raises:
            Refusal: what was asked cannot be done, or too many wait.
            BadInput: the text is longer than the model reads.
        """
        async with aclosing(self._pieces(visit, read, tally)) as coming:
            pieces = [piece async for piece in coming]
        text = "".join(tally.texts)
        return Reply(200, whole(_head(visit), text, pieces, logprobs=bool(read.chat.logprobs)))

    async def parts(self, visit: Visit, read: Read, tally: Tally) -> AsyncGenerator[bytes, None]:
        """The events of a stream; nothing is given out before the first token is there.

        Raises:
            Refusal: what was asked cannot be done, or too many wait.
            BadInput: the text is longer than the model reads.
        """
        head, with_usage = _head(visit), read.chat.with_usage
        logprobs = bool(read.chat.logprobs)
        opened = False
        async with aclosing(self._pieces(visit, read, tally)) as coming:
            async for piece in coming:
                if not opened:
                    yield opening(head, with_usage=with_usage)
                    opened = True
                if piece.text or (logprobs and piece.tokens):
                    yield event(head, piece, logprobs=logprobs, with_usage=with_usage)
                if piece.finish_reason is not None:
                    yield closing(head, piece, with_usage=with_usage)

    async def close(self) -> None:
        """The engine is closed by whoever made it."""

    async def _pieces(self, visit: Visit, read: Read, tally: Tally) -> AsyncGenerator[Piece, None]:
        require_possible(read.wishes)
        model, chat = visit.model, read.chat
        likeliest = (chat.top_logprobs or 0) if chat.logprobs else None
        if model.labels:
            labelled = (await self._engine.label(model, [visit.asked]))[0]
            piece = label_piece(model, labelled, tally, likeliest)
            tally.add(piece.text)
            yield piece
            return
        most = chat.most_tokens or model.most_tokens
        ask = Ask(model, visit.asked, most, chat.stop_words, likeliest)
        async with aclosing(self._engine.write(ask)) as coming:
            async for piece in coming:
                tally.add(piece.text)
                if piece.finish_reason is not None:
                    tally.finish_reason = piece.finish_reason
                    tally.input_tokens, tally.output_tokens = (
                        piece.input_tokens,
                        piece.output_tokens,
                    )
                yield piece


def label_piece(
    model: Model, labelled: Labelled, tally: Tally, likeliest: int | None = None
) -> Piece:
    """The likeliest label as an answer, its probability as that of its one token."""
    label = model.labels[labelled.best]
    tally.label, tally.confidence = label, labelled.probabilities[labelled.best]
    tally.input_tokens, tally.output_tokens, tally.finish_reason = labelled.input_tokens, 0, "stop"
    order = sorted(range(len(model.labels)), key=lambda place: -labelled.probabilities[place])
    logs = [(model.labels[place], _log(labelled.probabilities[place])) for place in order]
    spelled = Spelled(label, _log(tally.confidence), tuple(logs[: likeliest or 0]))
    tokens = () if likeliest is None else (spelled,)
    return Piece(label, tokens, "stop", labelled.input_tokens, 0)


def _log(probability: float) -> float:
    return math.log(max(probability, 1e-300))


def _head(visit: Visit) -> Head:
    """Its time is in its id, as RFC 9562 has it: milliseconds in the first 48 bits."""
    return Head(visit.id, int(visit.id.replace("-", "")[:12], 16) // 1000, visit.model.name)
