"""OpenAI-style logs: one JSON object a line, a completion or a request with its completion."""

from surpass.steps.experimenting.logged import LoggedRequest, moment_from

Json = dict[str, object]


def openai_request(line: Json) -> LoggedRequest | None:
    """A line of a log; None: it holds no completion or lacks its moment.

    Read are a stored `chat.completion`, a line of a batch's output file, and
    `{"request": …, "response": …}`. The unit stands in `unit`, or in the request's
    `safety_identifier` or `user`; the arm in `arm`, or in the metadata's.
    """
    asked, response = _object(line, "request"), _object(line, "response")
    asked = _object(asked, "body") or asked
    body = _object(response, "body") or response or line
    choices = body.get("choices")
    error = body.get("error") or line.get("error")
    metadata = {
        **_object(asked, "metadata"),
        **_object(body, "metadata"),
        **_object(line, "metadata"),
    }
    at = moment_from(line.get("at") or body.get("created") or line.get("created"))
    name = _text(line, "id") or _text(body, "id") or _text(line, "custom_id")
    model = _text(body, "model") or _text(asked, "model")
    if at is None or not name or not model or not (choices or error):
        return None
    status = response.get("status_code") or line.get("status_code")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    choice = choice if isinstance(choice, dict) else {}
    usage = _object(body, "usage")
    return LoggedRequest(
        id=name,
        at=at,
        unit=_first(
            _text(line, "unit"),
            _text(metadata, "unit"),
            *(_text(place, key) for place in (asked, body, line) for key in _UNITS),
        ),
        model=model,
        arm=_first(_text(line, "arm"), _text(metadata, "arm")),
        session=_first(_text(line, "session"), _text(metadata, "session")),
        failed=bool(error) or (isinstance(status, int) and status >= 400),
        finish_reason=_text(choice, "finish_reason"),
        latency_ms=_number(line, "latency_ms"),
        tokens=(_count(usage, "prompt_tokens"), _count(usage, "completion_tokens")),
        answer=_text(_object(choice, "message"), "content"),
    )


_UNITS = ("safety_identifier", "user")


def _object(of: Json, key: str) -> Json:
    found = of.get(key)
    return found if isinstance(found, dict) else {}


def _text(of: Json, key: str) -> str | None:
    found = of.get(key)
    return found if isinstance(found, str) and found else None


def _number(of: Json, key: str) -> float | None:
    found = of.get(key)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _count(of: Json, key: str) -> int | None:
    found = of.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _first(*found: str | None) -> str | None:
    return next((one for one in found if one), None)
