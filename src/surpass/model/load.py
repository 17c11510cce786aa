"""Load a base model, with or without a tuned adapter, ready to answer."""

from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
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
from surpass.model.attention import Past, register_documents
from surpass.model.find import Base
from surpass.model.fold import ADAPTER_WEIGHTS, check_alive, fold_in
from surpass.model.proof import own_attention, prove_flat, prove_head
from surpass.model.quiet import quietly
from surpass.model.virtual import VIRTUAL, peft_type, read_virtual, require_flat

UNLIMITED = 1 << 20  # tokens; recurrent models declare no longest text


@dataclass(frozen=True)
class Loaded:
    """A model in memory. No parameter asks for a gradient."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    number_type: str
    device: str
    threads: int
    padded: bool  # True: documents must be padded, see `proof`
    virtual: Past | None = None  # virtual tokens that stand before everything

    @property
    def context(self) -> int:
        """The most tokens that prompt and answer may have together."""
        return _context(self.model.config) - (0 if self.virtual is None else len(self.virtual))

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
    has_virtual = adapter is not None and peft_type(adapter) in VIRTUAL
    folded = None if has_virtual else adapter
    kind = torch.float32 if folded else getattr(torch, number_type)
    with quietly():
        tokenizer = read_tokenizer(base.folder)
        model = read_model(base, kind)
        if folded is not None:
            model = fold_in(model, folded, base).to(getattr(torch, number_type))
    device = _device()
    model = model.to(device).eval().requires_grad_(False)  # noqa: FBT003 (torch's own signature)
    model.set_attn_implementation(own_attention(model))
    prove_head(model)
    padded = not prove_flat(model)
    virtual = None
    if adapter is not None and has_virtual:
        require_flat(base.name, padded=padded)
        check_alive(adapter)
        virtual = read_virtual(model, adapter, ADAPTER_WEIGHTS)
    return Loaded(model, tokenizer, number_type, device, threads, padded, virtual)


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


def read_model(base: Base, kind: torch.dtype) -> PreTrainedModel:
    """The weights as transformers reads them; only safetensors, no code from the folder.

    Raises:
        BadInput: it is no causal language model.
    """
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


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
