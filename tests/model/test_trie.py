"""A tree of labels scores each label as the chain of its tokens."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from surpass.model.trie import PROMPT, build_trie

labels = st.lists(
    st.lists(st.integers(0, 3), max_size=4).map(lambda tokens: [*tokens, 9]),
    min_size=1,
    max_size=6,
    unique_by=tuple,
)


@given(labels)
def test_each_label_is_a_chain_of_edges(labels):
    trie = build_trie(labels)
    for number, label in enumerate(labels):
        edges = np.flatnonzero(trie.paths[:, number])
        node = PROMPT
        for token in label:
            (edge,) = [
                edge
                for edge in edges
                if trie.edge_parents[edge] == node and trie.edge_tokens[edge] == token
            ]
            below = [
                child
                for child in range(len(trie.tokens))
                if trie.tokens[child] == token and _parent(trie, child) == node
            ]
            edges = edges[edges != edge]
            node = below[0] if below else None
        assert not edges.size


@given(labels)
def test_shared_beginnings_are_one_node(labels):
    trie = build_trie(labels)
    beginnings = {tuple(label[:end]) for label in labels for end in range(1, len(label))}
    assert len(trie.tokens) == len(beginnings)
    assert trie.ancestors.sum() == sum(len(path) for path in beginnings)


def _parent(trie, node):
    above = [other for other in np.flatnonzero(trie.ancestors[node]) if other != node]
    return max(above, key=lambda other: trie.depths[other]) if above else PROMPT
