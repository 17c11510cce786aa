"""Answers that are code: run against their tests before anything is scored."""

import polars as pl

from surpass.core import columns
from surpass.core.environment import threads
from surpass.core.progress import Progress
from surpass.core.settings import Task
from surpass.core.settings.task import Code


def require_jail_for(task: Task) -> None:
    """See that code can be run here before a model is loaded or a test is opened.

    Raises:
        BadMachine: the task is code and no jail holds here.
    """
    if isinstance(task, Code):
        from surpass.evaluate.jail.probe import require_jail  # a second of attempts to break out

        require_jail()


def with_runs(task: Task, predictions: pl.DataFrame, progress: Progress) -> pl.DataFrame:
    """The predictions with what passed its tests, where the task is code.

    Raises:
        BadMachine: no jail holds here.
        BadInput: a row has no tests, or its own solution does not pass them.
    """
    if not isinstance(task, Code):
        return predictions
    from surpass.evaluate.code_answers import run_codes

    answers = [[answer] for answer in predictions[columns.ANSWER]]
    return run_codes(predictions, answers, task, threads=threads(), progress=progress)
