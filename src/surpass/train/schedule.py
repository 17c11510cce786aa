"""How fast to learn at each step."""

from surpass.core.settings import Training

SMALL = 1_000_000_000  # parameters
RATE_SMALL = 1e-3
RATE_LARGE = 2e-4


def peak_rate(training: Training, parameters: int) -> float:
    """The highest learning rate: as set, or 1e-3 for models under a billion parameters, else 2e-4.

    Source:
        LoRA wants about ten times the rate of full tuning, nearly whatever the rank (Thinking
        Machines 2025, LoRA Without Regret): 2e-4. Small models bear and need more: 1e-3 with
        linear decay on SmolLM2-135M, rank 8 and 16, batches of 512 to 1,024 tokens.
    """
    if training.learning_rate != "auto":
        return training.learning_rate
    return RATE_SMALL if parameters < SMALL else RATE_LARGE


def rate_at(step: int, steps: int, warmup_share: float, peak: float) -> float:
    """Learning rate of step 0 to `steps` - 1: up in a line, then down in a line towards 0."""
    warmup = int(warmup_share * steps)
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    return peak * (steps - step) / (steps - warmup)
