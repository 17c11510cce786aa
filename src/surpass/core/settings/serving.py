"""[serving]: what `surpass serve` keeps of each request, and what it takes from clients."""

from typing import Annotated, Literal

from msgspec import Meta

from surpass.core.settings.endpoint import Price
from surpass.core.settings.section import Count, Section


class Upstream(Section, frozen=True, kw_only=True):
    """An OpenAI-compatible engine behind the gateway, such as vLLM, instead of the one built in."""

    url: Annotated[str, Meta(pattern=r"^https?://")]  # up to and with the version: …/v1
    base: str  # how it calls the base; releases it must know by their name, task@digest
    key_env: str | None = None  # name of the environment variable that holds the key for it
    input_price: Price | None = None  # of a million tokens, in your currency
    output_price: Price | None = None  # of a million tokens


class Serving(Section, frozen=True, kw_only=True):
    """How clients are answered, and what is kept of it."""

    capture: Literal["none", "metadata", "redacted", "full"] = "redacted"  # see the page on serving
    keep_days: Count = 180  # requests and feedback older than this are deleted
    hosts: tuple[str, ...] = ()  # names under which clients reach the server, beside this machine's
    origins: tuple[str, ...] = ()  # pages of other sites that may call it: https://app.example.org
    waiting: Count = 64  # requests that wait for the model; more are told to come later
    loaded: Count = 3  # models kept in memory, the base among them
    timeout_seconds: Annotated[float, Meta(gt=0)] = 120.0  # of one answer
    body_kilobytes: Count = 1024  # longest request
    upstream: Upstream | None = None  # none: the engine built in
