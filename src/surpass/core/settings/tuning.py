"""[tuning]: which of the model's numbers learn, one section a method."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from surpass.core.settings.section import Auto, Count, OptionValue, Section

Init = Literal["zero", "gaussian", "orthogonal", "olora", "pissa", "pissa_niter_16"]
"""How the two matrices start; olora and pissa take them out of the frozen weights."""

Virtual = Annotated[int, Meta(ge=1, le=1000)]


class Lora(Section, frozen=True, kw_only=True, tag_field="method", tag="lora"):
    """Train two thin matrices beside each frozen weight (arXiv:2106.09685)."""

    rank: Count = 8  # of both matrices; more can learn more, and costs more
    alpha: Count = 16  # the update is scaled by alpha / rank
    dropout: Annotated[float, Meta(ge=0, lt=1)] = 0.0  # share of the adapter's inputs zeroed
    targets: str | tuple[str, ...] = "all-linear"  # names of the modules that get an adapter
    # Unset and not false: a run's name is made of what is written, and runs without it keep theirs.
    rslora: bool | UnsetType = UNSET  # scale by alpha / sqrt(rank), for high ranks (2312.03732)
    init: Init | UnsetType = UNSET  # start of the matrices; zero if left out


class Dora(Lora, frozen=True, kw_only=True, tag_field="method", tag="dora"):
    """LoRA for the direction of each weight's columns, and their lengths beside (2402.09353)."""


class Qlora(Lora, frozen=True, kw_only=True, tag_field="method", tag="qlora"):
    """LoRA beside weights of 4 bits: NF4, its scales quantised too (arXiv:2305.14314)."""


class Ia3(Section, frozen=True, kw_only=True, tag_field="method", tag="ia3"):
    """Train one factor for each output, or input, of a few layers (arXiv:2205.05638)."""

    targets: tuple[str, ...] = ("k_proj", "v_proj", "down_proj")  # names of linear layers
    feedforward: tuple[str, ...] = ("down_proj",)  # of them, those whose inputs are scaled


class Prefix(Section, frozen=True, kw_only=True, tag_field="method", tag="prefix"):
    """Train keys and values of virtual tokens in each layer (arXiv:2101.00190)."""

    virtual_tokens: Virtual = 20  # each costs a token of the model's context
    start: Literal["vocabulary", "random"] = "vocabulary"  # those of real tokens, or noise


class Prompt(Section, frozen=True, kw_only=True, tag_field="method", tag="prompt"):
    """Train the embeddings of virtual tokens before the prompt (arXiv:2104.08691)."""

    virtual_tokens: Virtual = 20  # each costs a token of the model's context
    start: Literal["vocabulary", "random"] = "vocabulary"  # copies of embeddings, or noise


class Ptuning(Section, frozen=True, kw_only=True, tag_field="method", tag="ptuning"):
    """The same, the embeddings made by a small network that learns (arXiv:2103.10385)."""

    virtual_tokens: Virtual = 20  # each costs a token of the model's context
    encoder: Literal["mlp", "lstm"] = "mlp"  # kind of the network; it is not kept
    width: Count | Auto = "auto"  # of its hidden layer; auto: the model's


class Full(Section, frozen=True, kw_only=True, tag_field="method", tag="full"):
    """Train all weights, in float32: sixteen bytes of memory for each."""


class Other(Section, frozen=True, kw_only=True, tag_field="method", tag="other"):
    """Any other method of PEFT that changes layers, by name."""

    peft: Annotated[str, Meta(min_length=1)]  # PEFT's name of it, for example "loha"
    options: dict[str, OptionValue] = msgspec.field(default_factory=dict)  # PEFT's, checked


Tuning = Lora | Dora | Qlora | Ia3 | Prefix | Prompt | Ptuning | Full | Other
WithVirtualTokens = Prefix | Prompt | Ptuning


def method_of(tuning: Tuning) -> str:
    """Its name in [tuning] method."""
    return str(tuning.__struct_config__.tag)


def spoken(tuning: Tuning) -> str:
    """Its name at the head of a sentence."""
    if isinstance(tuning, Other):
        return tuning.peft
    if isinstance(tuning, Lora) and tuning.rslora is True:
        return f"{_SPOKEN[method_of(tuning)]}, scaled for its rank,"
    return _SPOKEN[method_of(tuning)]


_SPOKEN = {
    "lora": "LoRA",
    "dora": "DoRA",
    "qlora": "QLoRA",
    "ia3": "IA3",
    "prefix": "Prefix-tuning",
    "prompt": "Prompt-tuning",
    "ptuning": "P-tuning",
    "full": "Full fine-tuning",
}


def changes_base(tuning: Tuning) -> bool:
    """Whether the start takes the matrices out of the frozen weights, which change for it."""
    return isinstance(tuning, Lora) and str(tuning.init).startswith(("olora", "pissa"))
