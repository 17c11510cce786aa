"""An OpenAI-compatible engine behind the gateway: its bytes are forwarded as they are.

Imports aiohttp, as evaluate/endpoint does: there it asks, here it passes on.
"""

from collections.abc import AsyncGenerator

import aiohttp
import msgspec

from surpass.core.secret import Secret
from surpass.core.settings.serving import Upstream
from surpass.serve.backend import Reply
from surpass.serve.chat_reply import DONE
from surpass.serve.chat_request import Json, Read
from surpass.serve.events import Events, data_of
from surpass.serve.gateway import Visit
from surpass.serve.models import BASE
from surpass.serve.refusals import Refusal
from surpass.serve.tally import Tally

_LARGEST_REPLY_BYTES = 10 << 20
_AT_ONCE = 100  # connections


class Delta(msgspec.Struct):
    """What a chunk adds, or a whole message."""

    content: str | None = None


class Choice(msgspec.Struct):
    """One answer, or a part of one."""

    delta: Delta | None = None
    message: Delta | None = None
    finish_reason: str | None = None


class Usage(msgspec.Struct):
    """Tokens, as far as they are told."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Completion(msgspec.Struct):
    """As much of a reply or a chunk as goes on record."""

    choices: list[Choice] = []
    usage: Usage | None = None
    error: Json | str | None = None


class UpstreamBackend:
    """Passes chats on; the client's key stays here, and the upstream's own is sent instead."""

    def __init__(self, settings: Upstream, key: Secret | None, timeout_seconds: float) -> None:
        self._settings, self._key = settings, key
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession | None = None

    async def whole(self, visit: Visit, read: Read, tally: Tally) -> Reply:
        """The upstream's reply with its status, byte for byte.

        Raises:
            Refusal: it cannot be reached, or says too much.
        """
        try:
            async with self._post(visit, read) as response:
                body = await _read(response)
        except aiohttp.ClientError as error:
            raise _unreachable(error) from None
        if response.status == 200:
            self._count(_completion(body), tally)
        else:
            tally.finish_reason = f"upstream_{response.status}"
        return Reply(response.status, body)

    async def parts(self, visit: Visit, read: Read, tally: Tally) -> AsyncGenerator[bytes, None]:
        """The upstream's events, byte for byte; DONE is left to the gateway.

        Raises:
            Refusal: it cannot be reached, refuses, breaks off, or tells of an error.
        """
        events = Events(DONE.strip())
        try:
            async with self._post(visit, read) as response:
                if response.status != 200:
                    raise _refused(response.status, await _read(response))
                async for part in response.content.iter_any():
                    for event in events.add(part):
                        if (content := data_of(event)) is not None:
                            self._count(_completion(content), tally)
                        yield event
                    if events.done:
                        return
        except aiohttp.ClientError as error:
            raise _unreachable(error) from None
        raise Refusal(502, "The upstream broke off in the middle of its answer.", "cut_off")

    async def close(self) -> None:
        """Close what is open to the upstream."""
        if self._session is not None:
            await self._session.close()

    def _post(self, visit: Visit, read: Read) -> "aiohttp.client._RequestContextManager":
        if self._session is None:  # made here, for it belongs to the running loop
            connector = aiohttp.TCPConnector(limit=_AT_ONCE)
            self._session = aiohttp.ClientSession(timeout=self._timeout, connector=connector)
        headers = {"Content-Type": "application/json", "X-Request-Id": visit.id}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.reveal()}"
        address = f"{self._settings.url.rstrip('/')}/chat/completions"
        body = self._body(visit, read)
        return self._session.post(address, data=body, headers=headers, allow_redirects=False)

    def _body(self, visit: Visit, read: Read) -> bytes:
        """The client's request for the model that was chosen, with the task's instruction."""
        sent: dict[str, msgspec.Raw] = msgspec.json.decode(read.body, type=dict[str, msgspec.Raw])
        name = self._settings.base if visit.model.name == BASE else visit.model.name
        messages = msgspec.json.decode(sent["messages"], type=list[msgspec.Raw])
        first = read.chat.messages[0].role
        if visit.model.instruction and first not in {"system", "developer"}:
            told = {"role": "system", "content": visit.model.instruction}
            messages = [msgspec.Raw(msgspec.json.encode(told)), *messages]
        more: dict[str, object] = {"model": name, "messages": messages}
        return msgspec.json.encode({**sent, **more})

    def _count(self, found: Completion, tally: Tally) -> None:
        if found.error is not None:
            told = _told(msgspec.json.encode(found.error))
            raise Refusal(502, f"The upstream failed: {told}", "bad_upstream")
        for choice in found.choices[:1]:
            said = choice.delta or choice.message
            if said is not None and said.content:
                tally.add(said.content)
            tally.finish_reason = choice.finish_reason or tally.finish_reason
        if found.usage is not None:
            tally.input_tokens = found.usage.prompt_tokens
            tally.output_tokens = found.usage.completion_tokens
            tally.cost = self._cost(found.usage)

    def _cost(self, usage: Usage) -> float | None:
        """Price of one answer; unknown where a price or a count of tokens is."""
        pairs = (
            (usage.prompt_tokens, self._settings.input_price),
            (usage.completion_tokens, self._settings.output_price),
        )
        if any(tokens is None or price is None for tokens, price in pairs):
            return None
        return sum((tokens or 0) * (price or 0.0) for tokens, price in pairs) / 1e6


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The whole body.

    Raises:
        Refusal: it is too long.
    """
    content = b""
    async for part in response.content.iter_any():
        content += part
        if len(content) > _LARGEST_REPLY_BYTES:
            raise Refusal(502, "The upstream's reply is too long.", "bad_upstream")
    return content


def _completion(content: bytes) -> Completion:
    """What of it goes on record.

    Raises:
        Refusal: it is no completion.
    """
    try:
        return msgspec.json.decode(content, type=Completion)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal(
            502, "The upstream does not answer like a chat completion.", "bad_upstream"
        ) from None


def _refused(status: int, told: bytes) -> Refusal:
    """Its own words under its own status; what is wrong with our key is no fault of the client."""
    if status in {401, 403}:
        return Refusal(502, "The upstream refuses the gateway's key.", "bad_upstream")
    wait = 1.0 if status in {429, 503} else None
    return Refusal(status, f"The upstream says: {_told(told)}", "upstream", wait_seconds=wait)


def _told(content: bytes) -> str:
    return content[:300].decode("utf-8", "replace")


def _unreachable(error: Exception) -> Refusal:
    return Refusal(
        502,
        f"The upstream cannot be reached ({type(error).__name__}).",
        "upstream_unreachable",
        wait_seconds=1.0,
    )
