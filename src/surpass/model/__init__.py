"""The room of the language model: find, load, template, likelihood, generate."""

from surpass.core.environment import share_cores
from surpass.model.needs import hush_bitsandbytes, require_packages

share_cores()
require_packages(("torch", "transformers", "peft", "safetensors"))
hush_bitsandbytes()
