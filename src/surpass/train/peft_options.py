"""Any other PEFT method by name, its options checked against PEFT's own configuration."""

import dataclasses
import difflib
import typing
from collections.abc import Mapping

import msgspec
from peft import PeftConfig
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING, PEFT_TYPE_TO_TUNER_MAPPING
from peft.tuners.tuners_utils import BaseTuner

from surpass.core.errors import BadInput
from surpass.core.settings import Other

# They need what a single loop over rows does not give: a schedule of their own, a second model,
# calls before or behind each step, or rows of several tasks.
_NEED_MORE = frozenset({"ADALORA", "XLORA", "POLY", "MULTITASK_PROMPT_TUNING", "OSF"})
_NOT_LINEAR = frozenset({"LN_TUNING", "TRAINABLE_TOKENS"})  # they change norms, or embeddings
_OWN_SECTION = frozenset({"LORA", "IA3"})
_OURS = frozenset({"peft_type", "task_type", "inference_mode", "base_model_name_or_path"})


def other_config(tuning: Other) -> PeftConfig:
    """PEFT's configuration of a method.

    Raises:
        BadInput: no such method, one that does not change layers, an unknown option, or a value of
            the wrong type.
    """
    kinds = {str(kind.value): found for kind, found in PEFT_TYPE_TO_CONFIG_MAPPING.items()}
    name = tuning.peft.upper()
    if name not in _possible():
        close = difflib.get_close_matches(name, sorted(_possible()), n=1)
        why = "needs more than a loop over rows" if name in kinds else "is no method of PEFT"
        raise BadInput(
            f'[tuning] peft = "{tuning.peft}" {why}'
            + (", or does not change layers." if name in kinds else "."),
            fix=f'Did you mean "{close[0].lower()}"?'
            if close and close[0] != name
            else f"Name one of: {', '.join(one.lower() for one in sorted(_possible()))}.",
        )
    kind = kinds[name]
    options = _checked(tuning, kind)
    if name not in _NOT_LINEAR:
        options.setdefault("target_modules", "all-linear")
    try:
        return kind(task_type="CAUSAL_LM", **options)
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"[tuning.options] do not make a configuration of {name}: {error}",
            fix=f"Look at PEFT's {kind.__name__}.",
        ) from None


def _possible() -> set[str]:
    """Methods that change layers, and that a loop over rows can train."""
    return {
        str(kind.value)
        for kind, tuner in PEFT_TYPE_TO_TUNER_MAPPING.items()
        if isinstance(tuner, type)
        and issubclass(tuner, BaseTuner)
        and hasattr(tuner, "merge_and_unload")
        and str(kind.value) not in _NEED_MORE | _OWN_SECTION
    } & {str(kind.value) for kind in PEFT_TYPE_TO_CONFIG_MAPPING}


def _checked(tuning: Other, kind: type[PeftConfig]) -> dict[str, object]:
    """The options with the types that PEFT declares."""
    known = {field.name for field in dataclasses.fields(kind)} - _OURS
    types = _declared(kind)
    for key, value in tuning.options.items():
        if key not in known:
            close = difflib.get_close_matches(key, sorted(known), n=1)
            raise BadInput(
                f'unknown option `{key}` in [tuning.options] of "{tuning.peft}".',
                fix=f"Did you mean `{close[0]}`?"
                if close
                else f"Known are: {', '.join(sorted(known))}.",
            )
        _check_type(key, value, types)
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in tuning.options.items()
    }


def _check_type(key: str, value: object, types: Mapping[str, object]) -> None:
    try:
        msgspec.convert(value, types.get(key, object))
    except msgspec.ValidationError as error:
        raise BadInput(
            f"[tuning.options] {key} cannot be {value!r}: {error}.",
            fix=f"Write for `{key}` what PEFT declares: {types[key]}.",
        ) from None
    except TypeError:
        return  # a type that msgspec cannot check; PEFT will say what is wrong


def _declared(kind: type[PeftConfig]) -> dict[str, object]:
    try:
        return dict(typing.get_type_hints(kind))
    except NameError:
        return {}  # names that PEFT imports for type checkers only
