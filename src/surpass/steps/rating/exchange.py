"""surpass rate export and import: comparisons to Label Studio and back."""

from pathlib import Path

import msgspec

from surpass.core.account import Account
from surpass.core.errors import BadInput
from surpass.people.label_studio.comparisons import CONFIGURATION, exported, imported
from surpass.people.standing import in_force
from surpass.steps.project import Project
from surpass.steps.rating.start import only_desk, require_queue
from surpass.steps.tell.numbers import counted
from surpass.store.durable import write_file
from surpass.store.tasks import TaskStore


def export_to(project: Project, file: Path) -> Account:
    """Write tasks, and the labelling configuration beside them.

    Raises:
        BadInput: there are no tasks.
    """
    tasks = exported(require_queue(TaskStore(project.folder)))
    configuration = file.with_suffix(".xml")
    write_file(file, msgspec.json.format(msgspec.json.encode(tasks)))
    write_file(configuration, CONFIGURATION.encode("utf-8"))
    return Account(
        title="Rate",
        headline=f"{counted(len(tasks), 'comparison')} written to {file}.",
        text=(
            f"In Label Studio: make a project, paste {configuration} as its labelling interface, "
            "and import the tasks. Sides do not change between its annotators: have each "
            "comparison judged by several.",
        ),
        next_command="surpass rate import FILE",
    )


def import_from(project: Project, file: Path) -> Account:
    """Take in the answers that are new.

    Raises:
        BadInput: no such file, not an export of our tasks, or no tasks here.
        BadMachine: raters are served by another process, which alone may write.
    """
    store = TaskStore(project.folder)
    queue = require_queue(store)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}).", fix="Name a file.") from None
    given = imported(content, queue, str(file))
    with only_desk(project):
        known = in_force(one for one in store.ratings() if one.queue == queue.id)
        fresh = [one for one in given if one.task not in known or known[one.task].said != one.said]
        for one in fresh:
            store.add(one)
    people = len({one.rater for one in given})
    return Account(
        title="Rate",
        headline=f"{counted(len(fresh), 'new answer')} of {counted(people, 'annotator')} taken in.",
        text=() if len(fresh) == len(given) else (f"{len(given) - len(fresh)} were here already.",),
        next_command="surpass rate results",
    )
