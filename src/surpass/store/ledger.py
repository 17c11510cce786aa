"""The ledger: what was decided, append-only, each entry naming its parents by digest.

It guards against self-deception and accident, not against its owner: whoever can write the file can
write all of it anew. Printed heads (on reports and verdicts) are what shows that.
"""

from pathlib import Path
from typing import TypeVar

import msgspec

from surpass.core.digest import canonical_json, digest_bytes, short
from surpass.core.environment import now
from surpass.core.errors import BadInput
from surpass.core.records.decisions import Body, Entry
from surpass.store.durable import append_line, whole_lines

FILE_NAME = "ledger.jsonl"
B = TypeVar("B")


class Ledger:
    """ledger.jsonl of one project."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def entries(self) -> list[tuple[str, Entry]]:
        """Every entry with its digest, oldest first.

        Raises:
            BadInput: a line cannot be read, or names a parent that is not there.
        """
        if not self._path.exists():
            return []
        found: list[tuple[str, Entry]] = []
        for number, line in enumerate(whole_lines(self._path.read_bytes()), 1):
            found.append((digest_bytes(line), self._decoded(line, number)))
        known = {digest for digest, _ in found}
        for number, (_, entry) in enumerate(found, 1):
            for parent in entry.parents:
                if parent not in known:
                    raise BadInput(
                        f"{self._path}:{number} follows entry {short(parent)}, which is not there: "
                        "an entry was edited or removed.",
                        fix=f"Restore {FILE_NAME} from git.",
                    )
        return found

    def bodies(self, kind: type[B]) -> list[tuple[str, B]]:
        """The bodies of one kind with their entries' digests, oldest first."""
        return [(d, entry.body) for d, entry in self.entries() if isinstance(entry.body, kind)]

    def heads(self) -> tuple[str, ...]:
        """Digests of the entries that no other follows: one, or two after a merge."""
        entries = self.entries()
        followed = {parent for _, entry in entries for parent in entry.parents}
        return tuple(digest for digest, _ in entries if digest not in followed)

    def append(self, body: Body) -> str:
        """Write one entry after the present heads; returns its digest once it is on disk."""
        entry = Entry(at=now(), parents=self.heads(), body=body)
        line = canonical_json(entry)
        append_line(self._path, line)
        return digest_bytes(line)

    def _decoded(self, line: bytes, number: int) -> Entry:
        try:
            return msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f"{self._path}:{number} is not a ledger entry ({error}).",
                fix=f"Restore {FILE_NAME} from git; it is only ever appended to.",
            ) from None


def verify(ledger: Ledger, head: str | None = None) -> str:
    """Say in one sentence what the chain of digests proves; raises BadInput where it is broken.

    Args:
        ledger: The project's ledger.
        head: A digest printed earlier (on a report, in a mail): its entry must still be there,
            which also finds cuts and rewrites.
    """
    entries = ledger.entries()
    if head is not None and not any(digest.startswith(head) for digest, _ in entries):
        raise BadInput(
            f"No entry {head} among the {len(entries)} of {FILE_NAME}: it was cut or rewritten.",
            fix=f"Restore {FILE_NAME} from git.",
        )
    chain = f"{len(entries)} entries, each naming its parents: no edit inside the chain."
    if head is None:
        return chain + " Cuts at the end and a full rewrite are found only with --head DIGEST."
    return chain + f" Entry {head} is there: nothing up to it was cut or rewritten."
