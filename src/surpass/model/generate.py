"""Write answers, greedily: the likeliest token each time, until the end of the turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from surpass.core.errors import BadInput
from surpass.core.progress import Progress
from surpass.model.attention import Past
from surpass.model.decoding import Decoding, start_decoding
from surpass.model.documents import lay_out, shared_prefix
from surpass.model.forward import read_prefix, row_states
from surpass.model.head import vocabulary_scores
from surpass.model.load import Loaded
from surpass.model.padded import write_padded
from surpass.model.template import end_token

Tokens = Sequence[int]

STILL_OPEN = 0.8  # finished rows are dropped when fewer than this share are still being written


@dataclass(frozen=True)
class Generated:
    """Answers in the order of their prompts."""

    texts: tuple[str, ...]
    truncated: tuple[bool, ...]  # no end token within the tokens allowed
    out_tokens: tuple[int, ...]  # tokens written, end token included


@torch.inference_mode()
def generate(
    loaded: Loaded,
    prompts: Sequence[Tokens],
    *,
    max_new_tokens: int,
    batch_rows: int = 64,
    progress: Progress,
) -> Generated:
    """Answer each prompt; the same model gives the same answers.

    The tokens that all prompts begin with are computed once. Prompts of like length are answered
    together, and those that are finished leave the batch.

    Args:
        loaded: The model.
        prompts: Tokens of each.
        max_new_tokens: Longest answer; what is longer is cut and marked.
        batch_rows: Answers written at once; memory and speed depend on it.
        progress: Told of the answers done.

    Raises:
        BadInput: prompt and answer do not fit into the model's context.
    """
    longest = max(map(len, prompts), default=0) + max_new_tokens
    if longest > loaded.context:
        raise BadInput(
            f"The longest prompt and {max_new_tokens} new tokens are {longest} tokens; the model "
            f"reads at most {loaded.context}.",
            fix="Lower [generation] max_new_tokens or shorten the instruction.",
        )
    progress.start("writing answers", len(prompts))
    ends = end_tokens(loaded)
    cut = 0 if loaded.padded else shared_prefix(prompts)
    past = read_prefix(loaded.model, prompts[0][:cut] if cut else [])
    order = sorted(range(len(prompts)), key=lambda item: (len(prompts[item]), item))
    answers: list[list[int]] = [[] for _ in prompts]
    for start in range(0, len(order), batch_rows):
        items = order[start : start + batch_rows]
        own = [list(prompts[item][cut:]) for item in items]
        if loaded.padded:
            written = write_padded(loaded.model, own, max_new_tokens, ends)
        else:
            written = _write(loaded, own, past, max_new_tokens, ends)
        for item, answer in zip(items, written, strict=True):
            answers[item] = answer
        progress.advance(start + len(items))
    progress.finish()
    return _read(loaded, answers, ends)


def end_tokens(loaded: Loaded) -> frozenset[int]:
    """Tokens that end an answer: the template's, and those the base declares."""
    declared = getattr(loaded.model.generation_config, "eos_token_id", None)
    known = declared if isinstance(declared, list) else [declared]
    return frozenset(
        {end_token(loaded.tokenizer), *(token for token in known if token is not None)}
    )


@dataclass
class _Batch:
    """Answers being written."""

    answers: list[list[int]]
    rows: list[int]  # which answer each row of the decoding state writes
    positions: Tensor  # (rows,), of the next token
    newest: Tensor  # (rows,), tokens just written
    done: set[int] = field(default_factory=set)  # answers that are finished


def _write(
    loaded: Loaded,
    prompts: list[list[int]],
    past: Past | None,
    max_new_tokens: int,
    ends: frozenset[int],
) -> list[list[int]]:
    """Tokens of each answer, end token included."""
    state, batch = _read_prompts(loaded, prompts, past)
    for written in range(1, max_new_tokens + 1):
        for row, token in zip(batch.rows, batch.newest.tolist(), strict=True):
            if row not in batch.done:
                batch.answers[row].append(token)
                if token in ends:
                    batch.done.add(row)
        still_open = [place for place, row in enumerate(batch.rows) if row not in batch.done]
        if not still_open or written == max_new_tokens:
            break
        if len(still_open) < STILL_OPEN * len(batch.rows):
            kept = torch.tensor(still_open, device=batch.newest.device)
            state.keep(kept)
            batch.rows = [batch.rows[place] for place in still_open]
            batch.positions, batch.newest = batch.positions[kept], batch.newest[kept]
        batch.newest = _next_tokens(loaded, state, batch)
    return batch.answers


def _read_prompts(
    loaded: Loaded, prompts: list[list[int]], past: Past | None
) -> tuple[Decoding, _Batch]:
    """Compute all prompts in one row, and the first token of each answer."""
    row = lay_out(prompts, past=past).recording()
    states = row_states(loaded.model, row)
    lengths = [len(prompt) for prompt in prompts]
    recorded = row.layout.record or Past()
    last = [start + length - 1 for start, length in zip(row.starts, lengths, strict=True)]
    newest = vocabulary_scores(loaded.model, states[last]).argmax(-1)
    shared = 0 if past is None else len(past)
    return start_decoding(recorded, past, row.starts, lengths), _Batch(
        answers=[[] for _ in prompts],
        rows=list(range(len(prompts))),
        positions=torch.tensor(lengths, device=newest.device) + shared,
        newest=newest,
    )


def _next_tokens(loaded: Loaded, state: Decoding, batch: _Batch) -> Tensor:
    """Feed the newest tokens; returns the likeliest ones behind them, shape (rows,)."""
    output = loaded.model.base_model(
        input_ids=batch.newest[None],
        position_ids=batch.positions[None],
        layout=state,
        use_cache=False,
    )
    state.advance()
    batch.positions += 1
    return vocabulary_scores(loaded.model, output.last_hidden_state[0]).argmax(-1)


def _read(loaded: Loaded, answers: list[list[int]], ends: frozenset[int]) -> Generated:
    """Turn tokens into texts, without the end token."""
    truncated = [not answer or answer[-1] not in ends for answer in answers]
    bodies = [
        answer if cut else answer[:-1] for answer, cut in zip(answers, truncated, strict=True)
    ]
    texts = [
        loaded.tokenizer.decode(body, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        for body in bodies
    ]
    return Generated(tuple(texts), tuple(truncated), tuple(len(answer) for answer in answers))
