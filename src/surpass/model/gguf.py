"""Turn a GGUF file into the safetensors that everything else reads."""

from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer

from surpass.model.quiet import quietly


def convert_gguf(source: Path, folder: Path) -> None:
    """Read a GGUF file and save its weights, in fp32, and its tokenizer into an empty folder."""
    with quietly():
        model = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name)
        # transformers keeps the marks of the quantiser and would refuse to save plain weights
        model.hf_quantizer = None
        model.is_quantized = False
        if hasattr(model.config, "quantization_config"):
            del model.config.quantization_config
        model.save_pretrained(folder)
        tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
        tokenizer.save_pretrained(folder)
