"""How surprised a model is by given texts: the loss behind each, flattened, no padding."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from surpass.core.errors import BadInput
from surpass.core.progress import Progress
from surpass.model.documents import lay_out, shared_prefix
from surpass.model.forward import padded_states, read_prefix, row_states
from surpass.model.head import token_log_probabilities
from surpass.model.likelihood import by_length
from surpass.model.load import Loaded
from surpass.model.template import encode_example, encode_text


class Document(NamedTuple):
    """Tokens that are given, and the tokens behind them whose loss is asked."""

    given: list[int]  # at least one
    scored: list[int]


class TextLosses(NamedTuple):
    """Loss of each text, in the order of the texts."""

    nats: NDArray[np.float64]  # summed over the scored tokens, shape (texts,)
    tokens: NDArray[np.int64]  # scored, shape (texts,)


def as_document(loaded: Loaded, instruction: str, asked: str, text: str) -> Document:
    """A text for `document_losses`, cut where the model's context ends.

    Args:
        loaded: The model.
        instruction: Told before a question; may be empty.
        asked: The question that the text answers, put through the template of training; empty: the
            text stands alone, without a template, and its first token is given.
        text: What is scored, of an answer also the end token.

    Raises:
        BadInput: nothing is left to score: the text is one token, or its question too long.
    """
    if asked:
        given, scored = encode_example(loaded.tokenizer, instruction, (), (asked, text))
    else:
        tokens = encode_text(loaded.tokenizer, text)
        given, scored = tokens[:1], tokens[1:]
    scored = scored[: max(0, loaded.context - len(given))]
    if not scored:
        raise BadInput(
            f"No token can be scored of {text[:40]!r}: {len(given)} tokens stand before it and the "
            f"model reads at most {loaded.context}.",
            fix="Lengthen the text or shorten its question.",
        )
    return Document(given, scored)


@torch.inference_mode()
def document_losses(
    loaded: Loaded,
    documents: Sequence[Document],
    *,
    progress: Progress,
    batch_tokens: int = 4096,
) -> TextLosses:
    """Negative log-probability of each document's scored tokens.

    What all given parts begin with is computed once.

    Args:
        loaded: The model.
        documents: As `as_document` makes them.
        progress: Told of the documents done.
        batch_tokens: Tokens computed at once; decides memory and speed, not the result.
    """
    progress.start("loss of texts", len(documents))
    nats = np.empty(len(documents))
    batches = _padded if loaded.padded else _flat
    done = 0
    for places, losses in batches(loaded, documents, batch_tokens):
        nats[places] = losses
        done += len(places)
        progress.advance(done)
    progress.finish()
    return TextLosses(nats, np.array([len(one.scored) for one in documents], dtype=np.int64))


Batch = tuple[list[int], NDArray[np.float64]]
"""Numbers of documents, and the loss of each."""


def _flat(loaded: Loaded, documents: Sequence[Document], batch_tokens: int) -> Iterator[Batch]:
    """Documents side by side in one row."""
    cut = shared_prefix([one.given for one in documents])
    past = read_prefix(loaded.model, documents[0].given[:cut] if cut else [], loaded.virtual)
    for places in by_length(_sizes(documents), batch_tokens):
        chosen = [documents[place] for place in places]
        row = lay_out([one.given[cut:] + one.scored for one in chosen], past=past)
        states = row_states(loaded.model, row)
        starts = [start - cut for start in row.starts]
        yield places, _losses(loaded, states, chosen, starts)


def _padded(loaded: Loaded, documents: Sequence[Document], batch_tokens: int) -> Iterator[Batch]:
    """The same for architectures that cannot attend documents side by side."""
    for places in by_length(_sizes(documents), batch_tokens):
        chosen = [documents[place] for place in places]
        states = padded_states(loaded.model, [one.given + one.scored for one in chosen])
        starts = [number * states.shape[1] for number in range(len(chosen))]
        yield places, _losses(loaded, states.flatten(0, 1), chosen, starts)


def _sizes(documents: Sequence[Document]) -> list[int]:
    return [len(one.given) + len(one.scored) for one in documents]


def _losses(
    loaded: Loaded, states: torch.Tensor, documents: Sequence[Document], starts: Sequence[int]
) -> NDArray[np.float64]:
    """Loss of each document; its first given token stands at `start`, maybe before the row."""
    places: list[int] = []
    tokens: list[int] = []
    owners: list[int] = []
    for number, (document, start) in enumerate(zip(documents, starts, strict=True)):
        before = start + len(document.given) - 1  # this state foretells the first scored token
        places += range(before, before + len(document.scored))
        tokens += document.scored
        owners += [number] * len(document.scored)
    device = states.device
    chosen = token_log_probabilities(
        loaded.model,
        states[torch.tensor(places, device=device)],
        torch.tensor(tokens, device=device),
    )
    nats = -chosen.double().cpu().numpy()
    return np.bincount(owners, weights=nats, minlength=len(documents)).astype(np.float64)
