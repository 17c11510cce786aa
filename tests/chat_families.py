"""Tiny chat templates in the shapes of well-known families, written for these tests.

Each is what the family's own template does to a system message, a question and an answer, and no
more of it: no tools, no dates, no checks.
"""

from typing import NamedTuple

from transformers import PreTrainedTokenizerFast

from tiny_models import CHAT_TEMPLATE, build_tokenizer


class Family(NamedTuple):
    """A template, its control tokens, and what comes of one example."""

    template: str
    control: tuple[str, ...]  # the one that ends an answer first
    asked: str  # what stands before the answer
    learned: str  # what carries loss


def family_tokenizer(family: Family) -> PreTrainedTokenizerFast:
    """A tokenizer that knows the family's control tokens."""
    tokenizer = build_tokenizer(family.template)
    tokenizer.add_special_tokens({"additional_special_tokens": list(family.control)})
    tokenizer.bos_token, tokenizer.eos_token = (
        "<s>" if "<s>" in family.control else None,
        family.control[0],
    )
    return tokenizer


def _turns(before: str, between: str, after: str, ask: str, names: str = "message.role") -> str:
    """Every turn written alike, and how the assistant's is opened."""
    return (
        "{% for message in messages %}"
        f"{before}{{{{ {names} }}}}{between}{{{{ message.content }}}}{after}"
        f"{{% endfor %}}{{% if add_generation_prompt %}}{ask}{{% endif %}}"
    )


INSTRUCTION, QUESTION, ANSWER = "Be brief.", "Is it red?", "Yes."
SHOT = ("Is it dead?", "No.")

FAMILIES = {
    "ChatML": Family(
        CHAT_TEMPLATE,
        ("<|im_end|>", "<|im_start|>"),
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nIs it dead?<|im_end|>\n"
        "<|im_start|>assistant\nNo.<|im_end|>\n<|im_start|>user\nIs it red?<|im_end|>\n"
        "<|im_start|>assistant\n",
        "Yes.<|im_end|>",
    ),
    "Qwen, with a system message of its own": Family(
        "{% if messages[0].role != 'system' %}<|im_start|>system\nYou are kind.<|im_end|>\n"
        "{% endif %}" + CHAT_TEMPLATE,
        ("<|im_end|>", "<|im_start|>"),
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nIs it dead?<|im_end|>\n"
        "<|im_start|>assistant\nNo.<|im_end|>\n<|im_start|>user\nIs it red?<|im_end|>\n"
        "<|im_start|>assistant\n",
        "Yes.<|im_end|>",
    ),
    "Qwen 3, that may think": Family(
        _turns("<|im_start|>", "\n", "<|im_end|>\n", "<|im_start|>assistant\n")
        .replace(
            "\n{{ message.content }}",
            "\n{% if message.role == 'assistant' and loop.last %}<think>\n\n</think>\n\n{% endif %}"
            "{{ message.content }}",
        )
        .replace(
            "<|im_start|>assistant\n{% endif %}",
            "<|im_start|>assistant\n{% if not enable_thinking %}<think>\n\n</think>\n\n{% endif %}"
            "{% endif %}",
        ),
        ("<|im_end|>", "<|im_start|>"),
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nIs it dead?<|im_end|>\n"
        "<|im_start|>assistant\nNo.<|im_end|>\n<|im_start|>user\nIs it red?<|im_end|>\n"
        "<|im_start|>assistant\n<think>\n\n</think>\n\n",
        "Yes.<|im_end|>",
    ),
    "Llama 2": Family(
        "{% if messages[0].role == 'system' %}{% set system = '<<SYS>>\n' + messages[0].content"
        " + '\n<</SYS>>\n\n' %}{% set rest = messages[1:] %}"
        "{% else %}{% set system = '' %}{% set rest = messages %}{% endif %}"
        "{% for message in rest %}{% if message.role == 'user' %}"
        "{{ bos_token }}[INST] {% if loop.first %}{{ system }}{% endif %}{{ message.content }}"
        " [/INST]{% else %} {{ message.content }} {{ eos_token }}{% endif %}{% endfor %}",
        ("</s>", "<s>"),
        "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nIs it dead? [/INST] No. </s>"
        "<s>[INST] Is it red? [/INST]",
        " Yes. </s>",
    ),
    "Mistral, that knows no system message": Family(
        "{{ bos_token }}{% for message in messages %}"
        "{% if message.role == 'system' %}{{ raise_exception('only users and assistants') }}"
        "{% elif message.role == 'user' %}[INST] {{ message.content }} [/INST]"
        "{% else %} {{ message.content }}{{ eos_token }}{% endif %}{% endfor %}",
        ("</s>", "<s>"),
        "<s>[INST] Be brief.\n\nIs it dead? [/INST] No.</s>[INST] Is it red? [/INST]",
        " Yes.</s>",
    ),
    "Llama 3": Family(
        "{{ bos_token }}"
        + _turns(
            "<|start_header_id|>",
            "<|end_header_id|>\n\n",
            "<|eot_id|>",
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        ("<|eot_id|>", "<s>", "<|start_header_id|>", "<|end_header_id|>"),
        "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nIs it dead?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nNo.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nIs it red?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        "Yes.<|eot_id|>",
    ),
    "Gemma": Family(
        "{{ bos_token }}{% if messages[0].role == 'system' %}"
        "{{ raise_exception('no system message') }}{% endif %}"
        + _turns(
            "<start_of_turn>",
            "\n",
            "<end_of_turn>\n",
            "<start_of_turn>model\n",
            "'model' if message.role == 'assistant' else message.role",
        ),
        ("<end_of_turn>", "<s>", "<start_of_turn>"),
        "<s><start_of_turn>user\nBe brief.\n\nIs it dead?<end_of_turn>\n<start_of_turn>model\n"
        "No.<end_of_turn>\n<start_of_turn>user\nIs it red?<end_of_turn>\n<start_of_turn>model\n",
        "Yes.<end_of_turn>",
    ),
    "Phi": Family(
        _turns("<|", "|>\n", "<|end|>\n", "<|assistant|>\n"),
        ("<|end|>", "<|system|>", "<|user|>", "<|assistant|>"),
        "<|system|>\nBe brief.<|end|>\n<|user|>\nIs it dead?<|end|>\n<|assistant|>\nNo.<|end|>\n"
        "<|user|>\nIs it red?<|end|>\n<|assistant|>\n",
        "Yes.<|end|>",
    ),
    "Zephyr": Family(
        _turns("<|", "|>\n", "{{ eos_token }}\n", "<|assistant|>\n"),
        ("</s>",),
        "<|system|>\nBe brief.</s>\n<|user|>\nIs it dead?</s>\n<|assistant|>\nNo.</s>\n"
        "<|user|>\nIs it red?</s>\n<|assistant|>\n",
        "Yes.</s>",
    ),
    "Vicuna": Family(
        "{% for message in messages %}{% if message.role == 'system' %}{{ message.content }} "
        "{% elif message.role == 'user' %}USER: {{ message.content }} ASSISTANT:"
        "{% else %} {{ message.content }}{{ eos_token }}{% endif %}{% endfor %}",
        ("</s>",),
        "Be brief. USER: Is it dead? ASSISTANT: No.</s>USER: Is it red? ASSISTANT:",
        " Yes.</s>",
    ),
    "DeepSeek": Family(
        "{{ bos_token }}{% for message in messages %}"
        "{% if message.role == 'system' %}{{ message.content }}"
        "{% elif message.role == 'user' %}<|User|>{{ message.content }}"
        "{% else %}<|Assistant|>{{ message.content }}<|end▁of▁sentence|>{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|Assistant|>{% endif %}",
        ("<|end▁of▁sentence|>", "<s>", "<|User|>", "<|Assistant|>"),
        "<s>Be brief.<|User|>Is it dead?<|Assistant|>No.<|end▁of▁sentence|>"
        "<|User|>Is it red?<|Assistant|>",
        "Yes.<|end▁of▁sentence|>",
    ),
    "Command R": Family(
        "{{ bos_token }}"
        + _turns(
            "<|START|><|",
            "|>",
            "<|END|>",
            "<|START|><|CHATBOT|>",
            "{'user': 'USER', 'system': 'SYSTEM', 'assistant': 'CHATBOT'}[message.role]",
        ),
        ("<|END|>", "<s>", "<|START|>", "<|USER|>", "<|SYSTEM|>", "<|CHATBOT|>"),
        "<s><|START|><|SYSTEM|>Be brief.<|END|><|START|><|USER|>Is it dead?<|END|>"
        "<|START|><|CHATBOT|>No.<|END|><|START|><|USER|>Is it red?<|END|><|START|><|CHATBOT|>",
        "Yes.<|END|>",
    ),
    "Alpaca": Family(
        "{% for message in messages %}{% if message.role == 'system' %}{{ message.content }}\n\n"
        "{% elif message.role == 'user' %}### Instruction:\n{{ message.content }}\n\n"
        "{% else %}### Response:\n{{ message.content }}{{ eos_token }}\n\n{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}### Response:\n{% endif %}",
        ("</s>",),
        "Be brief.\n\n### Instruction:\nIs it dead?\n\n### Response:\nNo.</s>\n\n"
        "### Instruction:\nIs it red?\n\n### Response:\n",
        "Yes.</s>",
    ),
}
