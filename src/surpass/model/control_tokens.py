"""Control tokens in what people wrote: they are spelled out in ordinary tokens, and found by id."""

import re
from functools import lru_cache

from transformers import PreTrainedTokenizerBase

from surpass.model.turns import Message

_PRIVATE_USE = range(0xE000, 0xF8FF)  # characters that no standard gives a meaning


def spell_out(
    tokenizer: PreTrainedTokenizerBase, messages: list[Message]
) -> tuple[list[Message], str]:
    """Put a mark into every control token in the messages; no mark where there is none."""
    control = _control_tokens(tokenizer)
    joined = "\n".join(message["content"] for message in messages)
    if not control.search(joined):
        return messages, ""
    mark = next(chr(code) for code in _PRIVATE_USE if chr(code) not in joined)
    return [
        {**message, "content": _break(control, mark, message["content"])} for message in messages
    ], mark


@lru_cache(maxsize=8)
def control_ids(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Ids of all of them."""
    known = tokenizer.added_tokens_decoder
    return frozenset(
        {number for number, token in known.items() if token.special}
        | set(tokenizer.all_special_ids)
    )


@lru_cache(maxsize=8)
def _control_tokens(tokenizer: PreTrainedTokenizerBase) -> re.Pattern[str]:
    """Finds every spelling of a control token; longer ones first."""
    known = {token.content for token in tokenizer.added_tokens_decoder.values() if token.special}
    known |= set(tokenizer.all_special_tokens)
    # a token of one character cannot be broken, and is no word that anybody writes
    spellings = sorted((text for text in known if len(text) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, spellings)) or r"(?!)")


def _break(control: re.Pattern[str], mark: str, text: str) -> str:
    """Put the mark behind the first character of each control token, until none is left."""
    while control.search(text):
        text = control.sub(lambda found: found[0][0] + mark + found[0][1:], text)
    return text
