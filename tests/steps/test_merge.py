"""What is written out is what was judged: read back, it answers alike and goes through the gate."""

import json

import pytest
from safetensors.torch import load_file

from small_projects import make_project
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.steps.bring import adopt
from surpass.steps.evaluate import evaluate
from surpass.steps.merge import merge, merge_account
from surpass.steps.seal import seal
from surpass.steps.train import train
from surpass.steps.verdict import verdict


def trained(folder, base, method="lora", more=""):
    """A project on the tiny model with a finished run."""
    project = make_project(folder, base, more=f'\n[tuning]\nmethod = "{method}"\n{more}\n')
    seal(project)
    train(project, Silent())
    return project


@pytest.mark.parametrize("method", ["lora", "full", pytest.param("ia3", marks=pytest.mark.slow)])
def test_merged_weights_answer_alike_and_go_through_the_same_gate(tmp_path, tiny_base, method):
    project = trained(tmp_path / "ours", tiny_base, method)
    merged = merge(project, tmp_path / "whole")
    assert merged.data.share_of_largest_score <= 1e-3
    assert merged.data.same_tokens == merged.data.tokens > 0
    assert "lm_head.weight" not in load_file(tmp_path / "whole" / "model.safetensors")  # tied
    entry = adopt(project, tmp_path / "whole", "whole")
    assert entry.kind == "weights"
    ours = evaluate(project, "tuned", "valid", Silent())
    theirs = evaluate(project, "adopted:whole", "valid", Silent())
    assert theirs.predictions["answer"].to_list() == ours.predictions["answer"].to_list()
    first = verdict(project, Silent()).verdict
    assert verdict(project, Silent(), "adopted:whole").verdict.outcome == first.outcome


def test_a_written_adapter_can_be_adopted(tmp_path, tiny_base):
    project = trained(tmp_path / "ours", tiny_base, "prefix", "virtual_tokens = 4")
    merged = merge(project, tmp_path / "tokens", "adapter")
    assert merge_account(merged).headline == f"The tuned model is in {tmp_path / 'tokens'}."
    adopt(project, tmp_path / "tokens", "tokens")
    ours = evaluate(project, "tuned", "valid", Silent())
    theirs = evaluate(project, "adopted:tokens", "valid", Silent())
    assert theirs.predictions.equals(ours.predictions)


@pytest.mark.slow
def test_a_four_bit_adapter_is_adopted_with_its_base(tmp_path, tiny_base):
    pytest.importorskip("bitsandbytes")
    project = trained(tmp_path / "ours", tiny_base, "qlora", "rank = 4")
    written = merge(project, tmp_path / "beside", "adapter").folder
    assert json.loads((written / "four_bits.json").read_text(encoding="utf-8"))["kind"] == "nf4"
    adopt(project, written, "beside")
    ours = evaluate(project, "tuned", "valid", Silent())
    theirs = evaluate(project, "adopted:beside", "valid", Silent())
    assert theirs.predictions.equals(ours.predictions)
    assert merge(project, tmp_path / "whole").data.share_of_largest_score <= 1e-3


@pytest.mark.parametrize(
    ("method", "form", "said"),
    [
        ("prefix", "merged", "nothing can be merged. Write the adapter"),
        ("full", "adapter", "has no adapter: all weights changed. Write the model"),
    ],
)
def test_forms_that_a_method_does_not_have_are_refused(tmp_path, tiny_base, method, form, said):
    project = trained(tmp_path / "ours", tiny_base, method)
    with pytest.raises(BadInput) as refused:
        merge(project, tmp_path / "out", form)
    assert said in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_over_and_nothing_untrained(tmp_path, tiny_base):
    project = make_project(tmp_path / "ours", tiny_base)
    seal(project)
    with pytest.raises(Refused, match="surpass train"):
        merge(project, tmp_path / "new")
    train(project, Silent())
    with pytest.raises(BadInput, match="is not empty"):
        merge(project, tmp_path / "ours")


def test_a_gguf_file_is_read_back_and_answers_alike(tmp_path, tiny_base):
    project = trained(tmp_path / "ours", tiny_base)
    for form, name in (("gguf", "model-f16.gguf"), ("gguf-f32", "model-f32.gguf")):
        merged = merge(project, tmp_path / form, form)
        assert [file.name for file in (tmp_path / form).iterdir()] == [name]
        least = merged.data.tokens * (0.99 if form == "gguf" else 1)
        assert merged.data.same_tokens >= least > 0
        told = merge_account(merged)
        assert told.headline.endswith(f"{name}.")
        assert "not run in llama.cpp" in told.text[0]
