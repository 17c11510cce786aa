"""OpenTelemetry traces as OTLP JSON: spans of the gen_ai conventions, and their evaluations.

The names below are those of open-telemetry/semantic-conventions-genai in 2026-08, still in
development: they stand here and nowhere else.
"""

from collections.abc import Iterator

from surpass.steps.experimenting.logged import Logged, LoggedRequest, LoggedVote, moment_from

Json = dict[str, object]
_NANOSECONDS = 1e9
_OPERATIONS = ("chat", "text_completion", "generate_content")
_UNITS = ("surpass.unit", "enduser.id", "user.id")
_ERROR = (2, "STATUS_CODE_ERROR")
_VOTE = "gen_ai.evaluation.result"


def otlp_logged(tree: Json) -> Iterator[Logged]:
    """Requests and votes of one export; spans that are no model's answer are left out."""
    for resource in _list(tree, "resourceSpans"):
        for scope in _list(resource, "scopeSpans"):
            for span in _list(scope, "spans"):
                yield from _span(span)


def _span(span: Json) -> Iterator[Logged]:
    told = _attributes(span)
    start = moment_from(span.get("startTimeUnixNano"), per_second=_NANOSECONDS)
    end = moment_from(span.get("endTimeUnixNano"), per_second=_NANOSECONDS)
    if told.get("gen_ai.operation.name") not in _OPERATIONS or start is None:
        return
    name = str(told.get("gen_ai.response.id") or span.get("spanId") or "")
    model = told.get("gen_ai.response.model") or told.get("gen_ai.request.model")
    if not name or not model:
        return
    unit = next((str(told[key]) for key in _UNITS if told.get(key)), None)
    reasons = told.get("gen_ai.response.finish_reasons")
    status = span.get("status")
    yield LoggedRequest(
        id=name,
        at=start,
        unit=unit,
        model=str(model),
        arm=_text(told.get("surpass.arm")),
        session=_text(told.get("gen_ai.conversation.id")),
        failed=isinstance(status, dict) and status.get("code") in _ERROR,
        finish_reason=str(reasons[0]) if isinstance(reasons, list) and reasons else None,
        latency_ms=None if end is None else (end - start).total_seconds() * 1000,
        tokens=(
            _count(told.get("gen_ai.usage.input_tokens")),
            _count(told.get("gen_ai.usage.output_tokens")),
        ),
    )
    for event in _list(span, "events"):
        yield from _vote(event, name, unit)


def _vote(event: Json, request: str, unit: str | None) -> Iterator[LoggedVote]:
    told = _attributes(event)
    at = moment_from(event.get("timeUnixNano"), per_second=_NANOSECONDS)
    name = told.get("gen_ai.evaluation.name")
    if event.get("name") != _VOTE or at is None or not isinstance(name, str):
        return
    score = told.get("gen_ai.evaluation.score.value")
    yield LoggedVote(
        name=name,
        at=at,
        unit=unit,
        request=request,
        value=float(score) if isinstance(score, int | float) else None,
        label=_text(told.get("gen_ai.evaluation.score.label")),
    )


def _attributes(of: Json) -> Json:
    """Keys with their values, whatever their type; 64-bit numbers come as texts."""
    return {str(one.get("key")): _value(one.get("value")) for one in _list(of, "attributes")}


def _value(found: object) -> object:
    if not isinstance(found, dict):
        return None
    if "intValue" in found:
        return _count(found["intValue"])
    if isinstance(values := found.get("arrayValue"), dict):
        return [_value(one) for one in _list(values, "values")]
    return next(
        (found[key] for key in ("stringValue", "doubleValue", "boolValue") if key in found), None
    )


def _count(found: object) -> int | None:
    if isinstance(found, str) and found.isdecimal():
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _text(found: object) -> str | None:
    return found if isinstance(found, str) and found else None


def _list(of: Json, key: str) -> list[Json]:
    found = of.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
