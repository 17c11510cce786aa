"""Settings that are possible each, and impossible together."""

from msgspec import UNSET

from surpass.core.errors import BadInput
from surpass.core.settings.model import Training
from surpass.core.settings.tuning import (
    Full,
    Lora,
    Other,
    Tuning,
    WithVirtualTokens,
    changes_base,
    method_of,
)

OWN_METHODS = {
    "lora": "lora",
    "ia3": "ia3",
    "prefix_tuning": "prefix",
    "prompt_tuning": "prompt",
    "p_tuning": "ptuning",
}
"""What PEFT calls a method that has a section of its own here."""


def refuse_pairs(tuning: Tuning, training: Training, where: str) -> None:
    """Refuse what cannot be done together; `where` names the file.

    Raises:
        BadInput: with the keys, the reason and values that work.
    """
    method = method_of(tuning)
    if isinstance(tuning, Full) and training.number_type == "bfloat16":
        raise BadInput(
            f'{where}: [tuning] method = "full" cannot learn with [training] number_type = '
            '"bfloat16": its eight bits swallow small steps of a weight.',
            fix='Set [training] number_type = "auto" or "float32".',
        )
    if type(tuning) is not Lora and changes_base(tuning) and isinstance(tuning, Lora):
        raise BadInput(
            f'{where}: [tuning] method = "{method}" does not go with init = "{tuning.init}", which '
            "changes the frozen weights; the adapter would fit no base that others have.",
            fix='Set init = "zero", "gaussian" or "orthogonal", or method = "lora".',
        )
    if isinstance(tuning, Other):
        _refuse_other(tuning, training, where)
    if training.pairs is not UNSET:
        _refuse_beside_pairs(tuning, training, where)


def _refuse_beside_pairs(tuning: Tuning, training: Training, where: str) -> None:
    """What cannot be learned from pairs of answers."""
    if isinstance(tuning, WithVirtualTokens):
        raise BadInput(
            f'{where}: [training.pairs] does not go with [tuning] method = "{method_of(tuning)}": '
            "virtual tokens are trained on answers alone.",
            fix='Set [tuning] method = "lora", or remove [training.pairs].',
        )
    if isinstance(tuning, Lora) and tuning.dropout:
        raise BadInput(
            f"{where}: [training.pairs] does not go with [tuning] dropout = {tuning.dropout}: an "
            "answer would be compared with what the base gives it without dropout.",
            fix="Set [tuning] dropout = 0.0.",
        )
    if training.loss_on == "assistant":
        raise BadInput(
            f'{where}: [training.pairs] does not go with [training] loss_on = "assistant":'
            " of a pair the last answer alone is learned.",
            fix='Set [training] loss_on = "answer".',
        )


def _refuse_other(tuning: Other, training: Training, where: str) -> None:
    own = OWN_METHODS.get(tuning.peft.lower())
    if own is not None:
        raise BadInput(
            f'{where}: [tuning] peft = "{tuning.peft}" has a section of its own here.',
            fix=f'Set [tuning] method = "{own}", without peft and options.',
        )
    if training.learning_rate == "auto":
        raise BadInput(
            f'{where}: [training] learning_rate = "auto" is not known for [tuning] peft = '
            f'"{tuning.peft}".',
            fix="Write a number, for example `learning_rate = 1e-3`.",
        )
