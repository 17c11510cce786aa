"""surpass merge: the tuned model as files other programs read, checked by reading them back."""

import shutil
from pathlib import Path
from typing import Literal, NamedTuple

from surpass.core import columns
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

Form = Literal["adapter", "merged"]
_PROMPTS = 8  # of valid, that both models are asked
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
        form: An adapter as PEFT reads it, or one model in float32.

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
    return Merged(out, form, _merged(project, base, None if whole else run.adapter, out))


def _merged(project: Project, base: Base, adapter: Path | None, out: Path) -> MergeData:
    from surpass.model.merge import compare_merged, write_merged  # pulls in torch

    write_merged(base, adapter, out, threads=threads())
    same = compare_merged(base, adapter, out, _prompts(project, base))
    if not same.holds:
        shutil.rmtree(out)
        raise Refused(
            f"The merged model does not answer as the trained one: scores differ by up to "
            f"{same.largest:.3g}, {same.share:.2%} of the largest. Nothing was written.",
            fix="Write the adapter instead: `surpass merge --as adapter`.",
        )
    return MergeData(
        folder=str(out.resolve()),
        form="merged",
        largest_difference=same.largest,
        share_of_largest_score=same.share,
        same_tokens=same.same_tokens,
        tokens=same.tokens,
    )


def _prompts(project: Project, base: Base) -> list[list[int]]:
    """The first rows of valid, as the model is asked them."""
    from surpass.model.load import read_tokenizer
    from surpass.model.template import encode_prompt

    split = current_split(project)
    instruction, tokenizer = wording(project, split.sides).instruction, read_tokenizer(base.folder)
    inputs = split.valid[columns.INPUT].head(_PROMPTS)
    return [encode_prompt(tokenizer, instruction, (), text) for text in inputs]


def _copy(source: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.iterdir()):
        shutil.copyfile(file, out / file.name)
        (out / file.name).chmod(_MODE)


def merge_account(merged: Merged) -> Account:
    """What `surpass merge` says."""
    data = merged.data
    facts = [Fact(label="form", value=merged.form, note="float32" if data.tokens else "PEFT")]
    if data.tokens and data.largest_difference is not None:
        facts += [
            Fact(
                label="largest difference",
                value=f"{data.largest_difference:.2g}",
                note=f"of two scores, {data.share_of_largest_score:.1e} of the largest score",
            ),
            Fact(label="same likeliest token", value=f"{data.same_tokens} of {data.tokens}"),
        ]
    return Account(
        title="Merge",
        headline=f"The tuned model is in {merged.folder}.",
        text=(
            "Read back and asked rows of valid, it answers as base and adapter side by side."
            if data.tokens
            else "The adapter belongs to the base that it was trained on, and is served on it.",
        ),
        facts=tuple(facts),
        next_command=f"surpass adopt {merged.folder} --as {merged.folder.name}",
        data=data,
    )
