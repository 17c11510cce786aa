import os
import shutil

import pytest

from gateways import in_a_thread, with_upstream
from surpass.steps.project import open_project
from tiny_models import save_tiny_base
from upstreams import upstream as running_upstream

NOWHERE = "http://127.0.0.1:1/v1"


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory):
    """Folder of a two-layer Llama."""
    return save_tiny_base(tmp_path_factory.mktemp("base")).folder


@pytest.fixture
def upstream(socket_enabled):
    with running_upstream() as state:
        yield state


@pytest.fixture(autouse=True)
def secrets_of_the_operator(monkeypatch):
    for name in [name for name in os.environ if name.startswith("SURPASS_ADMIN")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SURPASS_TEST_UPSTREAM", "sk-the-gateways-own")


@pytest.fixture(scope="session")
def template(tmp_path_factory, tiny_base):
    return with_upstream(tmp_path_factory.mktemp("template"), tiny_base, NOWHERE)


@pytest.fixture
def project(template, upstream, tmp_path):
    """A small project that passes chats on to `upstream`."""
    folder = tmp_path / "project"
    shutil.copytree(template.folder, folder)
    settings = folder / "surpass.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(NOWHERE, upstream.url), encoding="utf-8")
    return open_project(folder)


@pytest.fixture
def gateway(project):
    with in_a_thread(project) as running:
        yield running
