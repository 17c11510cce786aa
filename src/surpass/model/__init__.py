"""The room of the language model: find, load, template, likelihood, generate."""

from surpass.model.needs import require_packages

require_packages(("torch", "transformers", "peft", "safetensors"))
