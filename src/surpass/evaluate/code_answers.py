"""Judge answers that are code: each is run against its row's tests, in a jail."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.core.progress import Progress
from surpass.core.settings.task import Code
from surpass.evaluate.jail.limits import Limits, time_limit
from surpass.evaluate.jail.probe import require_jail
from surpass.evaluate.jail.programs import programs_of
from surpass.evaluate.jail.shared import shared_jails
from surpass.evaluate.jail.verdicts import Bench, Mode, Outcome, Problem, Programs, judge

__all__ = ["Item", "items_of", "require_jail", "run_codes"]

_CANONICAL_SECONDS = 60.0  # most that a row's own solution may take
_LIMITS = Limits()


class Item(NamedTuple):
    """One row as it is judged."""

    problem: Problem
    canonical: Programs
    seconds: float = _CANONICAL_SECONDS  # of one answer with its tests


class Judged(NamedTuple):
    """The outcomes of one row's answers, in their order."""

    strict: list[Outcome]
    default: list[Outcome]


def run_codes(
    rows: pl.DataFrame,
    answers: Sequence[Sequence[str]],
    task: Code,
    *,
    threads: int,
    progress: Progress,
) -> pl.DataFrame:
    """Run every answer in both modes and count what passes.

    Each row's own solution is run first: it sets the time limit, and a row whose own solution does
    not pass can be passed by nobody. An answer that ran out of time is run once more, alone.

    Args:
        rows: Examples, or predictions made of them.
        answers: Of each row, as the model wrote them; at least one.
        task: Which columns hold the tests and the name of the function.
        threads: Rows judged at once.
        progress: Told of finished rows.

    Returns:
        The rows with SAMPLES, PASSED (strict: what gates read), PASSED_DEFAULT, OUTCOMES (a word
        for each answer) and STATUS: "ok", "unreadable" where no answer was Python, or "truncated"
        as it was, where none passed.

    Raises:
        BadMachine: no jail holds here.
        BadInput: a row has no tests, or its own solution does not pass them.
    """
    items = items_of(rows, task)
    bench = Bench(require_jail(), _LIMITS, _CANONICAL_SECONDS)
    with (
        shared_jails(bench.way, bench.limits) as shared,
        ThreadPoolExecutor(max(1, threads)) as pool,
    ):
        bench = bench._replace(shared=shared)
        items = _with_time_limits(bench, rows, items, pool)
        tasks = [pool.submit(_judge, bench, *one) for one in zip(items, answers, strict=True)]
        progress.start("running code", len(tasks))
        judged = []
        for done, task_of_row in enumerate(tasks, start=1):
            judged.append(task_of_row.result())
            progress.advance(done)
        progress.finish()
    alone = bench._replace(shared=None)
    again = [_retried(alone, *one) for one in zip(items, answers, judged, strict=True)]
    return _counted(rows, again)


def items_of(rows: pl.DataFrame, task: Code) -> list[Item]:
    """The rows' problems.

    The column of tests holds Python: asserts, or a function `check(candidate)`; a JSON list of
    asserts is joined.

    Raises:
        BadInput: a row has no tests, or its function's name is none.
    """
    names: list[str | None] = [None] * rows.height
    if task.entry_point is not None:
        names = rows[columns.attribute(task.entry_point)].to_list()
    tests = rows[columns.attribute(task.tests)]
    cells = zip(
        rows[columns.ROW], rows[columns.INPUT], rows[columns.TARGET], tests, names, strict=True
    )
    return [_item(*cell) for cell in cells]


def _item(row: str, prompt: str, target: str, tests: str | None, name: str | None) -> Item:
    if not (tests or "").strip():
        raise BadInput(f"The row {row} has no tests.", fix="Write asserts for it, or drop it.")
    if name is not None and not name.isidentifier():
        raise BadInput(
            f"The row {row} names {name!r} as the function to test.",
            fix="Name one function of the solution there, or leave `entry_point` out.",
        )
    text = _joined(tests or "")
    checks = name is not None and re.search(r"^def check\(", text, re.MULTILINE)
    problem = Problem(prompt, text, f"check({name})" if checks else "", name)
    return Item(problem, programs_of(target, prompt, name))


def _joined(tests: str) -> str:
    """A JSON list of asserts, as MBPP has them, as one text."""
    try:
        return "\n".join(msgspec.json.decode(tests, type=list[str]))
    except msgspec.DecodeError:
        return tests


def _with_time_limits(
    bench: Bench, rows: pl.DataFrame, items: list[Item], pool: ThreadPoolExecutor
) -> list[Item]:
    """Give each row the time that follows from its own solution.

    Raises:
        BadInput: rows whose own solution does not pass.
    """
    own = list(pool.map(lambda one: judge(bench, one.problem, [one.canonical])[0], items))
    broken = [
        (row, one.why) for row, one in zip(rows[columns.ROW], own, strict=True) if not one.passed
    ]
    if broken:
        row, why = broken[0]
        raise BadInput(
            f"The solutions of {len(broken)} of {len(items)} rows do not pass their own tests, run "
            f"apart from them (first: {row}, {why}).",
            fix="Mend or drop these rows; the page on running code says what tests can express.",
        )
    return [
        item._replace(seconds=time_limit(one.seconds)) for item, one in zip(items, own, strict=True)
    ]


def _judge(bench: Bench, item: Item, answers: Sequence[str]) -> Judged:
    """Both modes, strict first: its time limit is the same."""
    timed = bench._replace(seconds=item.seconds)
    programs = [programs_of(one, item.problem.prompt, item.problem.entry_point) for one in answers]
    modes: tuple[Mode, Mode] = ("strict", "default")
    return Judged(*(judge(timed, item.problem, programs, mode) for mode in modes))


def _retried(bench: Bench, item: Item, answers: Sequence[str], judged: Judged) -> Judged:
    """Answers that ran out of time may have been slowed by their neighbours: once more, alone."""
    late = [
        at
        for at, pair in enumerate(zip(*judged, strict=True))
        if any(o.why == "time" for o in pair)
    ]
    again = _judge(bench, item, [answers[at] for at in late]) if late else Judged([], [])
    strict, default = list(judged.strict), list(judged.default)
    for place, at in enumerate(late):
        strict[at], default[at] = again.strict[place], again.default[place]
    return Judged(strict, default)


def _counted(rows: pl.DataFrame, judged: list[Judged]) -> pl.DataFrame:
    before = rows[columns.STATUS] if columns.STATUS in rows.columns else [None] * rows.height
    status = [_status(*one) for one in zip(before, judged, strict=True)]
    return rows.with_columns(
        pl.Series(columns.SAMPLES, [len(own.strict) for own in judged], dtype=pl.Int64),
        pl.Series(
            columns.PASSED, [sum(o.passed for o in own.strict) for own in judged], dtype=pl.Int64
        ),
        pl.Series(
            columns.PASSED_DEFAULT,
            [sum(o.passed for o in own.default) for own in judged],
            dtype=pl.Int64,
        ),
        pl.Series(
            columns.OUTCOMES,
            [[o.why for o in own.strict] for own in judged],
            dtype=pl.List(pl.String),
        ),
        pl.Series(columns.STATUS, status, dtype=pl.String),
    )


def _status(before: str | None, judged: Judged) -> str:
    """A row keeps "truncated" unless an answer passed all the same: what was cut was not needed."""
    if before == "truncated" and not any(one.passed for one in judged.strict):
        return before
    return "ok" if any(one.readable for one in judged.strict) else "unreadable"
