"""Several continuations of one prompt as a tree, so that a shared beginning is computed once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PROMPT = -1  # parent of the first tokens


@dataclass(frozen=True)
class Trie:
    """Nodes are tokens that something follows; an edge is a token to be scored."""

    tokens: NDArray[np.int64]  # (nodes,)
    depths: NDArray[np.int64]  # (nodes,), 0 right behind the prompt
    ancestors: NDArray[np.bool_]  # (nodes, nodes), True where the column leads to the row, or is it
    edge_parents: NDArray[np.int64]  # (edges,), node that the edge leaves, or PROMPT
    edge_tokens: NDArray[np.int64]  # (edges,)
    paths: NDArray[np.float64]  # (edges, labels), 1 where the label takes the edge


def build_trie(labels: Sequence[Sequence[int]]) -> Trie:
    """Merge the beginnings of labels; each is a non-empty list of tokens, end token included."""
    nodes: dict[tuple[int, ...], int] = {}  # the tokens down to a node -> its number
    edges: dict[tuple[int, ...], int] = {}
    for label in labels:
        for end in range(1, len(label) + 1):
            edges.setdefault(tuple(label[:end]), len(edges))
            if end < len(label):
                nodes.setdefault(tuple(label[:end]), len(nodes))
    ancestors = np.zeros((len(nodes), len(nodes)), dtype=bool)
    for path, node in nodes.items():
        for end in range(1, len(path) + 1):
            ancestors[node, nodes[path[:end]]] = True
    paths = np.zeros((len(edges), len(labels)))
    for number, label in enumerate(labels):
        for end in range(1, len(label) + 1):
            paths[edges[tuple(label[:end])], number] = 1
    return Trie(
        tokens=np.array([path[-1] for path in nodes], dtype=np.int64),
        depths=np.array([len(path) - 1 for path in nodes], dtype=np.int64),
        ancestors=ancestors,
        edge_parents=np.array([nodes.get(path[:-1], PROMPT) for path in edges], dtype=np.int64),
        edge_tokens=np.array([path[-1] for path in edges], dtype=np.int64),
        paths=paths,
    )
