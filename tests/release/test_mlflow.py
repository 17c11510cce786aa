"""MLflow for real, on a database file: runs, curves, versions and an alias that moves."""

import sqlite3

import pytest

from surpass.release.tracker import Undelivered
from told_events import AT, RUN, story

pytest.importorskip("mlflow")
pytestmark = pytest.mark.filterwarnings("ignore")  # its own, about pydantic and sqlalchemy


def tracker(folder, uri=None):
    from surpass.release.mlflow import MlflowTracker, Place

    return MlflowTracker(Place(uri or f"sqlite:///{folder}/m.db", "small", folder / "files"))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A whole story, told twice: a database with what MLflow made of it."""
    folder = tmp_path_factory.mktemp("mlflow")
    events = story(folder / "from")
    tracker(folder).deliver(events)
    tracker(folder).deliver(events)  # as after a kill between sending and noting it
    return folder


def test_told_twice_is_told_once(told):
    with sqlite3.connect(told / "m.db") as db:
        rows = db.execute("select key, value, step, timestamp from metrics order by key, step")
        found = [(name, value, step) for name, value, step, at in rows if at >= AT]
    assert found == [
        ("run/last_loss", 0.5, 0),
        ("test/tuned/accuracy", 0.75, 0),
        ("train/learning_rate", 1e-3, 1),
        ("train/learning_rate", 1e-3, 2),
        ("train/loss", 1.0, 1),
        ("train/loss", 0.5, 2),
        ("train/tokens", 100.0, 1),
        ("train/tokens", 100.0, 2),
        ("valid/tuned/accuracy", 0.8, 0),
    ]
    with sqlite3.connect(told / "m.db") as db:
        assert db.execute("select count(*) from runs").fetchone() == (1,)
        assert db.execute("select count(*) from model_versions").fetchone() == (2,)
        assert db.execute("select count(*) from datasets").fetchone() == (1,)


def test_the_alias_is_where_the_rollback_put_it(told):
    with sqlite3.connect(told / "m.db") as db:
        alias = db.execute("select name, alias, version from registered_model_aliases").fetchall()
        tags = dict(db.execute("select key, value from model_version_tags where version = 1"))
    assert alias == [("small", "champion", 1)]
    assert tags["surpass.name"] == "small@111111111111"
    assert tags["outcome"] == "PASS"


def test_files_lie_with_the_run_and_the_version(told):
    names = {path.relative_to(told / "files").parts[2:] for path in told.rglob("files/**/*.json")}
    assert names == {
        ("adapter", "verdict.json"),
        ("releases", "1" * 12, "verdict.json"),
        ("releases", "2" * 12, "verdict.json"),
    }


def test_a_server_that_is_down_is_one_sentence_and_no_minutes(tmp_path, socket_enabled):
    down = tracker(tmp_path, "http://127.0.0.1:9")
    with pytest.raises(Undelivered, match="did not take what happened") as error:
        down.deliver(story(tmp_path))
    assert "surpass track" in error.value.fix
    assert RUN not in str(error.value)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "m.db").write_bytes(b"no database" * 100)
    with pytest.raises(Undelivered, match="did not take"):
        tracker(tmp_path).deliver(story(tmp_path))
