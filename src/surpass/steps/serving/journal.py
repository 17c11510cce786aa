"""The journal of a project, wherever its operator keeps it."""

from surpass.core.environment import journal_address
from surpass.steps.project import Project
from surpass.store.journal import Journal


def open_journal(project: Project, *, writer: bool = False) -> Journal:
    """Open it: .surpass/journal.db, or the PostgreSQL database that SURPASS_JOURNAL names.

    Raises:
        CannotTell: to be read, but nothing was served yet.
        BadInput: the address is none, or the tables are of another version.
        BadMachine: another process writes to it, or the database cannot be reached.
    """
    address = journal_address()
    place = project.folder if address is None else address.reveal()
    return Journal.open(place, writer=writer)
