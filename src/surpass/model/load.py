"""Load a base model, with or without a tuned adapter, ready to answer."""

from dataclasses import dataclass
from pathlib import Path

import peft
import torch
import transformers
from safetensors import SafetensorError, safe_open
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from surpass.core.environment import processor
from surpass.core.errors import BadInput
from surpass.core.records.run import Environment
from surpass.model.attention import register_documents
from surpass.model.find import Base
from surpass.model.proof import own_attention, prove_flat, prove_head
from surpass.model.quiet import quietly

ADAPTER_WEIGHTS = "adapter_model.safetensors"
_LORA = ".lora_"  # in the name of every tensor of an adapter
UNLIMITED = 1 << 20  # tokens; recurrent models declare no longest text
ADAPTER_CONFIG = "adapter_config.json"


@dataclass(frozen=True)
class Loaded:
    """A model in memory. No parameter asks for a gradient."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    number_type: str
    device: str
    threads: int
    padded: bool  # True: documents must be padded, see `proof`

    @property
    def context(self) -> int:
        """The most tokens that prompt and answer may have together."""
        return _context(self.model.config)

    @property
    def environment(self) -> Environment:
        """Where its numbers are made."""
        return Environment(
            number_type=self.number_type,
            device=self.device,
            torch=str(torch.__version__),
            transformers=transformers.__version__,
            machine=processor(),
            threads=self.threads,
            padded=self.padded,
        )


def load(base: Base, number_type: str, adapter: Path | None = None, *, threads: int) -> Loaded:
    """Load a base model and fold a tuned adapter into its weights.

    The adapter is added in fp32 and the sum rounded to the number type once, so that answering
    costs no more than with the base.

    Args:
        base: What `find_base` found.
        number_type: "float32" or "bfloat16", of weights and sums.
        adapter: A PEFT folder.
        threads: Processor threads for the whole process.

    Raises:
        BadInput: the folder is no causal language model, or the adapter changes nothing or does
            not belong to this base.
    """
    torch.set_num_threads(threads)
    register_documents()
    kind = torch.float32 if adapter else getattr(torch, number_type)
    with quietly():
        tokenizer = read_tokenizer(base.folder)
        model = _read_model(base, kind)
        if adapter is not None:
            model = _fold_in(model, adapter, base).to(getattr(torch, number_type))
    device = _device()
    model = model.to(device).eval().requires_grad_(False)  # noqa: FBT003 (torch's own signature)
    model.set_attn_implementation(own_attention(model))
    prove_head(model)
    padded = not prove_flat(model)
    return Loaded(model, tokenizer, number_type, device, threads, padded)


def read_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer in a base's folder.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{folder} has no tokenizer that can be read: {_first_line(error)}",
            fix="Save the model's tokenizer there (tokenizer.json, tokenizer_config.json).",
        ) from None


def read_context(folder: Path) -> int:
    """The most tokens that a base's prompt and answer may have together; no weights are read.

    Raises:
        BadInput: the configuration cannot be read.
    """
    try:
        return _context(
            AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        )
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{folder} has no configuration that can be read: {_first_line(error)}",
            fix="Save the model's config.json there.",
        ) from None


def _context(config: PreTrainedConfig) -> int:
    return int(getattr(config.get_text_config(), "max_position_embeddings", None) or UNLIMITED)


def _read_model(base: Base, kind: torch.dtype) -> PreTrainedModel:
    """The weights as transformers reads them; only safetensors, no code from the folder."""
    try:
        return AutoModelForCausalLM.from_pretrained(
            base.folder,
            dtype=kind,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
        )
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{base.name} cannot be read as a causal language model: {_first_line(error)}",
            fix="Choose a base whose architecture transformers knows without code of its own.",
        ) from None


def _fold_in(model: PreTrainedModel, adapter: Path, base: Base) -> PreTrainedModel:
    """Add an adapter to the weights it was trained beside."""
    stored = check_alive(adapter)
    try:
        wrapped = peft.PeftModel.from_pretrained(model, str(adapter))
    except (RuntimeError, ValueError, KeyError) as error:
        raise _misfit(adapter, base, _first_line(error)) from None
    used = peft.get_peft_model_state_dict(wrapped, save_embedding_layers=False)
    astray = stored.symmetric_difference(name for name in used if _LORA in name)
    if astray:  # PEFT only warns of it
        raise _misfit(adapter, base, f"{min(astray)} has no counterpart.")
    return wrapped.merge_and_unload()


def _misfit(adapter: Path, base: Base, why: str) -> BadInput:
    return BadInput(
        f"The adapter in {adapter} does not fit {base.name}: {why}",
        fix="Name the base that it was trained on under [model] base.",
    )


def check_alive(adapter: Path) -> set[str]:
    """Check that a PEFT folder holds an adapter that changes something.

    Returns:
        Names of its LoRA tensors.

    Raises:
        BadInput: a file is missing, or all its LoRA B matrices are zero.
    """
    missing = [name for name in (ADAPTER_CONFIG, ADAPTER_WEIGHTS) if not (adapter / name).is_file()]
    if missing:
        raise BadInput(
            f"{adapter} is no PEFT adapter: it has no {' and no '.join(missing)}.",
            fix="Name a folder that `save_pretrained` of PEFT wrote, with safetensors weights.",
        )
    try:
        with safe_open(adapter / ADAPTER_WEIGHTS, framework="pt") as weights:
            names = {name for name in weights.keys() if _LORA in name}  # noqa: SIM118 (safe_open is no mapping)
            second = [name for name in names if "lora_B" in name or "embedding_B" in name]
            alive = any(bool(weights.get_tensor(name).any()) for name in second)
    except SafetensorError as error:
        raise BadInput(
            f"{adapter / ADAPTER_WEIGHTS} cannot be read: {error}.", fix="Copy it again."
        ) from None
    if second and not alive:
        raise BadInput(
            f"The adapter in {adapter} changes nothing: all of its {len(second)} B matrices are 0.",
            fix="Train it; this one is as it was before the first step.",
        )
    return names


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
