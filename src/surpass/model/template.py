"""The one way from an example to tokens, for training, evaluation and serving alike.

Texts of rows never become control tokens: `<|im_end|>` in a customer's message is spelled out in
ordinary tokens. All other texts get exactly the tokens of the tokenizer's own chat template.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from jinja2.exceptions import TemplateError
from transformers import PreTrainedTokenizerBase

from surpass.core.errors import BadInput

Shots = Sequence[tuple[str, str]]
"""Solved examples, each an input and its answer."""

Message = dict[str, str]

PLAIN_TEMPLATE = (
    "{{ bos_token or '' }}"
    "{% for message in messages %}"
    "{% if message.role == 'system' %}{{ message.content + '\\n\\n' }}"
    "{% elif message.role == 'user' %}{{ 'Input: ' + message.content + '\\n' }}"
    "{% else %}{{ 'Output: ' + message.content + eos_token + '\\n\\n' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Output: ' }}{% endif %}"
)
"""For tokenizers that bring no chat template."""

_PRIVATE_USE = range(0xE000, 0xF8FF)  # characters that no standard gives a meaning
_PROBE = "probe"


def encode_prompt(
    tokenizer: PreTrainedTokenizerBase, instruction: str, shots: Shots, text: str
) -> list[int]:
    """Tokens that the model is given before it answers.

    Args:
        tokenizer: Of the base model; its chat template is used, or PLAIN_TEMPLATE.
        instruction: The system message, or put before the first input where the template knows
            none; may be empty.
        shots: Solved examples, shown as earlier turns.
        text: The input of the row.

    Raises:
        BadInput: the template fails.
    """
    messages, mark = _spell_out(tokenizer, _messages(tokenizer, instruction, shots, text))
    return _encode(tokenizer, _write(tokenizer, messages, ask=True), mark)


def encode_example(
    tokenizer: PreTrainedTokenizerBase, instruction: str, shots: Shots, example: tuple[str, str]
) -> tuple[list[int], list[int]]:
    """Tokens of the prompt, and of the answer with its end token; together the trained row.

    What a template writes behind the end token is not part of the answer.

    Args:
        tokenizer: Of the base model.
        instruction: As in `encode_prompt`.
        shots: As in `encode_prompt`.
        example: Input and answer.

    Raises:
        BadInput: a prompt of this template is not the beginning of the answered conversation, or
            no end token follows the answer; trained on either, the model would learn to go on.
    """
    text, answer = example
    turns = _messages(tokenizer, instruction, shots, text)
    turns.append({"role": "assistant", "content": answer})
    messages, mark = _spell_out(tokenizer, turns)
    asked = _write(tokenizer, messages[:-1], ask=True)
    whole = _write(tokenizer, messages, ask=False)
    answered = whole[len(asked) :]
    if not whole.startswith(asked) or not _begins(answered, messages[-1]["content"]):
        raise BadInput(
            f"The chat template of {tokenizer.name_or_path} is not prefix-preserving: its prompt, "
            f"followed by the answer, is not the conversation that it writes for {answer[:40]!r}.",
            fix="Choose a base with another chat template, or mend chat_template.jinja.",
        )
    prompt = _encode(tokenizer, asked, mark)
    tokens = _encode(tokenizer, whole, mark)
    rest = tokens[len(prompt) :]
    if tokens[: len(prompt)] != prompt:
        # a token reaches across the border, as before a leading blank; the model that answers
        # stands at the border, so the text is cut there
        rest = _encode(tokenizer, answered, mark)
    return prompt, rest[: _end(tokenizer, rest) + 1]


def encode_answer(tokenizer: PreTrainedTokenizerBase, answer: str, text: str = _PROBE) -> list[int]:
    """Tokens of an answer with its end token, for scoring it as a label."""
    return encode_example(tokenizer, "", (), (text, answer))[1]


def encode_text(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Tokens of a text that stands alone: no template, and no control token that it may spell."""
    messages, mark = _spell_out(tokenizer, [{"role": "user", "content": text}])
    return _encode(tokenizer, messages[0]["content"], mark)


@lru_cache(maxsize=8)
def end_token(tokenizer: PreTrainedTokenizerBase) -> int:
    """The token that ends a turn: the one that training teaches and generation stops at."""
    return encode_answer(tokenizer, _PROBE)[-1]


def _messages(
    tokenizer: PreTrainedTokenizerBase, instruction: str, shots: Shots, text: str
) -> list[Message]:
    """The conversation up to the open question."""
    turns: list[Message] = []
    for asked, answered in shots:
        turns.append({"role": "user", "content": asked})
        turns.append({"role": "assistant", "content": answered})
    turns.append({"role": "user", "content": text})
    if not instruction:
        return turns
    if _knows_system(tokenizer):
        return [{"role": "system", "content": instruction}, *turns]
    first = {"role": "user", "content": f"{instruction}\n\n{turns[0]['content']}"}
    return [first, *turns[1:]]


@lru_cache(maxsize=8)
def _knows_system(tokenizer: PreTrainedTokenizerBase) -> bool:
    """Whether a system message appears in what the template writes; some refuse, some drop it."""
    messages = [{"role": "system", "content": _PROBE}, {"role": "user", "content": ""}]
    try:
        return _PROBE in _apply(tokenizer, messages, ask=True)
    except TemplateError:
        return False


def _spell_out(
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


def _write(tokenizer: PreTrainedTokenizerBase, messages: list[Message], *, ask: bool) -> str:
    """The conversation as the template writes it; `ask` opens the turn of the assistant."""
    try:
        return _apply(tokenizer, messages, ask=ask)
    except TemplateError as error:
        raise BadInput(
            f"The chat template of {tokenizer.name_or_path} fails: {error}.",
            fix="Choose a base with another chat template, or mend chat_template.jinja.",
        ) from None


def _apply(tokenizer: PreTrainedTokenizerBase, messages: list[Message], *, ask: bool) -> str:
    """Run the template; it runs sandboxed (transformers/utils/chat_template_utils)."""
    template = None if tokenizer.chat_template else PLAIN_TEMPLATE
    if template and not tokenizer.eos_token:
        raise TemplateError("the tokenizer has neither a template nor an end token")
    return str(
        tokenizer.apply_chat_template(
            messages,
            chat_template=template,
            tokenize=False,
            add_generation_prompt=ask,
            enable_thinking=False,  # else Qwen 3 would be trained to write empty thoughts
        )
    )


def _begins(written: str, answer: str) -> bool:
    """Whether nothing but blanks stands before the answer, which the template may have trimmed."""
    return written.lstrip().startswith(answer.strip())


def _encode(tokenizer: PreTrainedTokenizerBase, text: str, mark: str) -> list[int]:
    """Tokens of a rendered text; it is cut at each mark, and nothing joins across the cut."""
    pieces = text.split(mark) if mark else [text]
    encoded = tokenizer([piece for piece in pieces if piece], add_special_tokens=False)
    return [token for piece in encoded["input_ids"] for token in piece]


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


def _end(tokenizer: PreTrainedTokenizerBase, rest: Sequence[int]) -> int:
    """Where the first control token behind the answer stands."""
    control = _control_ids(tokenizer)
    for place, token in enumerate(rest):
        if token in control:
            return place
    raise BadInput(
        f"The chat template of {tokenizer.name_or_path} writes no end token behind an answer.",
        fix="Choose a base with another chat template, or mend chat_template.jinja.",
    )


@lru_cache(maxsize=8)
def _control_ids(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    known = tokenizer.added_tokens_decoder
    return frozenset(
        {number for number, token in known.items() if token.special}
        | set(tokenizer.all_special_ids)
    )
