import pytest

from tiny_models import save_tiny_base


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory):
    """Folder of a two-layer Llama."""
    return save_tiny_base(tmp_path_factory.mktemp("base")).folder
