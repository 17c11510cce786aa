"""Constants that no formula gives, fitted on what others published; all of them in this file.

Made by `benchmarks/predictions.py`, which fits them again on the rows of published.toml that are
marked so (Qwen 7B and 14B, LoRA and Q-LoRA, one A100) and prints every error; a test holds that
these are what the fit gives.
"""

A100_REACHED_SHARE = 0.560
"""Of the card's rate of matrix products; what is left is below, not in here."""

LAUNCH_SECONDS = 0.0022
"""Of one layer and micro-batch, forward and back: kernels are started one after the other."""

EXPAND_SECONDS = 0.0325
"""Of one micro-batch and 1e9 four-bit weights, which are written out in 16 bit three times; on an
A100, elsewhere in inverse proportion to the memory's bandwidth."""

A100_BANDWIDTH_GB = 2039

LORA_FRAMEWORK_GB = 1.60
"""CUDA, its libraries and what the allocator cannot use: LoRA in the trainer of transformers."""

QLORA_FRAMEWORK_GB = 3.21
"""The same of Q-LoRA under DeepSpeed, buffers of both included."""

LORA_SCORE_BYTES = 13.0
"""Of each token and word of the vocabulary, where scores of all tokens are held at once."""

QLORA_SCORE_BYTES = 7.26
"""The same in float16 under DeepSpeed."""

MARGIN = 0.12
"""A plan fits if so much more fits too: no published row of an adapter was predicted lower."""

FULL_MARGIN = 0.40
"""The same of full tuning, from the one published row of a single card (Qwen 1.8B)."""
