"""Ask a model behind an OpenAI-compatible endpoint; what was answered is never asked again.

The only file that imports aiohttp.
"""

import asyncio
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import aiohttp
import msgspec

from surpass.core.digest import digest_record
from surpass.core.errors import BadInput, BadMachine
from surpass.core.progress import Progress
from surpass.core.settings.endpoint import Endpoint
from surpass.store.durable import append_line, whole_lines

_TRIES = 5
_FIRST_WAIT_SECONDS = 1.0  # doubled at each further try, unless the endpoint says how long
_LONGEST_WAIT_SECONDS = 60.0
_LARGEST_REPLY_BYTES = 10 << 20
_LATER = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class Message(msgspec.Struct, frozen=True):
    """One turn."""

    role: str
    content: str


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for one prompt."""

    text: str
    cut: bool  # it reached the cap on tokens
    in_tokens: int | None
    out_tokens: int | None
    seconds: float  # from the first byte sent to the whole answer


class _Kept(msgspec.Struct, frozen=True):
    """One line of what was answered before."""

    request: str  # digest of address, model and body
    reply: Reply


class Asking(NamedTuple):
    """How the prompts of one evaluation are put."""

    endpoint: Endpoint
    key: str | None
    cap_tokens: int
    labels: tuple[str, ...]  # the closed set that the answer is held to; may be empty
    kept: Path  # JSON lines of replies, added to as they come


def ask_endpoint(
    prompts: list[tuple[Message, ...]], asking: Asking, progress: Progress
) -> list[Reply]:
    """Replies in the order of the prompts; greedy, several under way at once.

    A request that fails for a while (429, 5xx, time-outs) is tried again, later each time. Each
    reply is on disk before the next is counted, so a stopped evaluation goes on where it was.

    Raises:
        BadInput: the endpoint refuses the key, the model or the request.
        BadMachine: it cannot be reached, or keeps failing.
    """
    try:
        return asyncio.run(_ask_all(prompts, asking, progress))
    except BaseExceptionGroup as several:  # the first one ended the others
        raise several.exceptions[0] from None


async def _ask_all(
    prompts: list[tuple[Message, ...]], asking: Asking, progress: Progress
) -> list[Reply]:
    known = _read_kept(asking.kept)
    bodies = [_body(prompt, asking) for prompt in prompts]
    names = [_name(body, asking.endpoint) for body in bodies]
    rows = Counter(names)  # equal prompts are one request
    done = sum(count for name, count in rows.items() if name in known)
    progress.start("asking the endpoint", len(prompts))
    progress.advance(done)
    waiting = {name: body for name, body in zip(names, bodies, strict=True) if name not in known}
    gate, pace = asyncio.Semaphore(asking.endpoint.at_once), _Pace(asking.endpoint.per_minute)
    timeout = aiohttp.ClientTimeout(total=asking.endpoint.timeout_seconds)
    async with aiohttp.ClientSession(timeout=timeout) as session:

        async def one(name: str, body: bytes) -> None:
            async with gate:
                reply = await _patiently(session, body, asking, pace)
            append_line(asking.kept, msgspec.json.encode(_Kept(name, reply)))
            known[name] = reply
            nonlocal done
            done += rows[name]
            progress.advance(done)

        async with asyncio.TaskGroup() as group:
            for name, body in waiting.items():
                group.create_task(one(name, body))
    progress.finish()
    return [known[name] for name in names]


class _Pace:
    """Lets requests start no faster than so many a minute."""

    def __init__(self, per_minute: int | None) -> None:
        self._gap = 0.0 if per_minute is None else 60.0 / per_minute
        self._next = 0.0

    async def wait(self) -> None:
        now = time.monotonic()
        start = max(now, self._next)
        self._next = start + self._gap
        await asyncio.sleep(start - now)


async def _patiently(
    session: aiohttp.ClientSession, body: bytes, asking: Asking, pace: _Pace
) -> Reply:
    """One reply, after as many tries as it is worth."""
    wait, why = _FIRST_WAIT_SECONDS, ""
    for last in range(_TRIES):
        await pace.wait()
        try:
            status, content, after, seconds = await _post(session, body, asking)
        except (aiohttp.ClientError, TimeoutError) as error:
            why = str(error) or type(error).__name__
        else:
            if status not in _LATER:
                return _reply(status, content, asking, seconds)
            why, wait = f"it answers {status}", after or wait
        if last < _TRIES - 1:
            await asyncio.sleep(min(wait, _LONGEST_WAIT_SECONDS))
            wait *= 2
    raise BadMachine(
        f"{asking.endpoint.url} gave no answer in {_TRIES} tries: {why}.",
        fix="See that it runs; the same command goes on from here.",
    )


async def _post(
    session: aiohttp.ClientSession, body: bytes, asking: Asking
) -> tuple[int, bytes, float | None, float]:
    """Status, content, seconds to wait if it says so, seconds taken; follows no redirect."""
    headers = {"Content-Type": "application/json"}
    if asking.key:
        headers["Authorization"] = f"Bearer {asking.key}"
    address = f"{asking.endpoint.url.rstrip('/')}/chat/completions"
    started = time.monotonic()
    async with session.post(address, data=body, headers=headers, allow_redirects=False) as response:
        content = b""
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > _LARGEST_REPLY_BYTES:
                break
        after = response.headers.get("Retry-After", "")
        seconds = time.monotonic() - started
        return response.status, content, float(after) if after.isdecimal() else None, seconds


class _Text(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Text
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(msgspec.Struct):
    """As much of a chat completion as is needed."""

    choices: list[_Choice]
    usage: _Usage | None = None


def _reply(status: int, content: bytes, asking: Asking, seconds: float) -> Reply:
    where = asking.endpoint.url
    if status in {401, 403}:
        raise BadInput(
            f"{where} refuses the key (status {status}).",
            fix="Put a valid key into the environment variable that `key_env` names.",
        )
    if status != 200:
        told = content[:200].decode("utf-8", "replace")
        raise BadInput(
            f"{where} refuses the request (status {status}): {told}",
            fix=f"See that the address is right and that it serves {asking.endpoint.model!r}.",
        )
    try:
        found = msgspec.json.decode(content, type=_Completion)
        choice = found.choices[0]
    except (msgspec.DecodeError, UnicodeDecodeError, IndexError) as error:
        raise BadInput(
            f"{where} does not answer like a chat completion: {error}.",
            fix="Name an OpenAI-compatible endpoint, its address up to and with the version.",
        ) from None
    usage = found.usage or _Usage()
    return Reply(
        text=choice.message.content or "",
        cut=choice.finish_reason == "length",
        in_tokens=usage.prompt_tokens,
        out_tokens=usage.completion_tokens,
        seconds=seconds,
    )


def _body(prompt: tuple[Message, ...], asking: Asking) -> bytes:
    """The request, equal for equal prompts."""
    held: dict[str, object] = {}
    if asking.labels and asking.endpoint.choice == "guided_choice":
        held = {"guided_choice": asking.labels}
    elif asking.labels and asking.endpoint.choice == "structured_outputs":
        held = {"structured_outputs": {"choice": asking.labels}}
    return msgspec.json.encode(
        {
            "model": asking.endpoint.model,
            "messages": prompt,
            "max_tokens": asking.cap_tokens,
            "temperature": 0,
            **held,
        }
    )


def _name(body: bytes, endpoint: Endpoint) -> str:
    return digest_record([endpoint.url, body.decode()])


def _read_kept(path: Path) -> dict[str, Reply]:
    """What was answered before; a line that a kill left half-written is not there."""
    if not path.exists():
        return {}
    lines = [msgspec.json.decode(line, type=_Kept) for line in whole_lines(path.read_bytes())]
    return {line.request: line.reply for line in lines}
