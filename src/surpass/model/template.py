"""The one way from an example to tokens, for training, evaluation and serving alike.

Texts of rows never become control tokens: `<|im_end|>` in a customer's message is spelled out in
ordinary tokens. All other texts get exactly the tokens of the tokenizer's own chat template.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from jinja2.exceptions import TemplateError
from transformers import PreTrainedTokenizerBase

from surpass.core.errors import BadInput
from surpass.model.control_tokens import control_ids, spell_out
from surpass.model.turns import Asked, Conversation, Message, conversation

Shots = Sequence[tuple[Asked, str]]
"""Solved examples, each an input and its answer."""

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

_PROBE = "probe"


def encode_prompt(
    tokenizer: PreTrainedTokenizerBase, instruction: str, shots: Shots, asked: Asked
) -> list[int]:
    """Tokens that the model is given before it answers.

    Args:
        tokenizer: Of the base model; its chat template is used, or PLAIN_TEMPLATE.
        instruction: The system message, or put before the first input where the template knows
            none; may be empty.
        shots: Solved examples, shown as earlier turns.
        asked: The input of the row; what holds for all of a conversation is told behind the
            instruction.

    Raises:
        BadInput: the template fails.
    """
    messages, mark = spell_out(tokenizer, _messages(tokenizer, instruction, shots, asked))
    return _encode(tokenizer, _write(tokenizer, messages, ask=True), mark)


def encode_example(
    tokenizer: PreTrainedTokenizerBase, instruction: str, shots: Shots, example: tuple[Asked, str]
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
    question, answer = example
    turns = _messages(tokenizer, instruction, shots, question)
    turns.append({"role": "assistant", "content": answer})
    messages, mark = spell_out(tokenizer, turns)
    asked = _write(tokenizer, messages[:-1], ask=True)
    whole = _write(tokenizer, messages, ask=False)
    answered = whole[len(asked) :]
    if not whole.startswith(asked) or not _begins(answered, messages[-1]["content"]):
        raise _not_prefix_preserving(tokenizer, answer)
    prompt = _encode(tokenizer, asked, mark)
    tokens = _encode(tokenizer, whole, mark)
    rest = tokens[len(prompt) :]
    if tokens[: len(prompt)] != prompt:
        # a token reaches across the border, as before a leading blank; the model that answers
        # stands at the border, so the text is cut there
        rest = _encode(tokenizer, answered, mark)
    return prompt, rest[: _end(tokenizer, rest) + 1]


def earlier_answers(
    tokenizer: PreTrainedTokenizerBase, instruction: str, asked: Asked
) -> list[tuple[int, int]]:
    """Where earlier answers that may be learned stand in the tokens of `encode_prompt`.

    Returns:
        Of each the first token and the one after its end token, in their order. A first token that
        also holds the end of what stands before is left out: nobody answers from within it.

    Raises:
        BadInput: the template writes an earlier answer otherwise than it would have been asked for.
    """
    last = _conversation(tokenizer, asked)
    messages, mark = spell_out(tokenizer, _messages(tokenizer, instruction, (), asked))
    whole = _write(tokenizer, messages, ask=True)
    tokens = _encode(tokenizer, whole, mark)
    first = len(messages) - len(last.said)  # the system message stands before
    found = []
    for place in (first + number for number, learned in enumerate(last.learned) if learned):
        before = _write(tokenizer, messages[:place], ask=True)
        answer = messages[place]["content"]
        if not whole.startswith(before) or not _begins(whole[len(before) :], answer):
            raise _not_prefix_preserving(tokenizer, answer)
        prompt = _encode(tokenizer, before, mark)
        joined = tokens[: len(prompt)] != prompt
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(tokens, prompt, strict=False))
        start = sum(1 for _ in alike) + joined
        found.append((start, start + _end(tokenizer, tokens[start:]) + 1))
    return found


def encode_answer(tokenizer: PreTrainedTokenizerBase, answer: str, text: str = _PROBE) -> list[int]:
    """Tokens of an answer with its end token, for scoring it as a label."""
    return encode_example(tokenizer, "", (), (text, answer))[1]


def encode_text(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Tokens of a text that stands alone: no template, and no control token that it may spell."""
    messages, mark = spell_out(tokenizer, [{"role": "user", "content": text}])
    return _encode(tokenizer, messages[0]["content"], mark)


@lru_cache(maxsize=8)
def end_token(tokenizer: PreTrainedTokenizerBase) -> int:
    """The token that ends a turn: the one that training teaches and generation stops at."""
    return encode_answer(tokenizer, _PROBE)[-1]


def _not_prefix_preserving(tokenizer: PreTrainedTokenizerBase, answer: str) -> BadInput:
    return BadInput(
        f"The chat template of {tokenizer.name_or_path} is not prefix-preserving: its prompt, "
        f"followed by the answer, is not the conversation that it writes for {answer[:40]!r}.",
        fix="Choose a base with another chat template, or mend chat_template.jinja.",
    )


def _messages(
    tokenizer: PreTrainedTokenizerBase, instruction: str, shots: Shots, question: Asked
) -> list[Message]:
    """The conversation up to the open question."""
    turns: list[Message] = []
    for asked, answered in shots:
        solved = _conversation(tokenizer, asked)
        turns += _told_first(solved.background, solved.said)
        turns.append({"role": "assistant", "content": answered})
    last = _conversation(tokenizer, question)
    turns += last.said
    told = "\n\n".join(filter(None, (instruction, last.background)))
    if told and _knows_role(tokenizer, "system"):
        return [{"role": "system", "content": told}, *turns]
    return _told_first(told, turns)


def _conversation(tokenizer: PreTrainedTokenizerBase, asked: Asked) -> Conversation:
    plain = isinstance(asked, str)
    return conversation(asked, knows_tool=not plain and _knows_role(tokenizer, "tool"))


def _told_first(told: str, turns: list[Message]) -> list[Message]:
    """The turns with something told before the first one, in the user's words."""
    if not told:
        return turns
    first = {"role": "user", "content": f"{told}\n\n{turns[0]['content']}"}
    return [first, *turns[1:]]


@lru_cache(maxsize=16)
def _knows_role(tokenizer: PreTrainedTokenizerBase, role: str) -> bool:
    """Whether a system or tool message appears in what the template writes.

    Some templates refuse such a message, some drop it.
    """
    messages = [{"role": "user", "content": ""}, {"role": "assistant", "content": ""}]
    probe = {"role": role, "content": _PROBE}
    messages = [probe, messages[0]] if role == "system" else [*messages, probe]
    try:
        return _PROBE in _apply(tokenizer, messages, ask=True)
    except TemplateError:
        return False


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


def _end(tokenizer: PreTrainedTokenizerBase, rest: Sequence[int]) -> int:
    """Where the first control token behind the answer stands."""
    control = control_ids(tokenizer)
    for place, token in enumerate(rest):
        if token in control:
            return place
    raise BadInput(
        f"The chat template of {tokenizer.name_or_path} writes no end token behind an answer.",
        fix="Choose a base with another chat template, or mend chat_template.jinja.",
    )
