"""Replies in the shape of OpenAI's chat completions: whole, or as events of a stream."""

from typing import NamedTuple

import msgspec

from surpass.serve.models import Piece, Spelled

DONE = b"data: [DONE]\n\n"


class Head(NamedTuple):
    """What every part of one reply says of itself."""

    id: str
    created: int  # seconds since 1970
    model: str  # the release that answers


def whole(head: Head, text: str, pieces: list[Piece], *, logprobs: bool) -> bytes:
    """The reply at once."""
    last = pieces[-1]
    tokens = [token for piece in pieces for token in piece.tokens]
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, "refusal": None},
        "logprobs": _logprobs(tokens) if logprobs else None,
        "finish_reason": last.finish_reason,
    }
    return msgspec.json.encode(
        {**_named(head, "chat.completion"), "choices": [choice], "usage": usage(last)}
    )


def opening(head: Head, *, with_usage: bool) -> bytes:
    """The first event: who speaks."""
    return _chunk(head, {"role": "assistant", "content": ""}, None, with_usage=with_usage)


def event(head: Head, piece: Piece, *, logprobs: bool, with_usage: bool) -> bytes:
    """A part of the answer."""
    told = _logprobs(list(piece.tokens)) if logprobs else None
    delta = {"content": piece.text}
    return _chunk(head, delta, None, logprobs=told, with_usage=with_usage)


def closing(head: Head, piece: Piece, *, with_usage: bool) -> bytes:
    """Why the answer ended and, if asked for, the tokens used: behind it nothing but DONE."""
    end = _chunk(head, {}, piece.finish_reason, with_usage=with_usage)
    if not with_usage:
        return end
    last = {**_named(head, "chat.completion.chunk"), "choices": [], "usage": usage(piece)}
    return end + as_event(msgspec.json.encode(last))


def as_event(content: bytes) -> bytes:
    """JSON as one event of a stream."""
    return b"data: " + content + b"\n\n"


def usage(last: Piece) -> dict[str, object]:
    """Tokens of a reply."""
    return {
        "prompt_tokens": last.input_tokens,
        "completion_tokens": last.output_tokens,
        "total_tokens": last.input_tokens + last.output_tokens,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def _chunk(
    head: Head,
    delta: dict[str, str],
    finish_reason: str | None,
    *,
    logprobs: object = None,
    with_usage: bool,
) -> bytes:
    choice = {
        "index": 0, "delta": delta, "logprobs": logprobs, "finish_reason": finish_reason,
    }  # fmt: skip
    named = _named(head, "chat.completion.chunk")
    more: dict[str, object] = {"usage": None} if with_usage else {}
    return as_event(msgspec.json.encode({**named, "choices": [choice], **more}))


def _named(head: Head, kind: str) -> dict[str, object]:
    return {"id": head.id, "object": kind, "created": head.created, "model": head.model}


def _logprobs(tokens: list[Spelled]) -> dict[str, object]:
    content = []
    for token in tokens:
        likeliest = [_token(text, value) for text, value in token.likeliest]
        content.append({**_token(token.text, token.log_probability), "top_logprobs": likeliest})
    return {"content": content, "refusal": None}


def _token(text: str, log_probability: float | None) -> dict[str, object]:
    unknown = -9999.0  # what OpenAI tells of a token outside the likeliest
    value = unknown if log_probability is None else log_probability
    return {"token": text, "logprob": value, "bytes": list(text.encode())}
