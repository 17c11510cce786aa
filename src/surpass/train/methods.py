"""What learns, method by method: parameters, virtual tokens before the rows, and how it is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

from torch import Tensor, nn

from surpass.core.settings import (
    Full,
    Ia3,
    Lora,
    Other,
    Prefix,
    Prompt,
    Ptuning,
    Qlora,
    Tuning,
    WithVirtualTokens,
)
from surpass.core.settings.tuning import changes_base
from surpass.model.attention import Past
from surpass.model.find import Base
from surpass.model.load import Loaded, load
from surpass.model.nf4 import hold_in_nf4, require_bitsandbytes
from surpass.model.virtual import require_flat
from surpass.train.adapter import (
    Beside,
    adapter_parameters,
    add_adapter,
    mark_four_bits,
    write_adapter,
)
from surpass.train.full import unfreeze, write_weights
from surpass.train.started import as_plain_lora
from surpass.train.virtual_tokens import VirtualTokens


@dataclass(frozen=True)
class Method:
    """What learns in a model, and how it is kept."""

    parameters: Mapping[str, nn.Parameter]  # all of them fp32
    write: Callable[[Path, Mapping[str, Tensor], str], None]  # folder, values, the base's name
    past: Callable[[], Past] | None = None  # virtual tokens, anew at each step

    def before(self, loaded: Loaded) -> Loaded:
        """The model as it is asked now: behind its virtual tokens, if there are any."""
        return loaded if self.past is None else replace(loaded, virtual=self.past())


def load_for(tuning: Tuning, base: Base, number_type: str, *, threads: int) -> Loaded:
    """Load a base for a method: float32 where all weights learn, four bits for QLoRA.

    Raises:
        BadInput: see `load`, or a package is missing.
    """
    if isinstance(tuning, Full):
        return load(base, "float32", threads=threads)
    if not isinstance(tuning, Qlora):
        return load(base, number_type, threads=threads)
    require_bitsandbytes()  # first: loading takes long
    loaded = load(base, "float32", threads=threads)
    hold_in_nf4(loaded.model, number_type)
    return replace(loaded, number_type=number_type)


def virtual_tokens(tuning: Tuning) -> int:
    """Tokens of the context that a method takes for itself."""
    return tuning.virtual_tokens if isinstance(tuning, WithVirtualTokens) else 0


def prepare(loaded: Loaded, tuning: Tuning, seed: int, *, name: str) -> Method:
    """Make a model ready to learn; changed in place.

    Args:
        loaded: As `load_for` loads it.
        tuning: The method.
        seed: Same seed, same start.
        name: Of the base, for errors.

    Raises:
        BadInput: the method does not go with this model.
    """
    match tuning:
        case Full():
            return Method(
                unfreeze(loaded.model),
                lambda out, values, _: write_weights(loaded, out, values),
            )
        case Prefix() | Prompt() | Ptuning():
            require_flat(name, padded=loaded.padded)
            tokens = VirtualTokens(loaded.model, tuning, seed)
            return Method(
                tokens.parameters,
                lambda out, values, base: write_adapter(
                    out, tokens.kept(values), tokens.config, base
                ),
                tokens.past,
            )
        case Lora() | Ia3() | Other():
            return _beside(loaded, tuning, seed)
        case _:
            assert_never(tuning)


def _beside(loaded: Loaded, tuning: Beside, seed: int) -> Method:
    """An adapter beside layers."""
    config = add_adapter(loaded.model, tuning, seed)
    parameters = adapter_parameters(loaded.model)
    start = {name: parameter.detach().cpu().clone() for name, parameter in parameters.items()}

    def write(out: Path, values: Mapping[str, Tensor], base: str) -> None:
        kept, told = values, config
        if changes_base(tuning):
            kept, told = as_plain_lora(values, start, config)
        write_adapter(out, kept, told, base)
        if isinstance(tuning, Qlora):
            mark_four_bits(out)

    return Method(parameters, write)
