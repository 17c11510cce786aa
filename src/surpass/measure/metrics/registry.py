"""Which metrics there are: one class in one of the folders beside this file adds one."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from types import MappingProxyType, ModuleType
from typing import TypeGuard, get_args, get_type_hints

import msgspec

from surpass.core.errors import BadInput
from surpass.core.settings import OptionValue
from surpass.core.wording import plain_types
from surpass.measure.metrics import labels, records, runs, texts
from surpass.measure.metrics.metric import Metric

ENTRY_POINTS = "surpass.metrics"

_FOLDERS = (labels, records, texts, runs)
_USUAL = {
    "classify": ("macro_f1", "accuracy", "auc"),
    "extract": ("field_f1", "exact_record", "valid_share"),
    "generate": ("chrf", "exact_match"),
    "code": ("pass_at_k",),
}
"""What every evaluation of a kind of task reports, its default first. The others need options, more
columns or a certain form of targets, or take long."""


def metric(name: str, options: dict[str, OptionValue] | None = None) -> Metric:
    """The metric of that name, built in or installed.

    Args:
        name: As in surpass.toml.
        options: What stands under [criteria.metrics.NAME]; what is left out has its default.

    Raises:
        BadInput: there is no such metric, or not with these options.
    """
    if name in BUILT_IN:
        return _with_options(type(BUILT_IN[name]), options) if options else BUILT_IN[name]
    installed = entry_points(group=ENTRY_POINTS)
    for entry in installed:
        if entry.name == name:
            return _installed(name, entry.load(), options)
    known = [*BUILT_IN, *(entry.name for entry in installed)]
    close = difflib.get_close_matches(name, known, n=3)
    hint = f"Did you mean {_listed(close)}?" if close else f"There are: {_listed(known)}."
    raise BadInput(f"There is no metric `{name}`.", fix=hint)


def usual_metrics(kind: str) -> tuple[Metric, ...]:
    """What every evaluation of a kind of task reports without being asked, the default first."""
    return tuple(BUILT_IN[name] for name in _USUAL.get(kind, ()))


def metrics_for(kind: str) -> tuple[Metric, ...]:
    """Every built-in metric that fits a kind of task, without options, the usual ones first."""
    usual = usual_metrics(kind)
    others = (one for one in BUILT_IN.values() if kind in one.kinds and one not in usual)
    return (*usual, *others)


def _installed(name: str, found: object, options: dict[str, OptionValue] | None) -> Metric:
    """What a third party offers: a metric, or a class that makes one."""
    if isinstance(found, type):
        made: Metric = _with_options(found, options) if options else found()
        return made
    if options:
        raise BadInput(f"The metric `{name}` has no options.", fix=_remove(name))
    offered: Metric = found  # type: ignore[assignment]
    return offered


def _with_options(kind: type[Metric], options: dict[str, OptionValue]) -> Metric:
    """A metric with options as they were written.

    Raises:
        BadInput: it has no such option, or not with that value; says which there are.
    """
    place = f"[criteria.metrics.{kind.name}]"
    known = kind.__struct_fields__ if issubclass(kind, msgspec.Struct) else ()
    if not known:
        raise BadInput(f"The metric `{kind.name}` has no options.", fix=_remove(kind.name))
    unknown = [key for key in options if key not in known]
    if unknown:
        close = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"Did you mean `{close[0]}`?" if close else f"There are: {_listed([*known])}."
        raise BadInput(f"{place} has no option `{unknown[0]}`.", fix=hint)
    try:
        return msgspec.convert(options, kind)
    except msgspec.ValidationError as error:
        what, _, where = plain_types(str(error)).partition(" - at `$")
        key = where.rstrip("`").lstrip(".")
        choices = get_args(get_type_hints(kind).get(key))
        listed = f"Choose {_listed([*choices])}." if _are_texts(choices) else ""
        said = f"{place} {key}: {what}" if key else f"{place} {what}"
        raise BadInput(f"{said}.", fix=listed or f"Its options are {_listed([*known])}.") from None


def _are_texts(choices: tuple[object, ...]) -> TypeGuard[tuple[str, ...]]:
    return bool(choices) and all(isinstance(one, str) for one in choices)


def _remove(name: str) -> str:
    return f"Remove [criteria.metrics.{name}]."


def _listed(names: list[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def _classes(folder: ModuleType) -> Iterator[type[Metric]]:
    """The metrics that the files of a folder define, by file and line."""
    for found in sorted(pkgutil.iter_modules(folder.__path__), key=lambda one: one.name):
        module = importlib.import_module(f"{folder.__name__}.{found.name}")
        for value in vars(module).values():
            ours = isinstance(value, type) and value.__module__ == module.__name__
            if ours and hasattr(value, "kinds") and hasattr(value, "statistics"):
                yield value


BUILT_IN: MappingProxyType[str, Metric] = MappingProxyType(
    {one.name: one() for folder in _FOLDERS for one in _classes(folder)}
)
"""Each built-in metric by name, without options; by folder, file and line."""
