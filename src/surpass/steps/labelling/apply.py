"""surpass label apply: what people agree on becomes decisions about rows, and files of new rows."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account
from surpass.core.digest import digest_text
from surpass.core.environment import now
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.dataset import Decision
from surpass.core.records.label import ApplyData
from surpass.core.settings import Extract
from surpass.data.read import read_rows
from surpass.data.rows import Rows
from surpass.people.agreed import Agreed, RowAnswers, agreed, meaning, rows_answered
from surpass.steps.check import open_examples
from surpass.steps.dataset import current_dataset, keep_version
from surpass.steps.labelling.rows import queue_of
from surpass.steps.project import Project
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import current_split, is_split
from surpass.steps.tell.label import applied_account
from surpass.store.annotations import Annotations, in_force
from surpass.store.durable import write_file
from surpass.store.sealed import marks
from surpass.store.tasks import TaskStore

FOLDER = "labelled"
_NOT_AGREED = "that people differ about, or that too few of them answered"
_STALE = "whose input changed after it was labelled"
_ELSEWHERE = "that are in no file here, or are sealed as test"
_SEALED_VALID = "that judge a model (valid): after the seal only training rows change"
_SAW = "whose annotator saw a model's answer and which may judge a model"
_LIKE_TEST = "whose text is that of a sealed test row"


class Labelled(NamedTuple):
    """A row's answer."""

    row: RowAnswers
    answer: Agreed


def apply_labels(project: Project, pool: Path | None = None, least: int = 1) -> Account:
    """Decide on rows of the data, and write the labelled rows of a pool as a file to learn from.

    Args:
        project: The project.
        pool: The file whose rows were labelled; none: the one that people were dealt last, if any.
        least: How many people must say the same; what the adjudicator settled counts always.

    Raises:
        CannotTell: nobody has labelled anything.
        BadInput: the pool cannot be read, or `least` is no number of people.
    """
    if least < 1:
        raise BadInput(f"{least} people cannot agree.", fix="Name at least 1.")
    answered = rows_answered(in_force(Annotations(project.folder).all()))
    if not answered:
        raise CannotTell("Nobody has labelled anything yet.", fix="Run `surpass label start`.")
    found = [(row, agreed(row, least)) for row in answered]
    ready = [Labelled(row, answer) for row, answer in found if answer is not None]
    left_out = Counter({_NOT_AGREED: len(found) - len(ready)})
    new = _Pool.of(project, pool)
    in_pool = [one for one in ready if new is not None and new.has(one.row)]
    others = [one for one in ready if new is None or not new.has(one.row)]
    decided = _decisions(project, others, left_out)
    written = 0 if new is None else _write(project, new, in_pool, left_out)
    by_side = _sides(project, decided.made) if decided.made else {}
    _decide(project, decided.made)
    data = ApplyData(
        decisions=tuple(decided.made),
        confirmed=decided.confirmed,
        by_side=by_side,
        file=new.target if new is not None and written else None,
        new_rows=written,
        left_out={reason: count for reason, count in left_out.items() if count},
    )
    return applied_account(data, sealed=last_seal(project) is not None)


class _Decided(NamedTuple):
    made: list[Decision]
    confirmed: int


def _decisions(project: Project, ready: list[Labelled], left_out: Counter[str]) -> _Decided:
    """Decisions on rows of the data whose answer is another one now."""
    examples = open_examples(project)
    rows = zip(examples[columns.ROW], examples[columns.INPUT], strict=True)
    digests = {row: digest_text(text) for row, text in rows}
    targets = dict(zip(examples[columns.ROW], examples[columns.TARGET], strict=True))
    dropped = {d.row for d in project.answers.decisions() if d.action == "drop"}
    sealed = last_seal(project) is not None
    train = set(current_split(project).train[columns.ROW]) if sealed else set()
    moment, made, confirmed = now(), [], 0
    for one in ready:
        name = one.row.row
        if name not in digests:
            left_out[_ELSEWHERE] += name not in dropped
        elif digests[name] != one.row.digest:
            left_out[_STALE] += 1
        elif one.answer.answer.verdict != "rejected" and _same(one, targets[name]):
            confirmed += 1
        elif sealed and name not in train:
            left_out[_SEALED_VALID] += 1
        elif one.answer.saw and name not in train:
            left_out[_SAW] += 1
        else:
            made.append(_decision(one, moment))
    return _Decided(made, confirmed)


def _same(one: Labelled, target: str) -> bool:
    said = one.answer.answer
    return said.value == target or meaning(said) == meaning(
        msgspec.structs.replace(said, value=target, verdict="answered")
    )


def _decision(one: Labelled, moment: str) -> Decision:
    answer = one.answer
    by, said = ", ".join(answer.people), answer.answer
    if said.verdict == "rejected":
        return Decision(
            row=one.row.row, action="drop", reason=f"Rejected: {answer.how}.", by=by, at=moment
        )
    return Decision(
        row=one.row.row,
        action="fix",
        reason=f"{answer.how[:1].upper()}{answer.how[1:]}.",
        by=by,
        at=moment,
        column=columns.TARGET,
        value=said.value,
    )


def _sides(project: Project, made: list[Decision]) -> dict[str, int]:
    """How many of the decided rows are on each side of the split before; empty if there is none."""
    if not is_split(project):
        return {}
    split = current_split(project)
    sides = {"train": set(split.train[columns.ROW]), "valid": set(split.valid[columns.ROW])}
    decided = {decision.row for decision in made}
    counts = {side: len(decided & rows) for side, rows in sides.items()}
    others = decided - sides["train"] - sides["valid"]
    if others:
        examples = open_examples(project).filter(pl.col(columns.ROW).is_in(list(others)))
        tested = project.sealed.digests(split.sides.block)
        counts["test"] = sum(not tested.isdisjoint(row) for row in marks(examples))
        counts["none (it leaked, and was removed)"] = len(others) - counts["test"]
    return counts


def _decide(project: Project, made: Iterable[Decision]) -> None:
    """Keep the decisions, and a version of the examples before and after them."""
    decisions = list(made)
    if not decisions:
        return
    before = current_dataset(project).version
    project.answers.decide(decisions)
    keep_version(project, before)
    keep_version(project, current_dataset(project).version)


class _Pool(NamedTuple):
    """A file of new rows."""

    rows: Rows
    places: dict[tuple[str, str], int]  # (name, digest of the input) -> place in the file
    frame: pl.DataFrame  # ROW and INPUT
    target: str  # the file of labelled rows, relative to the project

    @classmethod
    def of(cls, project: Project, named: Path | None) -> "_Pool | None":
        path = named
        if path is None:
            queue = TaskStore(project.folder, "label").queue()
            if queue is None or queue.side != "pool":
                return None
            path = project.folder / queue.source
        rows = read_rows(path)
        frame = queue_of(project, rows)
        texts = zip(frame[columns.ROW], frame[columns.INPUT], strict=True)
        places = {(name, digest_text(text)): place for place, (name, text) in enumerate(texts)}
        return cls(rows, places, frame, f"{FOLDER}/{path.stem}.jsonl")

    def has(self, row: RowAnswers) -> bool:
        return (row.row, row.digest) in self.places


def _write(project: Project, pool: _Pool, ready: list[Labelled], left_out: Counter[str]) -> int:
    """Write the pool's labelled rows in its own columns; returns how many there are.

    A text that is a sealed test row's is left out: learning from it would give the test away.
    """
    usable = [one for one in ready if one.answer.answer.verdict != "rejected"]
    places = {pool.places[one.row.row, one.row.digest]: one for one in usable}
    tested = _sealed_digests(project)
    closed = {n for n, row in enumerate(marks(pool.frame)) if not tested.isdisjoint(row)}
    left_out[_LIKE_TEST] += len(closed & set(places))
    lines = [_line(project, pool, place, places[place]) for place in sorted(set(places) - closed)]
    if lines:
        content = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        write_file(project.folder / pool.target, content)
    return len(lines)


def _sealed_digests(project: Project) -> frozenset[str]:
    sealed = last_seal(project)
    return frozenset() if sealed is None else project.sealed.digests(sealed[1].block)


def _line(
    project: Project, pool: _Pool, place: int, one: Labelled
) -> dict[str, str | msgspec.Raw | None]:
    """One row of the pool with its answer, and every column that [data] declares."""
    data, task = project.settings.data, project.settings.task
    declared = (data.group, data.time, *data.slices)
    line: dict[str, str | msgspec.Raw | None] = {name: None for name in declared if name}
    line |= {data.id or "id": one.row.row} if data.id or "id" in pool.rows.frame.columns else {}
    line |= pool.rows.frame.row(place, named=True)
    if data.annotator is not None:
        line[data.annotator] = ", ".join(one.answer.people)
    value = one.answer.answer.value or ""
    line[task.output] = _as_json(value) if isinstance(task, Extract) else value
    return line


def _as_json(value: str) -> str | msgspec.Raw:
    try:
        msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value
    return msgspec.Raw(value.encode())
