"""Write one answer token by token, for somebody who reads along; greedy, as `generate` writes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from surpass.core.errors import BadInput
from surpass.model.attention import Past
from surpass.model.decoding import start_decoding
from surpass.model.documents import lay_out, shared_prefix
from surpass.model.forward import read_prefix, row_states
from surpass.model.generate import end_tokens
from surpass.model.head import vocabulary_scores
from surpass.model.load import Loaded
from surpass.model.padded import write_padded
from surpass.model.template import encode_prompt

Tokens = Sequence[int]


class Written(NamedTuple):
    """One token of an answer, the end token never among them."""

    token: int
    log_probability: float | None  # None: not known of this architecture
    likeliest: tuple[tuple[int, float], ...]  # tokens that were as likely or less, with their own


class Beginning(NamedTuple):
    """What every prompt of a task begins with, read once."""

    tokens: tuple[int, ...]
    past: Past | None  # None: it is to be read with each prompt


def read_beginning(loaded: Loaded, instruction: str) -> Beginning:
    """Read what two prompts of the same instruction have in common."""
    if loaded.padded:
        return Beginning((), None)
    prompts = [encode_prompt(loaded.tokenizer, instruction, (), text) for text in ("a", "8")]
    tokens = prompts[0][: shared_prefix(prompts)]
    with torch.inference_mode():
        return Beginning(tuple(tokens), read_prefix(loaded.model, tokens, loaded.virtual))


def write_answer(
    loaded: Loaded, prompt: Tokens, beginning: Beginning, *, most_tokens: int, likeliest: int = 0
) -> Iterator[Written]:
    """The tokens of an answer as they are found; ends before the end token, or at the cap.

    Args:
        loaded: The model.
        prompt: Its tokens.
        beginning: Of its task; it is read again where the prompt does not begin so.
        most_tokens: Longest answer, the end token included.
        likeliest: For so many of the likeliest tokens tell the log-probability, too.

    Raises:
        BadInput: prompt and answer do not fit into the model's context.
    """
    if len(prompt) + most_tokens > loaded.context:
        raise BadInput(
            f"The prompt has {len(prompt)} tokens and the answer may have {most_tokens}; the model "
            f"reads at most {loaded.context} together.",
            fix="Send a shorter text, or lower max_completion_tokens.",
        )
    ends = end_tokens(loaded)
    if loaded.padded:
        written = write_padded(loaded.model, [[*prompt]], most_tokens, ends)[0]
        yield from (Written(token, None, ()) for token in written if token not in ends)
        return
    scores = _scores(loaded, prompt, beginning)
    for _ in range(most_tokens):
        written_one = _chosen(next(scores), likeliest)
        if written_one.token in ends:
            return
        yield written_one


def _scores(loaded: Loaded, prompt: Tokens, beginning: Beginning) -> Iterator[Tensor]:
    """Scores of the vocabulary behind the prompt, then behind each likeliest token."""
    cut = len(beginning.tokens)
    past = beginning.past
    if len(prompt) <= cut or tuple(prompt[:cut]) != beginning.tokens:
        cut, past = 0, loaded.virtual
    with torch.inference_mode():
        own = prompt[cut:]
        row = lay_out([own], past=past).recording()
        states = row_states(loaded.model, row)
        scores = vocabulary_scores(loaded.model, states[-1:])
        state = start_decoding(row.layout.record or Past(), past, row.starts, [len(own)])
        shared = 0 if past is None else len(past)
        positions = torch.tensor([len(own) + shared], device=scores.device)
    while True:
        yield scores[0]
        with torch.inference_mode():
            output = loaded.model.base_model(
                input_ids=scores.argmax(-1)[None],
                position_ids=positions[None],
                layout=state,
                use_cache=False,
            )
            state.advance()
            positions = positions + 1
            scores = vocabulary_scores(loaded.model, output.last_hidden_state[0])


def _chosen(scores: Tensor, likeliest: int) -> Written:
    """The likeliest token with its log-probability, and those of the next ones if asked for."""
    with torch.inference_mode():
        token = int(scores.argmax())
        whole = scores.logsumexp(0)
        best = scores.topk(min(likeliest, len(scores))) if likeliest else None
        others = (
            () if best is None else zip(best.indices.tolist(), best.values - whole, strict=True)
        )
        return Written(
            token, float(scores[token] - whole), tuple((one, float(value)) for one, value in others)
        )
