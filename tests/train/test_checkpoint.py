"""A checkpoint is whole or not there."""

import torch

from surpass.train.checkpoint import Saver, Tally, read_checkpoint, save_checkpoint

TALLY = Tally(plan="p", step=3, losses=(0.1, 1 / 3, 1e-300), best_step=2)
TENSORS = {"a": torch.tensor([1.0, 2.0])}


def test_what_was_saved_is_read(tmp_path):
    save_checkpoint(tmp_path / "new", TALLY, TENSORS)
    tally, tensors = read_checkpoint(tmp_path / "new", "p")
    assert tally == TALLY
    assert torch.equal(tensors["a"], TENSORS["a"])


def test_another_plan_begins_anew(tmp_path):
    save_checkpoint(tmp_path, TALLY, TENSORS)
    assert read_checkpoint(tmp_path, "q") is None


def test_nothing_and_rubbish_begin_anew(tmp_path):
    assert read_checkpoint(tmp_path / "nowhere", "p") is None
    (tmp_path / "checkpoint.safetensors").write_bytes(b"half")
    assert read_checkpoint(tmp_path, "p") is None


def test_a_file_that_was_half_written_does_not_count(tmp_path):
    save_checkpoint(tmp_path, TALLY, TENSORS)
    whole = (tmp_path / "checkpoint.safetensors").read_bytes()
    (tmp_path / ".checkpoint.safetensors.half").write_bytes(whole[: len(whole) // 2])
    assert read_checkpoint(tmp_path, "p")[0] == TALLY
    save_checkpoint(tmp_path, TALLY, TENSORS)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.safetensors"]


def test_saving_is_skipped_until_it_is_cheap_again(tmp_path):
    saver = Saver(tmp_path, every_step=False)
    saver.save(TALLY, lambda: TENSORS, force=False)  # the first save tells what saving costs
    saver.save(Tally(plan="p", step=4), lambda: TENSORS, force=False)
    assert read_checkpoint(tmp_path, "p")[0].step == 3
    saver.save(Tally(plan="p", step=5), lambda: TENSORS, force=True)
    assert read_checkpoint(tmp_path, "p")[0].step == 5
