"""Reads a program out of what a model wrote.

Only text is looked at here: whether a reading is Python is found out inside the jail, since even
compiling foreign text can bring a process down.
"""

import re

from surpass.evaluate.jail.verdicts import Programs

_FENCED = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?P<code>.*?)(?:^[ \t]*(?P=fence)|\Z)",
    re.DOTALL | re.MULTILINE,
)
_NEXT_PIECE = re.compile(r"\n(?=class\b|def\b|async def\b|@|#|if\b|print\b|```)")
_STEP = "    "


def programs_of(answer: str, prompt: str, entry_point: str | None) -> Programs:
    r"""Ways to read an answer as a program, the likeliest first; the first that compiles counts.

    The first fenced block is the code; without a fence all of the answer is. Code that defines
    the entry point is put after the prompt, whose imports and helper functions it may use, or
    stands alone. Anything else continues the prompt: it is cut before the next top-level
    "class", "def", "@", "#", "if" or "print", and its first line or all lines are indented where
    the model or the strip of white space left that out.

    Args:
        answer: What the model wrote.
        prompt: What it was asked: as a rule imports, a signature and a docstring.
        entry_point: The function that the tests call; none: whatever the answer defines.

    Source:
        Chen et al. 2021, Evaluating Large Language Models Trained on Code, section 2.1, for the
        words that end a continuation; "@" and fences are ours.
    """
    code = first_block(answer)
    if _defines(code, entry_point):
        open_prompt = prompt.rstrip() + f"\n{_STEP}pass\n\n\n" + code
        return open_prompt, prompt + "\n\n\n" + code, code
    start = prompt if prompt.endswith("\n") else prompt + "\n"
    body = _NEXT_PIECE.split("\n" + code, maxsplit=1)[0].removeprefix("\n") or code
    if body[:1].isspace():
        return start + body, start + code, code
    first = start + _STEP + body
    every = start + "\n".join(_STEP + line if line.strip() else line for line in body.split("\n"))
    return first, every, start + body, code


def first_block(answer: str) -> str:
    """The first fenced block without its fence, or the whole answer; an open fence runs on."""
    fenced = _FENCED.search(answer)
    return (fenced["code"] if fenced else answer).rstrip() + "\n"


def _defines(code: str, entry_point: str | None) -> bool:
    name = re.escape(entry_point) if entry_point else r"\w+"
    return re.search(rf"^(async\s+def|def|class)\s+{name}\b", code, re.MULTILINE) is not None
