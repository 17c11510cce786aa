"""A tokenizer in GGUF's terms: its words, their kinds, its merges, and how it splits texts."""

import json
from typing import NamedTuple

from transformers import PreTrainedTokenizerBase

from surpass.core.errors import BadInput

NORMAL, CONTROL, USER_DEFINED, UNUSED = 1, 3, 4, 5  # gguf.TokenType

# The expression of Llama 3's tokenizer.json, under which llama.cpp knows it (llama-vocab.cpp).
_LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


class Words(NamedTuple):
    """What a GGUF file says of a byte-level tokenizer."""

    tokens: list[str]  # by number
    types: list[int]  # of each
    merges: list[str]  # "left right", first come first joined
    splitting: str  # llama.cpp's name of how texts are split before merges


def vocabulary_of(tokenizer: PreTrainedTokenizerBase, size: int) -> Words:
    """The vocabulary of a tokenizer of byte pairs.

    Args:
        tokenizer: A fast one.
        size: Of the model's vocabulary; numbers that the tokenizer does not use are filled.

    Raises:
        BadInput: it is of another kind, or splits texts as llama.cpp has no name for.
    """
    described = json.loads(tokenizer.backend_tokenizer.to_str())
    model = described["model"]
    splitting = _splitting(described)
    if model["type"] != "BPE" or model.get("byte_fallback") or splitting is None:
        raise BadInput(
            f"The tokenizer of {tokenizer.name_or_path} cannot be written as GGUF here: it is not "
            "of byte pairs split as GPT-2, SmolLM or Llama 3 split texts.",
            fix="Run `surpass merge --as merged` and convert that folder with llama.cpp's "
            "convert_hf_to_gguf.py.",
        )
    known = {number: word for word, number in tokenizer.get_vocab().items()}
    added = tokenizer.added_tokens_decoder
    kinds = {number: CONTROL if one.special else USER_DEFINED for number, one in added.items()}
    numbers = range(max(size, len(known)))
    merges = [one if isinstance(one, str) else " ".join(one) for one in model["merges"]]
    return Words(
        tokens=[known.get(number, f"[PAD{number}]") for number in numbers],
        types=[kinds.get(number, NORMAL) if number in known else UNUSED for number in numbers],
        merges=merges,
        splitting=splitting,
    )


def _splitting(described: dict[str, object]) -> str | None:
    """llama.cpp's name of the splitting; none: it has none, or texts are changed before it."""
    before = described.get("pre_tokenizer")
    if described.get("normalizer") is not None or not isinstance(before, dict):
        return None
    *first, last = before["pretokenizers"] if before["type"] == "Sequence" else [before]
    if last["type"] != "ByteLevel" or last["add_prefix_space"] or len(first) > 1:
        return None
    splits = dict(first[0]) if first else {"type": "nothing"}
    if last["use_regex"]:
        digits = splits["type"] == "Digits" and splits["individual_digits"]
        return "smollm" if digits else "gpt-2" if not first else None
    return "llama-bpe" if splits.get("pattern") == {"Regex": _LLAMA_3} else None
