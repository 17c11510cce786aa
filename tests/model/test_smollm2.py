"""The wheel's model is converted once, whole, whoever asks."""

import subprocess
import sys

import pytest

from surpass.model.find import find_base

ASK = "from surpass.model.smollm2 import find_smollm2; print(find_smollm2()[0])"


@pytest.mark.slow
@pytest.mark.model
def test_two_processes_at_once_get_the_same_whole_model(tmp_path, monkeypatch):
    monkeypatch.setenv("SURPASS_CACHE", str(tmp_path))
    children = [
        subprocess.Popen(
            [sys.executable, "-c", ASK], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [child.communicate(timeout=250) for child in children]
    assert told[0] == told[1]
    assert told[0][1] == ""  # not a word on the error stream
    base = find_base("smollm2-135m-q4", tmp_path)
    assert told[0][0].strip() == str(base.folder)
    assert {path.name for path in base.folder.iterdir()} >= {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "chat_template.jinja",
    }
    assert [path for path in base.folder.parent.iterdir() if path.is_dir()] == [base.folder]
