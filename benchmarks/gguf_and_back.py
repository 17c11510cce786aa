"""The built-in base as GGUF and back: how far its scores move, and how large the files are.

    python benchmarks/gguf_and_back.py

Written and read back by us; llama.cpp does not take part.
"""

import tempfile
from pathlib import Path

from results_table import record

from surpass.model.find import find_base
from surpass.model.gguf import convert_gguf
from surpass.model.gguf_export import write_gguf
from surpass.model.load import read_tokenizer
from surpass.model.merge import compare_merged
from surpass.model.smollm2 import NAME
from surpass.model.template import encode_prompt

ASKED = (
    "The router has a red light since Tuesday.",
    "Write a short letter to a friend about the sea.",
    "What is 12 times 9?",
)
COLUMNS = ("numbers", "largest difference", "of the largest score", "same likeliest token", "MB")


def main() -> None:
    base = find_base(NAME, Path())
    tokenizer = read_tokenizer(base.folder)
    prompts = [encode_prompt(tokenizer, "Answer.", (), text) for text in ASKED]
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("f16", "f32"):
            file, back = Path(folder, f"{kind}.gguf"), Path(folder, kind)
            write_gguf(base.folder, file, kind, name=NAME)
            back.mkdir()
            convert_gguf(file, back)
            same = compare_merged(base, None, back, prompts)
            row = [
                kind,
                f"{same.largest:.2g}",
                f"{same.share:.3%}",
                f"{same.same_tokens} of {same.tokens}",
                f"{file.stat().st_size / 1e6:.0f}",
            ]
            record("GGUF and back", "benchmarks/gguf_and_back.py", COLUMNS, row)


if __name__ == "__main__":
    main()
