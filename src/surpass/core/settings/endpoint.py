"""[ladder.endpoints.NAME]: a model behind an OpenAI-compatible endpoint."""

from typing import Annotated, Literal

from msgspec import Meta

from surpass.core.settings.section import Count, Section

Price = Annotated[float, Meta(ge=0)]


class Endpoint(Section, frozen=True, kw_only=True):
    """Where it is, how it is asked, and what it costs; only evaluate and rate judge call it."""

    url: Annotated[str, Meta(pattern=r"^https?://")]  # up to and with the version: …/v1
    model: str  # as the endpoint calls it
    key_env: str | None = None  # name of the environment variable that holds the key
    shots: Annotated[int, Meta(ge=0)] = 0  # solved examples in each prompt
    choice: Literal["none", "guided_choice", "structured_outputs"] = "none"  # holds it to labels
    at_once: Count = 4  # requests under way
    per_minute: Count | None = None  # requests, at most
    timeout_seconds: Annotated[float, Meta(gt=0)] = 60.0  # of one request
    input_price: Price | None = None  # of a million tokens, in your currency
    output_price: Price | None = None  # of a million tokens
