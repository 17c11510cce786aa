"""Run a model's layers: over one row of documents, or padded where the architecture needs it."""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor
from transformers import PreTrainedModel

from surpass.model.attention import Past
from surpass.model.documents import Row, lay_out


def row_states(model: PreTrainedModel, row: Row) -> Tensor:
    """Last hidden state of each token of the row, shape (tokens, width)."""
    row = row.to(str(model.device))
    output = model.base_model(
        input_ids=row.ids, position_ids=row.positions, layout=row.layout, use_cache=False
    )
    return cast("Tensor", output.last_hidden_state)[0]


def read_prefix(
    model: PreTrainedModel, prefix: Sequence[int], virtual: Past | None = None
) -> Past | None:
    """Compute a shared prefix once, behind virtual tokens if there are any; None: neither."""
    if not prefix:
        return virtual
    row = lay_out([prefix], past=virtual).recording()
    row_states(model, row)
    record = row.layout.record
    return record if virtual is None or record is None else virtual.followed_by(record)


def padded_states(model: PreTrainedModel, documents: Sequence[Sequence[int]]) -> Tensor:
    """The same for architectures that cannot attend documents: padded on the right.

    Returns:
        Shape (documents, longest, width); what stands behind a document's end means nothing.
    """
    longest = max(map(len, documents))
    ids = torch.zeros(len(documents), longest, dtype=torch.long)
    mask = torch.zeros(len(documents), longest, dtype=torch.long)
    for number, document in enumerate(documents):
        ids[number, : len(document)] = torch.tensor(document)
        mask[number, : len(document)] = 1
    output = model.base_model(
        input_ids=ids.to(model.device), attention_mask=mask.to(model.device), use_cache=False
    )
    return cast("Tensor", output.last_hidden_state)
