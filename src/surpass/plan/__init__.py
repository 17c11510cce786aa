"""Memory, time and money of a training run, predicted before the bill: pure arithmetic."""
