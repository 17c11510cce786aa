"""surpass experiment import: a log of another gateway into the journal."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from surpass.core.columns import REQUEST
from surpass.core.errors import BadInput
from surpass.core.records.journal import Entry, Exposure
from surpass.steps.experimenting.logged import Logged, LoggedRequest, entries_of
from surpass.steps.experimenting.openai_log import Json, openai_request
from surpass.steps.experimenting.otlp_log import otlp_logged
from surpass.steps.experimenting.running import last_experiment
from surpass.steps.project import Project
from surpass.steps.serving.journal import open_journal

_AT_ONCE = 1_000  # lines of one transaction


class Imported(NamedTuple):
    """What a log held."""

    requests: int
    known: int  # requests that the journal had already
    votes: int
    of_experiment: int  # new requests that belong to the experiment
    left_out: int  # objects that are no request


def import_log(project: Project, file: Path) -> Imported:
    """Write a log's requests and votes to the journal; the same log again changes nothing.

    Raises:
        BadInput: no such file, or nothing in it is a request.
        BadMachine: a server holds the journal.
    """
    logged, left_out = _read(file)
    requests = [one for one in logged if isinstance(one, LoggedRequest)]
    if not requests:
        raise BadInput(
            f"{file} holds no request of a model.",
            fix="Name a log of OpenAI completions (JSONL), or traces exported as OTLP JSON.",
        )
    experiment, level = last_experiment(project), project.settings.serving.capture
    task = project.settings.task.name
    begin, end = min(one.at for one in requests), max(one.at for one in requests)
    with open_journal(project, writer=True) as journal:
        there = journal.requests(since=begin, until=end + timedelta(seconds=1))[REQUEST]
        known = set(there.to_list())
        fresh = _fresh(logged, known)
        entries = [entry for one in fresh for entry in entries_of(one, task, level, experiment)]
        for place in range(0, len(entries), _AT_ONCE):
            journal.write(*entries[place : place + _AT_ONCE])
    return _counted(requests, fresh, entries, left_out)


def _fresh(logged: list[Logged], known: set[str]) -> list[Logged]:
    """Votes, and requests that are not there yet, each once."""
    found: list[Logged] = []
    for one in logged:
        if isinstance(one, LoggedRequest):
            if one.id in known:
                continue
            known.add(one.id)
        found.append(one)
    return found


def _counted(
    requests: list[LoggedRequest], fresh: list[Logged], entries: list[Entry], left_out: int
) -> Imported:
    new = sum(isinstance(one, LoggedRequest) for one in fresh)
    return Imported(
        requests=new,
        known=len(requests) - new,
        votes=len(fresh) - new,
        of_experiment=sum(isinstance(entry, Exposure) for entry in entries),
        left_out=left_out,
    )


def _read(file: Path) -> tuple[list[Logged], int]:
    """All that a log holds, and how many of its objects are nothing of that."""
    found: list[Logged] = []
    left_out = 0
    for tree in _trees(file):
        if "resourceSpans" in tree:
            found += otlp_logged(tree)
        elif (one := openai_request(tree)) is not None:
            found.append(one)
        else:
            left_out += 1
    return found, left_out


def _trees(file: Path) -> Iterator[Json]:
    """Each object of a file of JSON lines, or the one of a JSON file.

    Raises:
        BadInput: it cannot be read, or is no JSON.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.", fix="Name a log.") from None
    try:
        whole = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        yield from _lines(content, file)
    else:
        yield from _objects(whole, f"{file}")


def _lines(content: bytes, file: Path) -> Iterator[Json]:
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            whole = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            told = f"{file}:{number} is no JSON ({error})."
            raise BadInput(told, fix="Mend that line.") from None
        yield from _objects(whole, f"{file}:{number}")


def _objects(whole: object, where: str) -> Iterator[Json]:
    for one in whole if isinstance(whole, list) else [whole]:
        if not isinstance(one, dict):
            raise BadInput(f"{where} is no JSON object.", fix="Name a log of requests.")
        yield one
