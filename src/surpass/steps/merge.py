"""surpass merge: the tuned model as files other programs read, checked by reading them back."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, NamedTuple

from surpass.core.account import Account, Fact
from surpass.core.environment import threads
from surpass.core.errors import BadInput, Refused
from surpass.core.records.results import MergeData
from surpass.core.settings import Full
from surpass.model.find import Base, find_base
from surpass.steps.answer_recipe import tuned_run
from surpass.steps.closed_sets import wording
from surpass.steps.ladder import TUNED
from surpass.steps.project import Project
from surpass.steps.split import current_split

if TYPE_CHECKING:
    from surpass.model.merge import Sameness

Form = Literal["adapter", "merged", "gguf", "gguf-f32"]
_PROMPTS = 8  # of valid, that both models are asked
_GGUF = {"gguf": "model-f16.gguf", "gguf-f32": "model-f32.gguf"}
_MODE = 0o644  # the store keeps its files from being written; a copy is the user's


class Merged(NamedTuple):
    """Where the files are, and how far the model read from them is from the one that was judged."""

    folder: Path
    form: Form
    data: MergeData


def merge(project: Project, out: Path, form: Form = "merged") -> Merged:
    """Write the tuned model into a new folder.

    Args:
        project: With a finished run.
        out: Must not exist, or be empty.
        form: An adapter as PEFT reads it, one model in float32, or one GGUF file.

    Raises:
        Refused: nothing is trained, or what was written does not answer as what was trained.
        BadInput: the folder is taken, or the method has no such form.
    """
    run = tuned_run(project, TUNED)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(f"{out} is not empty.", fix="Name a folder that does not exist yet.")
    whole = isinstance(project.settings.tuning, Full)
    if form == "adapter":
        if whole:
            raise BadInput(
                "Full fine-tuning has no adapter: all weights changed.",
                fix="Write the model: `surpass merge --as merged`.",
            )
        _copy(run.adapter, out)
        return Merged(out, form, MergeData(folder=str(out.resolve()), form=form))
    base = find_base(project.settings.model.base, project.folder)
    if whole:
        base = Base(name=TUNED, folder=run.adapter, digest=run.digest)
    adapter = None if whole else run.adapter
    if form == "merged":
        return Merged(out, form, _merged(project, base, adapter, out))
    return Merged(out, form, _gguf(project, base, adapter, out / _GGUF[form]))


def _merged(project: Project, base: Base, adapter: Path | None, out: Path) -> MergeData:
    from surpass.model.merge import TOLERANCE, compare_merged, write_merged  # pulls in torch

    write_merged(base, adapter, out, threads=threads())
    same = compare_merged(base, adapter, out, _prompts(project, base))
    return _required(same, TOLERANCE, out, "merged")


def _gguf(project: Project, base: Base, adapter: Path | None, file: Path) -> MergeData:
    """Merge beside the file, write it, and ask what transformers reads from it."""
    from surpass.model.gguf import convert_gguf  # pulls in torch
    from surpass.model.gguf_export import TOLERANCES, require_gguf, write_gguf
    from surpass.model.merge import compare_merged, write_merged

    require_gguf(base.folder, project.settings.model.base)
    numbers: Literal["f16", "f32"] = "f32" if file.name == _GGUF["gguf-f32"] else "f16"
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent) as half:
        whole, back = Path(half) / "whole", Path(half) / "back"
        write_merged(base, adapter, whole, threads=threads())
        write_gguf(whole, file, numbers, name=project.settings.task.name)
        back.mkdir()
        convert_gguf(file, back)
        same = compare_merged(base, adapter, back, _prompts(project, base))
    return _required(
        same, TOLERANCES[numbers], file.parent, "gguf" if numbers == "f16" else "gguf-f32"
    )


def _required(same: "Sameness", tolerance: float, out: Path, form: Form) -> MergeData:
    """Refuse a written model that answers otherwise, and remove it."""
    if same.share > tolerance:
        shutil.rmtree(out)
        raise Refused(
            f"The written model does not answer as the trained one: scores differ by up to "
            f"{same.largest:.3g}, {same.share:.2%} of the largest. Nothing was written.",
            fix="Write the adapter instead: `surpass merge --as adapter`.",
        )
    return MergeData(
        folder=str(out.resolve()),
        form=form,
        largest_difference=same.largest,
        share_of_largest_score=same.share,
        same_tokens=same.same_tokens,
        tokens=same.tokens,
    )


def _prompts(project: Project, base: Base) -> list[list[int]]:
    """The first rows of valid, as the model is asked them."""
    from surpass.model.load import read_tokenizer
    from surpass.model.template import encode_prompt
    from surpass.model.turns import asked_of

    split = current_split(project)
    instruction, tokenizer = wording(project, split.sides).instruction, read_tokenizer(base.folder)
    first = asked_of(split.valid.head(_PROMPTS))
    return [encode_prompt(tokenizer, instruction, (), asked) for asked in first]


def _copy(source: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.iterdir()):
        shutil.copyfile(file, out / file.name)
        (out / file.name).chmod(_MODE)


def merge_account(merged: Merged) -> Account:
    """What `surpass merge` says."""
    data = merged.data
    facts = [Fact(label="form", value=merged.form, note=_NUMBERS[merged.form])]
    if data.tokens and data.largest_difference is not None:
        facts += [
            Fact(
                label="largest difference",
                value=f"{data.largest_difference:.2g}",
                note=f"of two scores, {data.share_of_largest_score:.1e} of the largest score",
            ),
            Fact(label="same likeliest token", value=f"{data.same_tokens} of {data.tokens}"),
        ]
    name = _GGUF.get(merged.form)
    return Account(
        title="Merge",
        headline=f"The tuned model is in {merged.folder / name if name else merged.folder}.",
        text=(_said(merged.form),),
        facts=tuple(facts),
        # of a single file nothing can be adopted: it is for llama.cpp and what builds on it
        next_command=(
            "surpass card" if name else f"surpass adopt {merged.folder} --as {merged.folder.name}"
        ),
        data=data,
    )


_NUMBERS = {"adapter": "PEFT", "merged": "float32", "gguf": "float16", "gguf-f32": "float32"}


def _said(form: Form) -> str:
    if form == "adapter":
        return "The adapter belongs to the base that it was trained on, and is served on it."
    read_back = "Read back and asked rows of valid, it answers as base and adapter side by side."
    if form == "merged":
        return read_back
    return f"{read_back} It was not run in llama.cpp: compare a few answers there."
