import pytest

from tiny_models import save_tiny_base


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory):
    """Folder of a two-layer Llama."""
    return save_tiny_base(tmp_path_factory.mktemp("base")).folder


@pytest.fixture
def surpass(capsys):
    """Run a command in this process: its exit status, standard output and standard error."""
    from surpass.cli.app import app

    def run(*words):
        status = app(
            [str(word) for word in words],
            exit_on_error=False,
            print_error=True,
            result_action="return_value",
        )
        said = capsys.readouterr()
        return status, said.out, said.err

    return run
