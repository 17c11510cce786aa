"""surpass show --tokens: which tokens of the training rows carry loss."""

from collections.abc import Iterator

from surpass.core.account import Account, Chapter, Fact, Passage, Stretch
from surpass.core.records.tokens import ShownRow, ShownToken, TokensData
from surpass.core.wording import counted
from surpass.model.find import find_base
from surpass.steps.closed_sets import wording
from surpass.steps.project import Project
from surpass.steps.split import current_split

_ANSWER = {"target": "", "chosen": ", the better answer", "rejected": ", the worse answer"}


def shown_tokens(project: Project) -> TokensData:
    """Encode the training rows as training does, and look at the first of them.

    Raises:
        BadInput: what training refuses, see `x_ray`.
    """
    from surpass.train.x_ray import x_ray  # pulls in torch

    settings, split = project.settings, current_split(project)
    base = find_base(settings.model.base, project.folder)
    told = wording(project, split.sides).instruction
    return x_ray(base, told, split.train, settings.tuning, settings.training)


def tokens_account(project: Project) -> Account:
    """What `surpass show --tokens` says."""
    data = shown_tokens(project)
    share = data.learned / data.tokens
    warnings: tuple[str, ...] = ()
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
