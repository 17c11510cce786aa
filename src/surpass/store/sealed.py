"""The one door to test rows: an opening is in the ledger before the rows are in anybody's hands.

A block is a set of test rows, named by its content. An opening counts for as long as any of its
rows is tested on: blocks that share rows share their exposure, so a new split, a fix or a new
version does not make a spent test fresh.

The rows lie in the cache under `sealed/` and, outside the user's own files, nowhere else before an
opening; the answers that a model gave to them are stored after it. What may be asked without an
opening is whether other rows show a test row: that is answered from hashes, laid down beside them.
"""

import io
import unicodedata
from pathlib import Path

import msgspec
import polars as pl

from surpass.core import columns
from surpass.core.digest import digest_text
from surpass.core.errors import BadInput, BadMachine, Refused
from surpass.core.records.decisions import Extension, Opening, Seal
from surpass.store.durable import write_file
from surpass.store.ledger import Ledger


class BlockRows(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows a block holds, by their `marks`: enough to see that two blocks overlap."""

    block: str
    rows: tuple[str, ...]
    answers: tuple[str, ...] = ()  # a digest of each row's input and answer; none in old manifests


class SealedTest:
    """The test rows of one project."""

    def __init__(self, folder: Path, cache: Path, ledger: Ledger) -> None:
        self._rows = cache / "sealed"
        self._manifests = folder / "versions"
        self._ledger = ledger

    def put(self, rows: pl.DataFrame, prints: pl.DataFrame) -> str:
        """Lay test rows behind the door; returns the block's name, a digest of their content.

        Args:
            rows: The test rows.
            prints: Hashes by which a leak of them is seen; `fingerprints` gives them back.
        """
        ordered = rows.sort(columns.ROW)
        block = digest_text(ordered.write_json())
        every = {mark for row in marks(ordered) for mark in row}
        answers = tuple(sorted(answer_digests(ordered)))
        manifest = BlockRows(block=block, rows=tuple(sorted(every)), answers=answers)
        write_file(self._manifest(block), msgspec.json.format(msgspec.json.encode(manifest)))
        _write_frame(self._prints(block), prints)
        _write_frame(self._path(block), ordered)
        return block

    def holds(self, block: str) -> bool:
        """Whether the block's rows are there (the cache may have been deleted)."""
        return self._path(block).is_file() and self._prints(block).is_file()

    def fingerprints(self, block: str) -> pl.DataFrame:
        """The hashes that were laid down with the block's rows; not an opening.

        Raises:
            BadMachine: they are not in the cache.
        """
        self._require_held(block)
        return pl.read_parquet(self._prints(block))

    def digests(self, block: str) -> frozenset[str]:
        """The `marks` of a block's rows, from its committed manifest; not an opening.

        Raises:
            BadInput: the manifest is not there.
        """
        self._require_manifests({block})
        path = self._manifest(block)
        return frozenset(msgspec.json.decode(path.read_bytes(), type=BlockRows).rows)

    def opened(self) -> set[str]:
        """Every block that was ever opened."""
        return {opening.block for _, opening in self._ledger.bodies(Opening)}

    def open(self, block: str, *, candidate: str, purpose: str) -> pl.DataFrame:
        """Read the test rows; the opening is on disk before this returns.

        Raises:
            Refused: the block was retired because its rows were shown to somebody, or rated by
                people for another candidate.
            BadMachine: the rows are not in the cache, or are not those that were sealed.
        """
        if purpose == "score":
            self.require_unseen(block)
            self._require_unrated(block, candidate)
        self._require_held(block)
        opening = Opening(block=block, candidate=candidate, purpose=purpose)
        again = purpose == "show" and any(b == opening for _, b in self._ledger.bodies(Opening))
        if not again:
            self._ledger.append(opening)
        rows = pl.read_parquet(self._path(block))
        if digest_text(rows.write_json()) != block:
            raise BadMachine(
                f"The rows behind the door of test block {block[:12]} are not those that were "
                "sealed: the cache was damaged or edited.",
                fix=f"Delete {self._path(block)} and run `surpass split`.",
            )
        return rows

    def require_unseen(self, block: str) -> None:
        """Refuse to let a block gate anything that somebody has read a row of.

        Raises:
            Refused: it was shown.
        """
        if self.shown(block):
            raise Refused(
                f"Test block {block[:12]} was shown row by row and gates nothing any more.",
                fix="Bring new test rows: `surpass split --extend-test FILE`.",
            )

    def rated(self, block: str) -> list[str]:
        """Candidates whose answers to rows of this block people were asked to compare."""
        related = self.related(block)
        openings = [body for _, body in self._ledger.bodies(Opening)]
        return [o.candidate for o in openings if o.block in related and o.purpose == "rate"]

    def _require_unrated(self, block: str, candidate: str) -> None:
        """Rows that raters have read judge whom they rated, and nobody who comes later.

        Raises:
            Refused: it was rated before this candidate answered it.
        """
        related = self.related(block)
        for _, opening in self._ledger.bodies(Opening):
            if opening.block not in related:
                continue
            if opening.candidate == candidate:
                return
            if opening.purpose == "rate":
                raise Refused(
                    f"People have read rows of test block {block[:12]} to rate another model; it "
                    "judges no model that comes later.",
                    fix="Bring new test rows: `surpass split --extend-test FILE`.",
                )

    def shown(self, block: str) -> bool:
        """Whether any row of this block was shown to somebody."""
        related = self.related(block)
        openings = [body for _, body in self._ledger.bodies(Opening)]
        return any(o.block in related and o.purpose == "show" for o in openings)

    def candidates(self, block: str, rungs: tuple[str, ...]) -> list[str]:
        """Runs that were scored on any row of this block, in order of their first opening.

        Args:
            block: The block.
            rungs: Names of baselines, which are not candidates.
        """
        related = self.related(block)
        seen: dict[str, None] = {}
        for _, opening in self._ledger.bodies(Opening):
            if opening.block in related and opening.candidate not in rungs:
                seen.setdefault(opening.candidate)
        return list(seen)

    def related(self, block: str) -> set[str]:
        """The block, all that share a row with it, and those that an amended seal put in its place.

        An amendment without new rows is the same test in other words, however its texts changed.
        """
        self._require_manifests(self.opened())
        manifests = [
            msgspec.json.decode(path.read_bytes(), type=BlockRows)
            for path in sorted(self._manifests.glob("block-*.json"))
        ]
        rows = {row for m in manifests if m.block == block for row in m.rows}
        found = {block} | {m.block for m in manifests if rows.intersection(m.rows)}
        chains = self._chains()
        if chains and not any(block in chain for chain in chains):
            found |= chains[-1]  # it is about to be sealed in place of the last one
        return found.union(*(chain for chain in chains if chain & found))

    def _chains(self) -> list[set[str]]:
        """Blocks sealed one in place of the other; new rows begin a chain of their own."""
        chains: list[set[str]] = []
        for _, entry in self._ledger.entries():
            match entry.body:
                case Extension(block=block):
                    chains.append({block})
                case Seal(block=block) if chains:
                    chains[-1].add(block)
                case Seal(block=block):
                    chains.append({block})
                case _:
                    pass
        return chains

    def answers(self, block: str) -> frozenset[str]:
        """`answer_digests` of a block's rows, from its manifest; empty for an old one."""
        self._require_manifests({block})
        path = self._manifest(block)
        return frozenset(msgspec.json.decode(path.read_bytes(), type=BlockRows).answers)

    def _require_manifests(self, blocks: set[str]) -> None:
        """Every block that was opened must be known, or its exposure could be forgotten."""
        lost = sorted(block for block in blocks if not self._manifest(block).exists())
        if lost:
            raise BadInput(
                f"Test block {lost[0][:12]} is in the ledger, but {self._manifest(lost[0])} "
                "is not there: what it has in common with other tests is not known.",
                fix="Restore versions/ from git.",
            )

    def _require_held(self, block: str) -> None:
        if not self.holds(block):
            raise BadMachine(
                f"The rows of test block {block[:12]} are not in the cache.",
                fix="Run `surpass split` to lay them down again.",
            )

    def _path(self, block: str) -> Path:
        return self._rows / f"{block}.parquet"

    def _prints(self, block: str) -> Path:
        return self._rows / f"{block}.hashes.parquet"

    def _manifest(self, block: str) -> Path:
        return self._manifests / f"block-{block[:16]}.json"


def marks(rows: pl.DataFrame) -> list[tuple[str, ...]]:
    """What each row is known by: digests of its input, of the letters in it, and of its id.

    The first sees through case, spaces and forms of characters, the second through punctuation
    too, and the third through any edit of the text. A row that is named by its file and line has
    no id: such names move when a line is inserted. Two rows with a mark in common are one row.
    """
    found = []
    sources = rows[columns.SOURCE] if columns.SOURCE in rows.columns else [None] * rows.height
    for name, text, source in zip(rows[columns.ROW], rows[columns.INPUT], sources, strict=True):
        folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        letters = "".join(character for character in folded if character.isalnum())
        kinds = [folded]
        kinds += [f"letters\0{letters}"] if letters else []
        kinds += [f"id\0{name}"] if source is not None and not _is_place(name, source) else []
        found.append(tuple(digest_text(kind)[:16] for kind in kinds))
    return found


def answer_digests(rows: pl.DataFrame) -> list[str]:
    """A digest of each row's input, as its first mark sees it, and of its answer."""
    first = [row[0] for row in marks(rows)]
    return [
        digest_text(f"{mark}\0{answer}")[:16]
        for mark, answer in zip(first, rows[columns.TARGET], strict=True)
    ]


def _is_place(name: str, source: str) -> bool:
    """Whether a row's name is only where it stands: "rows:17" of "data/rows.csv:17"."""
    stem, _, line = name.rpartition(":")
    file, _, source_line = source.rpartition(":")
    return line == source_line and stem != "" and stem in file


def _write_frame(path: Path, frame: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    write_file(path, buffer.getvalue())
