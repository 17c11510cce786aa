import pytest

from released_projects import copied, judged_model
from tiny_models import save_tiny_base


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A judged project with a PASS; never changed."""
    base = save_tiny_base(tmp_path_factory.mktemp("base")).folder
    return judged_model(tmp_path_factory.mktemp("template") / "small", base)


@pytest.fixture
def passed(template, tmp_path):
    """A project of its own with a PASS."""
    return copied(template, tmp_path / "small")
