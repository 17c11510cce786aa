"""Which checks there are, and how they are run."""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from types import MappingProxyType

import msgspec
import polars as pl

from surpass.core.errors import BadInput
from surpass.core.settings import Classify, Extract, OptionValue, Section, Settings
from surpass.core.wording import plain_types
from surpass.data.checks import (
    annotation_quality,
    bias,
    boilerplate,
    contradictions,
    coverage,
    exact_duplicates,
    imbalance,
    languages,
    leakage,
    leaking_columns,
    lengths,
    near_duplicates,
    personal_data,
    provenance,
    relevance,
    straddle,
    structure,
    truncated,
    wrong_labels,
    wrong_outputs,
)
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import CheckResult

ENTRY_POINTS = "surpass.checks"
"""Group of installed checks; each entry point is a `Check`, loaded when [checks.NAME] names it."""

_GRAVITY = ("error", "fix", "review", "note")


class Check(msgspec.Struct, frozen=True):
    """One check: its name, the type of its options, and its rule."""

    name: str
    options: type[Section]
    find: Callable[..., CheckResult]  # (examples, options, kind), and Beside where it has needs
    needs: tuple[str, ...] = ()  # the fields of Beside that it reads


_OURS = MappingProxyType(
    {
        module.NAME: Check(module.NAME, module.Options, module.find, getattr(module, "NEEDS", ()))
        for module in (
            structure,
            contradictions,
            wrong_labels,
            wrong_outputs,
            annotation_quality,
            truncated,
            boilerplate,
            exact_duplicates,
            near_duplicates,
            leakage,
            leaking_columns,
            imbalance,
            lengths,
            languages,
            personal_data,
            relevance,
            coverage,
            bias,
            provenance,
            straddle,
        )
    }
)


def all_checks(asked: Mapping[str, object] | None = None) -> dict[str, Check]:
    """Our checks, and the installed ones among the names asked for.

    Raises:
        BadInput: a name is neither ours nor installed, or what is installed is no check.
    """
    checks = dict(_OURS)
    for name in asked or ():
        if name not in checks:
            checks[name] = _installed(name)
    return checks


def run_checks(
    examples: pl.DataFrame, settings: Settings, beside: Beside | None = None
) -> tuple[CheckResult, ...]:
    """Run every check; what costs the result most comes first.

    Found before cannot tell before clear; errors before fixes, reviews and notes; more rows first.

    Args:
        examples: The rows.
        settings: Of the project; [checks.NAME] holds the options of a check.
        beside: What some checks need beside the rows; none: they say what is missing.

    Raises:
        BadInput: [checks.NAME] names no check, or an option that the check does not have.
    """
    checks = all_checks(settings.checks)
    options = {name: _options(check, settings) for name, check in checks.items()}
    beside = beside or Beside()
    results = [
        check.find(examples, options[name], settings.kind, *((beside,) if check.needs else ()))
        for name, check in checks.items()
    ]
    return tuple(sorted(results, key=_cost))


def _cost(result: CheckResult) -> tuple[int, int, int]:
    state = ("found", "cannot tell", "clear").index(result.state)
    return state, _GRAVITY.index(result.severity), -result.rows


def _installed(name: str) -> Check:
    points = [*entry_points(group=ENTRY_POINTS, name=name)]
    if not points:
        raise BadInput(
            f"[checks.{name}] names no check.",
            fix=f"The checks are {', '.join(_OURS)}; others must be installed.",
        )
    check = points[0].load()
    if not isinstance(check, Check):
        raise BadInput(
            f"The installed check {name!r} ({points[0].value}) is not a surpass Check.",
            fix="Its entry point must name an object of surpass.data.checks.Check.",
        )
    return check


def _options(check: Check, settings: Settings) -> Section:
    """The check's options: as declared, else as other sections say, else the defaults."""
    values = _known_elsewhere(check.name, settings) | settings.checks.get(check.name, {})
    try:
        return msgspec.convert(values, check.options)
    except msgspec.ValidationError as error:
        known = ", ".join(check.options.__struct_fields__) or "none"
        what, _, place = plain_types(str(error)).partition(" - at `$")
        key = place.rstrip("`").lstrip(".")
        said = f"{key}: {what[:1].lower()}{what[1:]}" if key else what
        raise BadInput(f"[checks.{check.name}] {said}.", fix=f"Its options are: {known}.") from None


def _known_elsewhere(name: str, settings: Settings) -> dict[str, OptionValue]:
    task = settings.task
    if name == structure.NAME and isinstance(task, Classify):
        return {"labels": task.labels}
    if name == structure.NAME and isinstance(task, Extract):
        return {"fields": task.fields}
    if name == bias.NAME:
        swaps = settings.fairness.swaps
        pairs = () if isinstance(swaps, str) else tuple(f"{a}={b}" for a, b in swaps.items())
        return {"groups": settings.fairness.groups, "swaps": pairs}
    if name in (straddle.NAME, leakage.NAME):
        return {"test_share": settings.split.test_share}
    return {}
