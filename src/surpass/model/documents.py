"""Lay documents out in one row for `attention`: tokens, positions, who sees whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import torch
from torch import Tensor

from surpass.model.attention import Group, Past, RowLayout
from surpass.model.trie import Trie

Tokens = Sequence[int]

SHORTEST_PREFIX = 8  # fewer shared tokens are not worth a pass of their own


@dataclass(frozen=True)
class Row:
    """One row for the model."""

    ids: Tensor  # (1, tokens)
    positions: Tensor  # (1, tokens); they restart with each document, behind the shared prefix
    layout: RowLayout
    starts: tuple[int, ...]  # where each document begins, in the order the documents were given

    def recording(self) -> "Row":
        """The same row, whose keys and values will be kept in `layout.record`."""
        return replace(self, layout=replace(self.layout, record=Past()))

    def to(self, device: str) -> "Row":
        """The same row on another device."""
        groups = tuple(
            replace(group, sees=None if group.sees is None else group.sees.to(device))
            for group in self.layout.groups
        )
        layout = replace(self.layout, groups=groups)
        return replace(
            self, ids=self.ids.to(device), positions=self.positions.to(device), layout=layout
        )


def lay_out(
    documents: Sequence[Tokens],
    *,
    prefix: Tokens = (),
    past: Past | None = None,
    trie: Trie | None = None,
) -> Row:
    """Put documents into one row, those of equal length side by side.

    Args:
        documents: Tokens of each, without the shared prefix; none empty.
        prefix: Shared tokens to put at the start of the row.
        past: A shared prefix computed before; not together with `prefix`.
        trie: Continuations that are appended to every document, see `trie`.
    """
    shared = len(prefix) + (0 if past is None else len(past))
    order = sorted(range(len(documents)), key=lambda index: (len(documents[index]), index))
    tail = [] if trie is None else trie.tokens.tolist()
    ids, positions = list(prefix), list(range(len(prefix)))
    starts = [0] * len(documents)
    groups = []
    for length, members in groupby(order, key=lambda index: len(documents[index])):
        steps = [*range(shared, shared + length)]
        if trie is not None:
            steps += (shared + length + trie.depths).tolist()
        count = 0
        for index in members:
            starts[index] = len(ids)
            ids += [*documents[index], *tail]
            positions += steps
            count += 1
        groups.append(Group(count, length + len(tail), _who_sees_whom(shared, length, trie)))
    return Row(
        ids=torch.tensor([ids]),
        positions=torch.tensor([positions]),
        layout=RowLayout(tuple(groups), prefix=len(prefix), past=past),
        starts=tuple(starts),
    )


def shared_prefix(documents: Sequence[Tokens]) -> int:
    """How many first tokens all documents share, leaving each at least one of its own.

    0 where the shared part is too short to be worth it.
    """
    if not documents:
        return 0
    shortest = min(map(len, documents)) - 1
    first, last = min(map(list, documents)), max(map(list, documents))  # what they share, all share
    length = 0
    while length < shortest and first[length] == last[length]:
        length += 1
    return length if length >= SHORTEST_PREFIX else 0


def _who_sees_whom(shared: int, length: int, trie: Trie | None) -> Tensor | None:
    """Mask of a group, see `Group.sees`."""
    if trie is None:
        if not shared:
            return None
        return torch.ones(length, shared + length, dtype=torch.bool).tril(shared)
    nodes = len(trie.tokens)
    sees = np.tril(np.ones((length + nodes, shared + length + nodes), dtype=bool), shared)
    sees[length:, shared + length :] = trie.ancestors
    return torch.from_numpy(sees)
