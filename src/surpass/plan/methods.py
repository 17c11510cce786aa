"""The ways to tune a model, as far as they decide memory and time: what is trained, and how."""

from typing import Literal

import msgspec

from surpass.plan.shape import Shape

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

    P-tuning's are those of its encoder, a network of three layers as wide as the model.
    """
    match method.name:
        case "lora" | "qlora":
            return shape.adapter_parameters(method.rank)
        case "dora":
            return shape.adapter_parameters(method.rank) + shape.adapted_outputs()
        case "ia3":
            return shape.layers * (2 * shape.key_value + shape.feed_forward)
        case "prefix":
            return method.virtual_tokens * shape.layers * 2 * shape.key_value
        case "prompt":
            return method.virtual_tokens * shape.hidden
        case "ptuning":
            width = shape.hidden
            return method.virtual_tokens * width + 3 * (width * width + width)
        case "full":
            return shape.parameters
