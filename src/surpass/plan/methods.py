"""The ways to tune a model, as far as they decide memory and time: what is trained, and how."""

from typing import Literal

import msgspec

from surpass.core.errors import CannotTell
from surpass.core.settings import Lora, Other, Ptuning, Tuning, WithVirtualTokens
from surpass.core.settings.tuning import method_of
from surpass.plan.shape import Shape

FOUR_BIT_BYTES = 0.5 + 1 / 64 + 4 / (64 * 256)
"""Of a weight in NF4: blocks of 64, their scales quantised again in blocks of 256."""

Name = Literal["lora", "qlora", "dora", "prefix", "prompt", "ptuning", "ia3", "full"]
NAMES: tuple[Name, ...] = ("lora", "qlora", "dora", "ia3", "prefix", "prompt", "ptuning", "full")

TITLES: dict[Name, str] = {
    "lora": "LoRA, 16-bit base",
    "qlora": "QLoRA, 4-bit base",
    "dora": "DoRA, 16-bit base",
    "ia3": "IA3",
    "prefix": "prefix tuning",
    "prompt": "prompt tuning",
    "ptuning": "P-tuning",
    "full": "full fine-tuning",
}


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """One way to tune, with the sizes that are chosen."""

    name: Name
    rank: int = 16  # of LoRA, QLoRA and DoRA
    virtual_tokens: int = 20  # of prefix, prompt and P-tuning
    width: int | None = None  # of P-tuning's encoder; none: as wide as the model

    @property
    def four_bit(self) -> bool:
        """The frozen weights are held in NF4 with double quantisation (arXiv:2305.14314)."""
        return self.name == "qlora"

    @property
    def all_weights(self) -> bool:
        """Every weight of the base is trained."""
        return self.name == "full"

    @property
    def longer_rows(self) -> int:
        """Tokens that the method puts before each row."""
        return self.virtual_tokens if self.name in {"prompt", "ptuning"} else 0


def trained_parameters(method: Method, shape: Shape) -> int:
    """Numbers that are trained, as PEFT counts them with adapters on all linear layers.

    P-tuning's are those of its encoder, taken for a network of three layers.
    """
    hidden, virtual = shape.hidden, method.virtual_tokens
    width = method.width or hidden
    adapter = shape.adapter_parameters(method.rank)
    trained: dict[Name, int] = {
        "lora": adapter,
        "qlora": adapter,
        "dora": adapter + shape.adapted_outputs(),
        "ia3": shape.layers * (2 * shape.key_value + shape.feed_forward),
        "prefix": virtual * shape.layers * 2 * shape.key_value,
        "prompt": virtual * hidden,
        "ptuning": (virtual + 1) * hidden + width * (2 * hidden + width + 2),
        "full": shape.parameters,
    }
    return trained[method.name]


def method_in(tuning: Tuning) -> Method:
    """What [tuning] says, as far as it decides memory and time.

    Raises:
        CannotTell: a method of PEFT whose sizes are not known here.
    """
    if isinstance(tuning, Other):
        raise CannotTell(
            f"What {tuning.peft} trains is not known before it is made.",
            fix='Plan with method = "lora", which as a rule needs as much.',
        )
    name = msgspec.convert(method_of(tuning), Name)
    if isinstance(tuning, Lora):
        return Method(name=name, rank=tuning.rank)
    if isinstance(tuning, Ptuning) and tuning.width != "auto":
        return Method(name=name, virtual_tokens=tuning.virtual_tokens, width=tuning.width)
    if isinstance(tuning, WithVirtualTokens):
        return Method(name=name, virtual_tokens=tuning.virtual_tokens)
    return Method(name=name)
