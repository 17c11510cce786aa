"""The room of the language model: find, load, template, likelihood, generate."""

from surpass.core.environment import share_cores
from surpass.model.needs import require_packages

share_cores()
require_packages(("torch", "transformers", "peft", "safetensors"))
