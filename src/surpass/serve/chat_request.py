"""A chat request as OpenAI's clients send it, and the input of the task that it holds."""

from typing import NamedTuple, TypeVar

import msgspec

from surpass.core.transcript import SPEAKERS, Turn, write_transcript
from surpass.model.turns import Asked
from surpass.serve.refusals import Refusal

Json = dict[str, object]
Shape = TypeVar("Shape")


class Part(msgspec.Struct, frozen=True):
    """A part of a message."""

    type: str
    text: str = ""


class Message(msgspec.Struct, frozen=True):
    """One turn."""

    role: str
    content: str | list[Part] | None = None
    tool_calls: msgspec.Raw | None = None


class StreamOptions(msgspec.Struct, frozen=True):
    """What a stream ends with."""

    include_usage: bool = False


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a request as decides the answer; greedy, so temperature and seed do not."""

    model: str
    messages: list[Message]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_completion_tokens: int | None = None
    max_tokens: int | None = None  # its older name
    stop: str | list[str] | None = None
    logprobs: bool | None = False
    top_logprobs: int | None = None

    @property
    def most_tokens(self) -> int | None:
        """As asked for."""
        return self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens

    @property
    def stop_words(self) -> tuple[str, ...]:
        """None, one or several."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())

    @property
    def with_usage(self) -> bool:
        """Whether a stream ends with the tokens used."""
        return self.stream_options is not None and self.stream_options.include_usage


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, in the same body."""

    user: str | None = None
    safety_identifier: str | None = None
    metadata: Json | None = None


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine built in cannot do."""

    n: int | None = None
    tools: list[msgspec.Raw] | None = None
    functions: list[msgspec.Raw] | None = None
    response_format: Json | None = None


class Read(NamedTuple):
    """A request, read."""

    chat: ChatRequest
    sender: Sender
    wishes: Wishes
    body: bytes


def read_chat(body: bytes) -> Read:
    """Read a body; fields that nobody knows are left alone.

    Raises:
        Refusal: no such request.
    """
    chat = decoded(body, ChatRequest)
    if not chat.messages:
        raise Refusal(400, "messages is empty.", "no_messages")
    if chat.most_tokens is not None and chat.most_tokens < 1:
        raise Refusal(400, f"max_completion_tokens is {chat.most_tokens}.", "bad_max_tokens")
    if not 0 <= (chat.top_logprobs or 0) <= 20:
        raise Refusal(400, "top_logprobs is not between 0 and 20.", "bad_top_logprobs")
    if len(chat.stop_words) > 4:
        raise Refusal(400, "stop has more than 4 words.", "bad_stop")
    return Read(chat, decoded(body, Sender), decoded(body, Wishes), body)


def decoded(body: bytes, shape: type[Shape]) -> Shape:
    """The body as one shape.

    Raises:
        Refusal: it is no JSON, or a field has another type.
    """
    try:
        return msgspec.json.decode(body, type=shape, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, f"The body cannot be read: {error}.", "bad_body") from None


def require_possible(wishes: Wishes) -> None:
    """Refuse what the engine built in cannot do, instead of answering something else.

    Raises:
        Refusal: several answers, tools, or a forced form.
    """
    asked = {
        "n": wishes.n not in (None, 1),
        "tools": bool(wishes.tools),
        "functions": bool(wishes.functions),
        "response_format": (wishes.response_format or {}).get("type", "text") != "text",
    }
    named = [name for name, wanted in asked.items() if wanted]
    if named:
        raise Refusal(
            400,
            f"The engine built in does not know {', '.join(named)}. Leave it out, or serve "
            "through [serving.upstream].",
            "unsupported",
        )


def question_of(messages: list[Message], instruction: str) -> Asked:
    """The input of the task: what evaluation would have put to the model.

    One question is its text, anything longer a conversation. The task's own instruction in front
    is left out, for every prompt begins with it; any other is told behind it.

    Args:
        messages: Of the request.
        instruction: Of the model.

    Raises:
        Refusal: a role that nobody knows, or content that is no text.
    """
    turns = [_turn(message) for message in messages]
    if turns[0].speaker in {"system", "developer"} and turns[0].text.strip() == instruction.strip():
        turns = turns[1:]
    if not turns:
        raise Refusal(400, "There is no question behind the instruction.", "no_messages")
    alone = len(turns) == 1 and turns[0].speaker == "user"
    return turns[0].text if alone else tuple(turns)


def as_text(asked: Asked) -> str:
    """The input as one text, as examples and the journal hold it."""
    return asked if isinstance(asked, str) else write_transcript(list(asked))


def _turn(message: Message) -> Turn:
    if message.role not in SPEAKERS:
        raise Refusal(400, f"Nobody knows the role {message.role[:40]!r}.", "bad_role")
    content = message.content or ""
    if not isinstance(content, str):
        others = [part.type for part in content if part.type != "text"]
        if others:
            raise Refusal(
                400, f"Only text is read, and a part is {others[0][:40]!r}.", "unsupported"
            )
        content = "".join(part.text for part in content)
    more = ""
    if message.tool_calls is not None and bytes(message.tool_calls) not in (b"null", b"[]"):
        calls = msgspec.json.decode(message.tool_calls)
        more = msgspec.json.encode({"tool_calls": calls}).decode()
    return Turn(message.role, content, more)
