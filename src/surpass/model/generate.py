"""Write answers, greedily: the likeliest token each time, until the end of the turn."""

from collections.abc import Sequence
from dataclasses import dataclass

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

OPEN_SHARE = 0.8  # finished rows give way to new ones when fewer rows than this are being written


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

    The tokens that all prompts begin with are computed once. Many answers are written at a time,
    and new prompts take the places of finished ones.

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
    limits = Limits(max_new_tokens, batch_rows, end_tokens(loaded))
    write = _write_padded if loaded.padded else _write_flat
    answers = write(loaded, prompts, limits, progress)
    progress.finish()
    return _read(loaded, answers, limits.ends)


@dataclass(frozen=True)
class Limits:
    """What bounds an answer and a batch."""

    max_new_tokens: int
    batch_rows: int
    ends: frozenset[int]

    def ended(self, answer: list[int]) -> bool:
        """Whether nothing comes behind these tokens."""
        return answer[-1] in self.ends or len(answer) == self.max_new_tokens


def end_tokens(loaded: Loaded) -> frozenset[int]:
    """Tokens that end an answer: the template's, and those the base declares."""
    declared = getattr(loaded.model.generation_config, "eos_token_id", None)
    known = declared if isinstance(declared, list) else [declared]
    return frozenset(
        {end_token(loaded.tokenizer), *(token for token in known if token is not None)}
    )


@dataclass
class _Batch:
    """Answers being written, one a row."""

    items: list[int]  # whose answer a row writes
    state: Decoding
    positions: Tensor  # (rows,), of the next token
    newest: Tensor  # (rows,), tokens found but not yet written down

    def keep(self, places: list[int]) -> None:
        """Drop all rows but those at these places."""
        rows = torch.tensor(places, device=self.newest.device)
        self.items = [self.items[place] for place in places]
        self.state.keep(rows)
        self.positions, self.newest = self.positions[rows], self.newest[rows]

    def join(self, other: "_Batch") -> None:
        """Add the rows of another batch."""
        self.items += other.items
        self.state.join(other.state)
        self.positions = torch.cat([self.positions, other.positions])
        self.newest = torch.cat([self.newest, other.newest])


def _write_flat(
    loaded: Loaded, prompts: Sequence[Tokens], limits: Limits, progress: Progress
) -> list[list[int]]:
    """Tokens of each answer, end token included; new prompts take the rows of finished answers."""
    cut = shared_prefix(prompts)
    past = read_prefix(loaded.model, prompts[0][:cut] if cut else [], loaded.virtual)
    waiting = _shortest_first(prompts)
    answers: list[list[int]] = [[] for _ in prompts]
    batch: _Batch | None = None
    while batch is not None or waiting:
        room = limits.batch_rows - (0 if batch is None else len(batch.items))
        if waiting and (batch is None or room > (1 - OPEN_SHARE) * limits.batch_rows):
            items, waiting = waiting[:room], waiting[room:]
            own = [prompts[item][cut:] for item in items]
            fresh = _read_prompts(loaded, items, own, past)
            if batch is None:
                batch = fresh
            else:
                batch.join(fresh)
        if batch is not None:
            batch = _write_newest(loaded, batch, answers, limits)
            progress.advance(len(prompts) - len(waiting) - (len(batch.items) if batch else 0))
    return answers


def _write_newest(
    loaded: Loaded, batch: _Batch, answers: list[list[int]], limits: Limits
) -> _Batch | None:
    """Write the newest tokens down, drop finished rows, find the next ones; None: all finished."""
    for item, token in zip(batch.items, batch.newest.tolist(), strict=True):
        if not answers[item] or not limits.ended(answers[item]):
            answers[item].append(token)
    places = [n for n, item in enumerate(batch.items) if not limits.ended(answers[item])]
    if not places:
        return None
    if len(places) < OPEN_SHARE * len(batch.items):
        batch.keep(places)
    output = loaded.model.base_model(
        input_ids=batch.newest[None],
        position_ids=batch.positions[None],
        layout=batch.state,
        use_cache=False,
    )
    batch.state.advance()
    batch.positions = batch.positions + 1
    batch.newest = vocabulary_scores(loaded.model, output.last_hidden_state[0]).argmax(-1)
    return batch


def _read_prompts(
    loaded: Loaded, items: list[int], prompts: list[Tokens], past: Past | None
) -> _Batch:
    """Compute prompts, without their shared prefix, in one row; finds the first tokens."""
    row = lay_out(prompts, past=past).recording()
    states = row_states(loaded.model, row)
    lengths = [len(prompt) for prompt in prompts]
    last = [start + length - 1 for start, length in zip(row.starts, lengths, strict=True)]
    newest = vocabulary_scores(loaded.model, states[last]).argmax(-1)
    shared = 0 if past is None else len(past)
    return _Batch(
        items=items,
        state=start_decoding(row.layout.record or Past(), past, row.starts, lengths),
        positions=torch.tensor(lengths, device=newest.device) + shared,
        newest=newest,
    )


def _write_padded(
    loaded: Loaded, prompts: Sequence[Tokens], limits: Limits, progress: Progress
) -> list[list[int]]:
    """The same with transformers' own loop."""
    waiting = _shortest_first(prompts)
    answers: list[list[int]] = [[] for _ in prompts]
    for start in range(0, len(waiting), limits.batch_rows):
        items = waiting[start : start + limits.batch_rows]
        own = [list(prompts[item]) for item in items]
        written = write_padded(loaded.model, own, limits.max_new_tokens, limits.ends)
        for item, answer in zip(items, written, strict=True):
            answers[item] = answer
        progress.advance(start + len(items))
    return answers


def _shortest_first(prompts: Sequence[Tokens]) -> list[int]:
    return sorted(range(len(prompts)), key=lambda item: (len(prompts[item]), item))


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
