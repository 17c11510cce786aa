"""Fine-tune a language model on your data and prove that it surpasses its base."""

__version__ = "0.1.0"
