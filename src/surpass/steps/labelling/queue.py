"""Which rows people are asked to label: those that were asked for, and some drawn at random."""

import math
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.errors import BadInput
from surpass.core.settings import Classify
from surpass.core.wording import counted
from surpass.people.form import Choose, Form, Item
from surpass.people.labelling import Picked
from surpass.steps.check import open_examples
from surpass.steps.data_requests import FOLDER
from surpass.steps.labelling.audit import NAME as AUDIT
from surpass.steps.labelling.audit import drawn_rows
from surpass.steps.labelling.rows import Wanted, asked, blind, without_sealed
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import current_split, is_split
from surpass.store.annotations import Annotations, in_force

RANDOM = "random"


class Source(NamedTuple):
    """Where the rows come from."""

    wanted: Wanted
    uncertain: bool = False  # True: those of the file first of which a linear model is least sure
    audit: int | None = None  # instead: so many training rows, drawn by chance alone

    @property
    def name(self) -> str:
        """In words for the settings of the queue: a file, a check, an audit, or all rows."""
        if self.audit is not None:
            return AUDIT
        if self.wanted.check is not None:
            return f"check:{self.wanted.check}"
        return "all" if self.wanted.rows is None else str(self.wanted.rows)

    @property
    def why(self) -> str:
        """Why its rows are picked, in a word or two."""
        if self.uncertain:
            return "uncertain"
        return self.name if self.wanted.rows is None else self.wanted.rows.name

    @property
    def picks(self) -> bool:
        """Whether rows were picked for a reason, so that a random part must be mixed in."""
        given = self.name not in {"all", AUDIT} and not self.is_pool
        return self.uncertain or self.is_request or given

    @property
    def is_request(self) -> bool:
        """Whether the file is a queue that `surpass explain` wrote, the most wanted rows first."""
        rows = self.wanted.rows
        return self.is_pool and rows is not None and rows.resolve().parent.name == FOLDER

    @property
    def is_pool(self) -> bool:
        """Whether the rows are new ones of a file, not rows of the project."""
        rows = self.wanted.rows
        return rows is not None and rows.suffix.lower() != ".txt"


class Chosen(NamedTuple):
    """The rows to label."""

    form: Form
    picked: list[Picked]
    notes: tuple[str, ...]  # what could not be done as declared


def chosen_rows(project: Project, source: Source) -> Chosen:
    """The rows to label, with a part drawn at random from all that could have been asked for.

    The random part tells how good the answers are over all rows, not only over those that a check
    or a model picked. Rows that somebody labelled already, on the same input, are left out.

    Raises:
        BadInput: no such rows, or all of them are labelled.
    """
    section = project.settings.labelling
    _require_possible(project, source)
    if source.audit is not None:
        drawn = blind(project, drawn_rows(project, source.audit))
        return Chosen(drawn.form, [Picked(item, RANDOM) for item in drawn.items], drawn.notes)
    what = without_sealed(project, asked(project, _without_suggestions(project, source.wanted)))
    known = {(one.row, one.digest) for one in in_force(Annotations(project.folder).all())}
    items = [item for item in what.items if (item.row, item.digest) not in known]
    if not items:
        raise BadInput(
            f"All {counted(len(what.items), 'row')} are labelled already.",
            fix="Name other rows, or see `surpass label results`.",
        )
    notes = [*what.notes, *_blind_notes(project, source)]
    if gone := len(what.items) - len(items):
        notes.append(f"{counted(gone, 'row is', 'rows are')} labelled already and not asked again.")
    if source.is_request and section.random_share:
        notes.append(
            "No part is drawn at random: the queue holds only rows that were asked for. Label some "
            "of the pool itself too; else what was asked for is seen too often in training."
        )
    if source.picks:
        ranked = _least_sure_first(project, what.form, items) if source.uncertain else items
        picked = _mixed(project, source, ranked, _others(project, source, items, known))
    else:
        picked = _drawn(items, section.rows, section.seed)
    return Chosen(what.form, picked, tuple(notes))


def _drawn(items: list[Item], count: int, seed: int) -> list[Picked]:
    places = np.random.default_rng(seed).permutation(len(items))[:count]
    return [Picked(items[place], RANDOM) for place in places]


def _mixed(
    project: Project, source: Source, ranked: list[Item], everything: list[Item]
) -> list[Picked]:
    """The first of the ranked rows, and others drawn at random from everything."""
    section = project.settings.labelling
    drawn = min(math.ceil(section.random_share * section.rows), len(everything))
    first = [Picked(item, source.why) for item in ranked[: section.rows - drawn]]
    taken = {one.item.row for one in first}
    others = [item for item in everything if item.row not in taken]
    return first + _drawn(others, drawn, section.seed)


def _others(
    project: Project, source: Source, items: list[Item], known: set[tuple[str, str]]
) -> list[Item]:
    """All rows that a random part can be drawn from; none for a queue of wanted rows."""
    if source.is_pool:
        return [] if source.is_request else items
    every = asked(project, _without_suggestions(project, _all(source))).items
    return [item for item in every if (item.row, item.digest) not in known]


def _all(source: Source) -> Wanted:
    return source.wanted._replace(check=None, rows=None)


def _require_possible(project: Project, source: Source) -> None:
    named = source.wanted != Wanted() or source.uncertain
    if source.audit is not None and named:
        raise BadInput(
            "An audit draws its rows by chance alone, so no others can be named.",
            fix="Leave --rows, --check, --uncertain and --predictions out.",
        )
    if not source.uncertain:
        return
    if not source.is_pool:
        raise BadInput(
            "Which rows a model is unsure of is asked of new rows only: rows of the project may "
            "judge the model.",
            fix="Name a file of rows without answers: `--rows FILE --uncertain`.",
        )
    if not isinstance(project.settings.task, Classify):
        raise BadInput(
            f"How sure a model is can be told of labels, not of a task of kind "
            f"{project.settings.kind!r}.",
            fix="Leave --uncertain out, or let `surpass explain --pool FILE --queue N` choose.",
        )


def _least_sure_first(project: Project, form: Form, items: list[Item]) -> list[Item]:
    """By the margin between a linear model's two likeliest labels, the smallest first.

    The model learns from training rows only, once rows are split.

    Source: Scheffer, Decomain and Wrobel 2001, Active Hidden Markov Models for Information
    Extraction, for margin sampling.
    """
    from surpass.evaluate.linear import linear_probabilities  # pulls in scikit-learn

    if not isinstance(form, Choose) or len(form.labels) < 2:
        return items
    train = current_split(project).train if is_split(project) else open_examples(project)
    pool = pl.DataFrame({columns.INPUT: [item.text for item in items]})
    found = linear_probabilities(train, pool, form.labels, project.settings.labelling.seed)
    top = np.sort(found, axis=1)
    order = np.argsort(top[:, -1] - top[:, -2], kind="stable")
    return [items[place] for place in order]


def _without_suggestions(project: Project, wanted: Wanted) -> Wanted:
    """The same without a model's answers, unless they were asked for and can do no harm."""
    section = project.settings.labelling
    if section.suggestions and last_seal(project) is not None:
        return wanted
    return wanted._replace(predictions=None)


def _blind_notes(project: Project, source: Source) -> list[str]:
    """Why suggestions that were named are not shown."""
    if source.wanted.predictions is None:
        return []
    if not project.settings.labelling.suggestions:
        return ["No model's answer is shown: [labelling] suggestions is off."]
    if last_seal(project) is None:
        return ["No model's answer is shown: before the seal any row may become a test row."]
    return []


def blinded(project: Project, picked: list[Picked]) -> list[Picked]:
    """The same rows; only training rows keep a proposal.

    A new row is dealt out to train, valid or test once it is in [data]: it may judge a model too.
    """
    if last_seal(project) is None:
        return [_blind(one) for one in picked]
    train = current_split(project).train
    inputs = zip(train[columns.ROW], map(digest_text, train[columns.INPUT]), strict=True)
    safe = set(inputs)
    return [one if (one.item.row, one.item.digest) in safe else _blind(one) for one in picked]


def _blind(one: Picked) -> Picked:
    item = one.item
    if item.proposed is None:
        return one
    answer = "" if item.answer == item.proposed else item.answer
    return Picked(item._replace(proposed=None, answer=answer), one.why)


def guideline(project: Project) -> str:
    """The text that is shown beside every row.

    Raises:
        BadInput: the file cannot be read.
    """
    named = project.settings.labelling.guideline
    if named is None:
        return ""
    try:
        return (project.folder / named).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"[labelling] guideline names {named}, which cannot be read ({error}).",
            fix="Write that file as UTF-8, or remove the key.",
        ) from None


def with_annotators(project: Project, annotators: int | None) -> Project:
    """The project with another number of annotators; none: as [labelling] says.

    Raises:
        BadInput: fewer than one.
    """
    if annotators is None:
        return project
    if annotators < 1:
        raise BadInput(f"{annotators} annotators cannot label.", fix="Name at least 1.")
    section = msgspec.structs.replace(project.settings.labelling, annotators=annotators)
    settings = msgspec.structs.replace(project.settings, labelling=section)
    return project._replace(settings=settings)


def relative(project: Project, path: Path) -> str:
    """A file as the queue names it: relative to the project where it lies there."""
    full, home = path.resolve(), project.folder.resolve()
    return str(full.relative_to(home)) if full.is_relative_to(home) else str(full)
