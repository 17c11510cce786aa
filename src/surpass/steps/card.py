"""surpass card: a dataset card of the examples in force, with blanks for what only people know."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import polars as pl

from surpass.core import columns
from surpass.core.account import Account, Chapter, Standing, Table
from surpass.core.digest import short
from surpass.core.errors import BadInput
from surpass.core.records.card import CardCheck, CardData, CardDecision, CardSource
from surpass.core.records.dataset import Decision, Version
from surpass.core.settings.data import Source
from surpass.core.wording import counted
from surpass.data.added import COPY, TWIN
from surpass.data.checks import CheckResult
from surpass.show.card import MARK, PARTS, card_text, open_blanks, written_parts
from surpass.steps.check import check, open_examples
from surpass.steps.dataset import current_version
from surpass.steps.labelling.audit_result import audit_sentence
from surpass.steps.project import Project
from surpass.steps.split import current_split, is_split
from surpass.steps.tell.split import split_data
from surpass.store.durable import write_file
from surpass.text.personal_data import KIND, find_personal_data

CARD = "dataset_card.md"
_SAMPLE = 2_000  # texts whose letters are counted
_MOST_REASONS = 20
_QUOTED = re.compile(r"'[^']{20,}'|\"[^\"]{20,}\"|“[^”]{20,}”")  # longer than a label
_WORD = re.compile(r"[^\s,;()]+")


def card_account(project: Project) -> Account:
    """Write the card, and keep what people wrote into an earlier one.

    Raises:
        BadInput: a file of this name is there that is no card of ours.
    """
    path = project.folder / CARD
    parts = _parts(path)
    card = _card(project, open_blanks(parts), check(project))
    write_file(path, card_text(card, parts).encode())
    kept = f" What people wrote under {counted(len(parts), 'heading')} is kept." if parts else ""
    return Account(
        title="Card",
        headline=f"{CARD} describes {counted(card.rows, 'row')}; "
        f"{counted(len(card.blanks), 'part is', 'parts are')} left for you to write.",
        text=(f"Version {short(card.version)}.{kept}",),
        chapters=_blanks(card.blanks),
        next_command="surpass card --check",
        data=card,
    )


def card_check(project: Project) -> Account:
    """Say which parts of the card nobody has written, and whether it is of these rows."""
    path = project.folder / CARD
    parts = _parts(path)
    card = _card(project, open_blanks(parts), ())
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    stale = f"`{short(card.version)}`" not in text
    if not text:
        headline = f"There is no {CARD} yet."
    elif stale:
        headline = f"{CARD} is of other rows than those in force ({short(card.version)})."
    elif card.blanks:
        headline = f"{counted(len(card.blanks), 'part')} of {CARD} not written: " + (
            f"{', '.join(card.blanks)}."
        )
    else:
        headline = f"{CARD} is complete."
    wrong = stale or bool(card.blanks)
    return Account(
        title="Card",
        headline=headline,
        standing=Standing.DOES_NOT_HOLD if wrong else Standing.HOLDS,
        chapters=_blanks(card.blanks),
        next_command="surpass card" if stale else "",
        data=card,
    )


def _parts(path: Path) -> dict[str, str]:
    """What people wrote into a card that is there."""
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text.", fix="Save it as UTF-8.") from None
    if MARK not in text:
        raise BadInput(
            f"{path} was not written by `surpass card`.", fix="Rename it, then run this again."
        )
    return written_parts(text.replace("\r\n", "\n"))


def _card(project: Project, blanks: tuple[str, ...], results: tuple[CheckResult, ...]) -> CardData:
    version = current_version(project)
    examples = open_examples(project)
    names = set(examples[columns.ROW])
    return CardData(
        file=CARD,
        name=project.settings.task.name,
        kind=project.settings.kind,
        version=version.digest,
        rows=version.rows,
        sources=sources_of(version, project.settings.data.sources),
        sides=split_data(current_split(project).sides).rows if is_split(project) else None,
        decisions=_decisions(project.answers.decisions(), names),
        checks=tuple(
            CardCheck(
                check=one.check,
                state=one.state,
                severity=one.severity,
                summary=_without_names(one.summary, names),
            )
            for one in results
        ),
        personal=_personal(examples),
        scripts=_scripts(examples),
        blanks=blanks,
        audit=" ".join(audit_sentence(project)),
    )


def sources_of(version: Version, said: dict[str, Source]) -> tuple[CardSource, ...]:
    """Each file of a version, with what [data.sources] says of it."""
    return tuple(
        CardSource(
            path=file.path,
            digest=file.digest,
            rows=file.rows,
            origin=source.origin,
            licence=source.licence,
            consent=source.consent,
        )
        for file in version.files
        for source in [said.get(file.path, Source())]
    )


def _decisions(made: list[Decision], names: set[str]) -> tuple[CardDecision, ...]:
    """The decision in force on each row, counted by what, why and whether a person took it."""
    standing = {(one.row, one.action if one.action in (COPY, TWIN) else ""): one for one in made}
    rows = names | {one.row for one in made}
    counts = Counter(
        (one.action, "surpass" if one.by == "surpass" else "people",
         _without_names(one.reason, rows))
        for one in standing.values()
        if one.action != "undo" and not (one.action in (COPY, TWIN) and one.value in ("", "0"))
    )  # fmt: skip
    listed = [
        CardDecision(action=action, by=by, reason=reason, rows=number)
        for (action, by, reason), number in counts.most_common(_MOST_REASONS)
    ]
    rest = counts.total() - sum(one.rows for one in listed)
    if rest:
        listed.append(CardDecision(action="others", by="", reason="other reasons", rows=rest))
    return tuple(listed)


def _without_names(text: str, rows: set[str]) -> str:
    """A sentence without the names of rows, which may be people, and without texts."""
    return _WORD.sub(
        lambda word: "another row" if word[0].strip("'\".:") in rows else word[0],
        _QUOTED.sub("…", text),
    )


def _personal(examples: pl.DataFrame) -> dict[str, int]:
    kinds = Counter[str]()
    for column in (columns.INPUT, columns.TARGET):
        kinds.update(find_personal_data(examples[column])[KIND].to_list())
    return dict(kinds.most_common())


def _scripts(examples: pl.DataFrame) -> dict[str, float]:
    """Share of letters by script, from the first texts; scripts under 0.1 % are left out.

    The first word of a letter's Unicode name is its script: LATIN SMALL LETTER A.
    """
    text = "".join(examples[columns.INPUT].head(_SAMPLE))[:500_000]
    letters = Counter(character for character in text if character.isalpha())
    found = Counter[str]()
    for letter, times in letters.items():
        found[unicodedata.name(letter, "UNNAMED").split()[0].capitalize()] += times
    return {name: n / found.total() for name, n in found.most_common() if n / found.total() > 1e-3}


def _blanks(blanks: tuple[str, ...]) -> tuple[Chapter, ...]:
    if not blanks:
        return ()
    rows = tuple((name, PARTS[name]) for name in blanks)
    table = Table(title="", columns=("part", "question"), rows=rows)
    return (Chapter(title="Only people can write", tables=(table,)),)
