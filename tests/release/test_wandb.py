"""Weights & Biases for real, offline: what it writes holds the run and the artifacts."""

import pytest

from surpass.release.tracker import Undelivered
from told_events import story

pytest.importorskip("wandb")
pytestmark = pytest.mark.filterwarnings("ignore")  # its own


def tracker(folder, *, online=False):
    from surpass.release.wandb import Account, WandbTracker

    return WandbTracker(Account("small / project", online, folder / "wandb"))


def test_offline_files_hold_curves_verdict_and_alias(tmp_path, monkeypatch):
    monkeypatch.setenv("WANDB_DATA_DIR", str(tmp_path / "staging"))
    monkeypatch.setenv("WANDB_CACHE_DIR", str(tmp_path / "cache"))
    events = story(tmp_path / "from")
    tracker(tmp_path).deliver(events)
    (written,) = (tmp_path / "wandb").rglob("*.wandb")
    content = written.read_bytes()
    for told in (b"train/loss", b"tuning.rank", b"It surpasses.", b"champion", b"small---project"):
        assert told in content, told
    tracker(tmp_path).deliver(events[1:3])  # a later batch of the same run
    assert len({path.name for path in (tmp_path / "wandb").rglob("*.wandb")}) == 1
    assert len(list((tmp_path / "wandb").rglob("*.wandb"))) == 2


def test_online_without_a_key_says_so(tmp_path, monkeypatch):
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    with pytest.raises(Undelivered, match="no WANDB_API_KEY"):
        tracker(tmp_path, online=True)
