"""How fast to learn at each step."""

from typing import assert_never

from surpass.core.settings import (
    Full,
    Ia3,
    Lora,
    Other,
    Prefix,
    Prompt,
    Ptuning,
    Training,
    Tuning,
)

SMALL = 1_000_000_000  # parameters
RATE_SMALL = 1e-3
RATE_LARGE = 2e-4
FULL_SHARE = 0.1  # of LoRA's rate
# Virtual tokens and factors are few and far from the loss: they need larger steps than matrices.
RATE_PREFIX = 1e-2
RATE_PROMPT = 3e-2
RATE_IA3 = 1e-2


def peak_rate(training: Training, parameters: int, tuning: Tuning) -> float:
    """The highest learning rate: as set, or what suits the method and the size of the model.

    LoRA, DoRA and QLoRA: 1e-3 for models under a billion parameters, else 2e-4; full tuning a tenth
    of it; prefix-tuning 1e-2, prompt-tuning 3e-2, p-tuning as LoRA, IA3 1e-2.

    Source:
        LoRA wants about ten times the rate of full tuning, nearly whatever the rank (Thinking
        Machines 2025, LoRA Without Regret): 2e-4. Small models bear and need more: 1e-3 with
        linear decay on SmolLM2-135M, rank 8 and 16, batches of 512 to 1,024 tokens. The others are
        those of PEFT's examples for causal language models; P-tuning's network is made of weights,
        so its rate is that of matrices; IA3's is between its paper's 3e-3 and PEFT's 1e-2 or more.
    """
    if training.learning_rate != "auto":
        return training.learning_rate
    lora = RATE_SMALL if parameters < SMALL else RATE_LARGE
    match tuning:
        case Full():
            return lora * FULL_SHARE
        case Prefix():
            return RATE_PREFIX
        case Prompt():
            return RATE_PROMPT
        case Ia3():
            return RATE_IA3
        case Lora() | Ptuning() | Other():  # another method's rate is always set
            return lora
        case _:
            assert_never(tuning)


def rate_at(step: int, steps: int, warmup_share: float, peak: float) -> float:
    """Learning rate of step 0 to `steps` - 1: up in a line, then down in a line towards 0."""
    warmup = int(warmup_share * steps)
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    return peak * (steps - step) / (steps - warmup)
