import pytest

from simulated_experiments import project_with


@pytest.fixture
def project(tmp_path):
    """A project whose models are served by a gateway of somebody's own."""
    return project_with(tmp_path)
