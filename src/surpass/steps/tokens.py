"""surpass show --tokens: which tokens of the training rows carry loss, from the very encoder."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import UNSET

from surpass.core.account import Account, Chapter, Fact, Passage, Stretch
from surpass.core.records.tokens import ShownRow, ShownToken, TokensData
from surpass.core.wording import counted
from surpass.model.find import find_base
from surpass.steps.closed_sets import wording
from surpass.steps.project import Project
from surpass.steps.split import current_split

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from surpass.train.encode import Encoded

SAMPLES = 3
_ANSWER = {"target": "", "chosen": ", the better answer", "rejected": ", the worse answer"}

Side = tuple[str, "Encoded"]
"""Which answer of a row, and all rows with it."""


def shown_tokens(project: Project) -> TokensData:
    """Encode the training rows as training does, and look at the first of them.

    Raises:
        BadInput: what training refuses: a template that cannot be trained, an end token that no
            answer ends with, rows that are no pairs, or too many rows left out.
    """
    from surpass.model.load import read_tokenizer
    from surpass.model.template import end_token

    base = find_base(project.settings.model.base, project.folder)
    tokenizer = read_tokenizer(base.folder)
    train = current_split(project).train
    sides, left_out = _encode(project, tokenizer)
    samples = [
        _sample(tokenizer, name, side, row)
        for row in range(min(SAMPLES, len(sides[0][1].names)))
        for name, side in sides
    ]
    return TokensData(
        rows=train.height,
        left_out=left_out,
        tokens=int(sum(side.full_lengths.sum() for _, side in sides)),
        learned=sum(_learned(side, row) for _, side in sides for row in range(len(side.names))),
        end_token=str(tokenizer.convert_ids_to_tokens(end_token(tokenizer))),
        samples=tuple(samples),
    )


def tokens_account(project: Project) -> Account:
    """What `surpass show --tokens` says."""
    data = shown_tokens(project)
    share = data.learned / data.tokens
    warnings = ()
    if data.left_out:
        longer = counted(len(data.left_out), "row is", "rows are")
        warnings = (f"{longer} too long and left out (first: {data.left_out[0]}).",)
    return Account(
        title="Tokens",
        headline=f"{data.learned:,} of {data.tokens:,} tokens carry loss.",
        text=(
            "Marked are the tokens that training learns; all others are only read. "
            f"Every answer ends with {data.end_token}, which is learned.",
        ),
        facts=(
            Fact(label="learned", value=f"{share:.1%}", note="of the tokens"),
            Fact(label="rows", value=f"{data.rows - len(data.left_out):,}", note="for training"),
        ),
        chapters=(
            Chapter(
                title=f"The first of {counted(data.rows, 'training row')}",
                passages=tuple(_passage(one) for one in data.samples),
            ),
        ),
        warnings=warnings,
        next_command="surpass train",
        data=data,
    )


def _encode(
    project: Project, tokenizer: "PreTrainedTokenizerBase"
) -> tuple[list[Side], tuple[str, ...]]:
    """The training rows by the encoder of the objective, and the names of those left out."""
    from surpass.model.load import read_context
    from surpass.train.training_rows import room_for_rows, training_pairs, training_rows

    settings, split = project.settings, current_split(project)
    context = read_context(find_base(settings.model.base, project.folder).folder)
    room = room_for_rows(context, settings.tuning)
    told = wording(project, split.sides).instruction
    training = settings.training
    if training.pairs is UNSET:
        rows = training_rows(tokenizer, told, split.train, training, room)
        return [("target", rows)], rows.left_out
    both = training_pairs(tokenizer, told, split.train, training, room)
    return [("chosen", both.chosen), ("rejected", both.rejected)], both.left_out


def _learned(side: "Encoded", row: int) -> int:
    return sum(after - first for first, after in side.learned(row))


def _sample(
    tokenizer: "PreTrainedTokenizerBase", answer: str, side: "Encoded", row: int
) -> ShownRow:
    ids = [*side.prompts[row], *side.answers[row]]
    learned = {place for span in side.learned(row) for place in range(*span)}
    return ShownRow(
        row=side.names[row],
        answer=answer,
        tokens=tuple(
            ShownToken(id=one, text=tokenizer.decode([one]), learned=place in learned)
            for place, one in enumerate(ids)
        ),
    )


def _passage(sample: ShownRow) -> Passage:
    return Passage(
        title=f"{sample.row}{_ANSWER[sample.answer]}", stretches=tuple(_stretches(sample.tokens))
    )


def _stretches(tokens: tuple[ShownToken, ...]) -> Iterator[Stretch]:
    """Neighbours that are learned alike, as one stretch."""
    text = ""
    for place, token in enumerate(tokens):
        text += token.text
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if after is None or after.learned != token.learned:
            yield Stretch(text=text, marked=token.learned)
            text = ""
