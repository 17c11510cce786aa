"""surpass rate judge: let a model compare the answers that raters compare, and more of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.account import Account
from surpass.core.digest import digest_record, digest_text
from surpass.core.environment import now
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Named, Progress
from surpass.core.recipe import Recipe
from surpass.core.records.judging import (
    JudgeFinished,
    JudgeStarted,
    PairVerdict,
    labels_came_first,
)
from surpass.core.records.rating import Pairwise, Queue
from surpass.core.settings.endpoint import Endpoint
from surpass.core.settings.judge import Judge
from surpass.evaluate.endpoint import Asking, Reply, ask_endpoint
from surpass.evaluate.judging import (
    LABELS,
    Comparison,
    judge_prompts,
    side_of,
)
from surpass.people.candidates import FIRST, SECOND, candidates, drawn
from surpass.steps.endpoint_asking import cost_of, key_of
from surpass.steps.judging.rubric import judge_digest, require_judge, rubric_of
from surpass.steps.ladder import endpoint_of
from surpass.steps.project import Project
from surpass.steps.rating.sides import Sides, sides, sides_on_test
from surpass.steps.tell.judge import asked_account
from surpass.store.judged import JudgedStore
from surpass.store.tasks import TaskStore

REVISION = 1


class JudgeRecipe(Recipe, frozen=True, kw_only=True):
    """Everything that a judge's verdicts depend on."""

    judge: str  # digest of endpoint, model, rubric and form of the question
    answers: str  # digest of both models' answers
    rows: tuple[str, ...]  # the compared ones, in order
    queue: str | None  # the tasks that people had been dealt


class _Bench(NamedTuple):
    """Who judges, and what."""

    section: Judge
    endpoint: Endpoint
    key: str | None
    rubric: str
    models: tuple[str, str]
    rows: pl.DataFrame  # as `candidates` gives them, with GROUP
    recipe: JudgeRecipe


def judge(project: Project, files: tuple[Path, Path] | None, progress: Progress) -> JudgeFinished:
    """Ask the judge in both orders about every chosen row, or find what it said.

    That it is being asked is on disk before the first question, so that it can be told later
    whether people's rows were drawn first. A stopped judge goes on where it was.

    Args:
        project: The project.
        files: Two files of answers, as for `rate start`; none: base and tuned model on valid.
        progress: Told of answered questions.

    Raises:
        BadInput: no [judge], no such endpoint or rubric, or other models than the raters'.
        Refused: the models answer otherwise than when tasks were dealt.
        BadMachine: the endpoint cannot be reached.
    """
    bench = _bench(project, files)
    store = JudgedStore(project.folder)
    found = [one for one in store.finished() if one.recipe == bench.recipe.digest]
    if found:
        return found[-1]
    _say_started(store, bench.recipe)
    finished = _asked(bench, store, progress)
    store.add(finished)
    return finished


def judge_account(project: Project, files: tuple[Path, Path] | None, progress: Progress) -> Account:
    """What `surpass rate judge` says."""
    finished = judge(project, files, progress)
    first = labels_came_first(JudgedStore(project.folder).lines(), finished)
    return asked_account(finished, labels_first=first)


def _say_started(store: JudgedStore, recipe: JudgeRecipe) -> None:
    """Once: a judge that goes on is not asked anew."""
    fresh = JudgeStarted(at=now(), judge=recipe.judge, answers=recipe.answers, queue=recipe.queue)
    before = [line for line in store.lines() if isinstance(line, JudgeStarted)]
    if all(msgspec.structs.replace(line, at=fresh.at) != fresh for line in before):
        store.add(fresh)


def _bench(project: Project, files: tuple[Path, Path] | None) -> _Bench:
    section = require_judge(project)
    endpoint, rubric = endpoint_of(project, section.endpoint), rubric_of(project, section)
    queue = TaskStore(project.folder).queue()
    # Of the test it is asked only after people: the door was opened for them.
    on_test = queue is not None and queue.side == "test" and files is None
    compared = sides_on_test(project) if on_test else sides(project, files)
    frame = candidates(compared.first, compared.second, project.settings.data.slices).frame
    dealt = _dealt(queue, compared, frame) if queue is not None else set()
    rows = _chosen(frame, dealt, section.items, project.settings.rating.seed)
    recipe = JudgeRecipe(
        stage="judging",
        revision=REVISION,
        judge=judge_digest(endpoint, section, rubric),
        answers=answers_digest(frame),
        rows=tuple(rows[columns.ROW]),
        queue=None if queue is None else queue.id,
    )
    rows = _with_groups(rows, compared.first)
    return _Bench(section, endpoint, key_of(endpoint), rubric, compared.names, rows, recipe)


def answers_digest(frame: pl.DataFrame) -> str:
    """Names two models' answers, where they differ."""
    return digest_record(frame.select(columns.ROW, FIRST, SECOND).sort(columns.ROW).rows())


def _dealt(queue: Queue, compared: Sides, frame: pl.DataFrame) -> set[str]:
    """Rows that people were dealt, which must be about the very same answers.

    Raises:
        BadInput: the tasks compare other models.
        Refused: a model answers otherwise now.
    """
    if queue.models != compared.names:
        raise BadInput(
            f"Raters compare {' and '.join(queue.models)}, the judge would compare "
            f"{' and '.join(compared.names)}.",
            fix="Name the same files with --first and --second, or deal anew: "
            "`surpass rate start --anew`.",
        )
    texts = {row: {one, other} for row, one, other in frame[columns.ROW, FIRST, SECOND].iter_rows()}
    tasks = [task for hand in queue.tasks.values() for task in hand if task.purpose == "rate"]
    pairs = {
        task.item: {task.payload.left, task.payload.right}
        for task in tasks
        if isinstance(task.payload, Pairwise)
    }
    changed = sorted(item for item, pair in pairs.items() if texts.get(item) != pair)
    if changed:
        raise Refused(
            f"{len(changed)} of {len(pairs)} rows are answered otherwise than when raters were "
            f"dealt them (first: {changed[0]!r}).",
            fix="Deal the present answers: `surpass rate start --anew`.",
        )
    return set(pairs)


def _chosen(frame: pl.DataFrame, dealt: set[str], items: int, seed: int) -> pl.DataFrame:
    """The rows that people were dealt, then others at random, in an order of names."""
    theirs = frame.filter(pl.col(columns.ROW).is_in(list(dealt)))
    rest = frame.filter(~pl.col(columns.ROW).is_in(list(dealt)))
    more = max(0, items - theirs.height)
    others = drawn(rest, more, seed) if more and rest.height else rest.clear()
    return pl.concat([theirs, others]).sort(columns.ROW)


def _with_groups(rows: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """The same with GROUP; a file's rows, of which no group is known, are groups of their own."""
    if columns.GROUP not in first.columns:
        return rows.with_columns(pl.col(columns.ROW).alias(columns.GROUP))
    groups = first.select(columns.ROW, columns.GROUP)
    return rows.join(groups, on=columns.ROW, how="left", maintain_order="left")


def _asked(bench: _Bench, store: JudgedStore, progress: Progress) -> JudgeFinished:
    comparisons = [
        Comparison(asked, first, second, target if bench.section.reference else None)
        for asked, first, second, target in bench.rows[
            columns.INPUT, FIRST, SECOND, columns.TARGET
        ].iter_rows()
    ]
    prompts = [p for one in comparisons for p in judge_prompts(one, bench.rubric)]
    asking = Asking(
        endpoint=bench.endpoint,
        key=bench.key,
        cap_tokens=bench.section.max_tokens,
        labels=LABELS,
        kept=store.replies,
    )
    store.replies.parent.mkdir(parents=True, exist_ok=True)
    replies = ask_endpoint(prompts, asking, Named(progress, f"judging by {bench.section.endpoint}"))
    tokens = _total([count for r in replies for count in (r.in_tokens, r.out_tokens)])
    return JudgeFinished(
        at=now(),
        recipe=bench.recipe.digest,
        judge=bench.recipe.judge,
        rubric=digest_text(bench.rubric),
        answers=bench.recipe.answers,
        queue=bench.recipe.queue,
        models=bench.models,
        endpoint=bench.section.endpoint,
        verdicts=_verdicts(bench.rows, replies),
        tokens=None if tokens is None else int(tokens),
        cost=_total([cost_of(reply, bench.endpoint) for reply in replies]),
    )


def _verdicts(rows: pl.DataFrame, replies: list[Reply]) -> tuple[PairVerdict, ...]:
    """Replies come in pairs, straight and swapped, in the order of the rows."""
    pairs = zip(replies[::2], replies[1::2], strict=True)
    return tuple(
        PairVerdict(
            item=item,
            group=digest_text(str(group))[:16],
            straight=side_of(straight.text, swapped=False),
            swapped=side_of(swapped.text, swapped=True),
        )
        for (item, group), (straight, swapped) in zip(
            rows[columns.ROW, columns.GROUP].iter_rows(), pairs, strict=True
        )
    )


def _total(values: Sequence[float | None]) -> float | None:
    """Their sum; unknown where one of them is."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
