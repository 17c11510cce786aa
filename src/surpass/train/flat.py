"""Put the rows of a step before the model and get the states that its answer tokens come from."""

from collections.abc import Sequence

import torch
from torch import Tensor

from surpass.model.attention import Past
from surpass.model.documents import lay_out
from surpass.model.forward import padded_states, read_prefix, row_states
from surpass.model.load import Loaded
from surpass.train.encode import Encoded


def answer_states(
    loaded: Loaded, encoded: Encoded, rows: Sequence[int], past: Past | None = None
) -> tuple[Tensor, Tensor]:
    """States before each learned token, and those tokens, of all rows end to end.

    The shared prefix stands once at the head of the row, so that it is computed once a step and
    learns from every document; behind virtual tokens it is a row of its own before the others.
    Nothing is computed behind the last but one token of an answer. Earlier answers are learned
    where the rows say so; the shared prefix ends before the first of them.

    Args:
        loaded: The model.
        encoded: All rows.
        rows: Numbers of those in this step.
        past: Virtual tokens and the shared prefix, computed before; where nothing learns.

    Returns:
        Shapes (answer tokens, width) and (answer tokens,).
    """
    if past is None and loaded.virtual is not None:
        past = read_prefix(loaded.model, encoded.prefix, loaded.virtual)
    cut = 0 if loaded.padded else encoded.shared
    documents = [[*encoded.prompts[row][cut:], *encoded.answers[row][:-1]] for row in rows]
    if loaded.padded:
        padded = padded_states(loaded.model, documents)
        starts = [number * padded.shape[1] for number in range(len(rows))]
        states = padded.flatten(0, 1)
    else:
        head = [] if past is not None else encoded.prefix
        laid = lay_out(documents, prefix=head, past=past)
        starts = list(laid.starts)
        states = row_states(loaded.model, laid)
    places: list[int] = []
    tokens: list[int] = []
    for start, row in zip(starts, rows, strict=True):
        whole = [*encoded.prompts[row], *encoded.answers[row]]
        for first, after in encoded.learned(row):
            places += range(start + first - cut - 1, start + after - cut - 1)
            tokens += whole[first:after]
    device = states.device
    return states[torch.tensor(places, device=device)], torch.tensor(tokens, device=device)
