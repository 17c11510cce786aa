import pytest

from tiny_models import save_tiny_base


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory):
    """Folder of a two-layer Llama."""
    return save_tiny_base(tmp_path_factory.mktemp("base")).folder


@pytest.fixture
def surpass(capsys):
    """Run a command in this process: its exit status, standard output and standard error."""
    from surpass.cli.app import status_of

    def run(*words):
        status = status_of([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run
