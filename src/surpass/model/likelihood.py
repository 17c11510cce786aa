"""How likely a model finds each of a closed set of labels as the answer to each prompt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from surpass.core.errors import BadInput
from surpass.core.progress import Progress
from surpass.model.attention import Past
from surpass.model.documents import lay_out, shared_prefix
from surpass.model.forward import padded_states, read_prefix, row_states
from surpass.model.head import token_log_probabilities
from surpass.model.load import Loaded
from surpass.model.trie import Trie, build_trie

Tokens = Sequence[int]


@dataclass(frozen=True)
class LabelScores:
    """Log-probabilities of whole labels, end token included."""

    sums: NDArray[np.float64]  # (items, labels), nats
    lengths: NDArray[np.int64]  # (labels,), tokens; divide by them for length-normalised scores


@torch.inference_mode()
def score_labels(
    loaded: Loaded,
    prompts: Sequence[Tokens],
    labels: Sequence[Tokens],
    *,
    progress: Progress,
    batch_tokens: int = 4096,
) -> LabelScores:
    """Sum the log-probabilities of each label's tokens behind each prompt.

    The tokens that all prompts begin with are computed once; each prompt once, with all labels
    behind it as a tree that shares their common beginnings; the vocabulary is scored only where a
    label goes on.

    Args:
        loaded: The model.
        prompts: Tokens of each item's prompt.
        labels: Tokens of each label, end token included; no label is empty.
        progress: Told of the items done.
        batch_tokens: Tokens computed at once; decides memory and speed, not the result.

    Raises:
        BadInput: a prompt with the longest label is longer than the model's context.
    """
    _check_context(loaded, prompts, labels)
    progress.start("scoring labels", len(prompts))
    sums = np.empty((len(prompts), len(labels)))
    score = _padded_batches if loaded.padded else _flat_batches
    done = 0
    for items, scores in score(loaded, prompts, labels, batch_tokens):
        sums[items] = scores
        done += len(items)
        progress.advance(done)
    progress.finish()
    return LabelScores(sums, np.array([len(label) for label in labels], dtype=np.int64))


Scored = Iterator[tuple[list[int], NDArray[np.float64]]]
"""Numbers of items, and their scores, shape (those items, labels)."""


def _flat_batches(
    loaded: Loaded, prompts: Sequence[Tokens], labels: Sequence[Tokens], batch_tokens: int
) -> Scored:
    """Score items with the labels as a tree behind each prompt."""
    trie = build_trie(labels)
    cut = shared_prefix(prompts)
    past = read_prefix(loaded.model, prompts[0][:cut] if cut else [], loaded.virtual)
    documents = [prompt[cut:] for prompt in prompts]
    sizes = [len(document) + len(trie.tokens) for document in documents]
    for items in by_length(sizes, batch_tokens):
        yield items, _score_trees(loaded, [documents[item] for item in items], past, trie)


def _score_trees(
    loaded: Loaded, documents: list[Tokens], past: Past | None, trie: Trie
) -> NDArray[np.float64]:
    """Scores of the items of one row, shape (documents, labels)."""
    row = lay_out(documents, past=past, trie=trie)
    states = row_states(loaded.model, row)
    ends = np.array([start + len(own) for start, own in zip(row.starts, documents, strict=True)])
    # node n of a document stands n tokens behind its end; PROMPT, -1, is its last token
    parents = ends[:, None] + trie.edge_parents[None, :]
    tokens = np.broadcast_to(trie.edge_tokens, parents.shape)
    return _edge_scores(loaded, states, parents, tokens) @ trie.paths


def _edge_scores(
    loaded: Loaded, states: Tensor, places: NDArray[np.int64], tokens: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Log-probability of a token behind a place of the row, for arrays of both."""
    chosen = token_log_probabilities(
        loaded.model,
        states[torch.from_numpy(places.reshape(-1)).to(states.device)],
        torch.from_numpy(tokens.reshape(-1).copy()).to(states.device),
    )
    return chosen.cpu().double().numpy().reshape(places.shape)


def _padded_batches(
    loaded: Loaded, prompts: Sequence[Tokens], labels: Sequence[Tokens], batch_tokens: int
) -> Scored:
    """Score every label behind every prompt as a row of its own."""
    longest = max(map(len, labels))
    sizes = [(len(prompt) + longest) * len(labels) for prompt in prompts]
    for items in by_length(sizes, batch_tokens):
        rows = [[*prompts[item], *label] for item in items for label in labels]
        scores = np.concatenate(
            [
                _score_padded(loaded, rows[start : start + _ROWS], labels, start)
                for start in range(0, len(rows), _ROWS)
            ]
        )
        yield items, scores.reshape(len(items), len(labels))


_ROWS = 32  # padded rows at once


def _score_padded(
    loaded: Loaded, rows: list[list[int]], labels: Sequence[Tokens], first: int
) -> NDArray[np.float64]:
    """Summed log-probability of the label at each row's end; `first` numbers the first row."""
    states = padded_states(loaded.model, rows)
    longest = states.shape[1]
    places: list[int] = []
    tokens: list[int] = []
    owners: list[int] = []
    for number, row in enumerate(rows):
        label = labels[(first + number) % len(labels)]
        start = number * longest + len(row) - len(label) - 1
        places += range(start, start + len(label))
        tokens += label
        owners += [number] * len(label)
    scores = _edge_scores(loaded, states.flatten(0, 1), np.array(places), np.array(tokens))
    return np.bincount(owners, weights=scores, minlength=len(rows)).astype(np.float64)


def by_length(sizes: Sequence[int], most: int) -> Iterator[list[int]]:
    """Items in order of size, in parts whose sizes sum to at most `most` (one item at least)."""
    part: list[int] = []
    total = 0
    for item in sorted(range(len(sizes)), key=lambda item: (sizes[item], item)):
        if part and total + sizes[item] > most:
            yield part
            part, total = [], 0
        part.append(item)
        total += sizes[item]
    if part:
        yield part


def _check_context(loaded: Loaded, prompts: Sequence[Tokens], labels: Sequence[Tokens]) -> None:
    longest = max(map(len, prompts), default=0) + max(map(len, labels))
    if longest > loaded.context:
        raise BadInput(
            f"A prompt with its longest label has {longest} tokens; the model reads at most "
            f"{loaded.context}.",
            fix="Shorten the instruction, use fewer shots, or drop the longest inputs.",
        )
