import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.evaluate.jail.programs import first_block, programs_of

PROMPT = 'import math\n\n\ndef area(r):\n    """The area of a circle."""\n'
BODY = "    return math.pi * r * r\n"
WHOLE = "def area(r):\n" + BODY

READ_RIGHT = {
    "the rest of the function": BODY,
    "its first line stripped": BODY.strip(),
    "stripped, of two lines": "s = r * r\n    return math.pi * s",
    "not indented at all": "s = r * r\nreturn math.pi * s",
    "more functions after it": BODY + "\n\ndef other():\n    return 1\n\nassert area(0) == 1\n",
    "cut in the middle of the next function": BODY + "\ndef other(:",
    "an example call after it": BODY + "\nprint(area(1))\nraise ValueError\n",
    "the whole function": WHOLE,
    "fenced": f"Here it is:\n```python\n{WHOLE}```\nIt uses pi.\n```\nraise ValueError\n```\n",
    "fenced, never closed": f"```python\n{WHOLE}",
    "fenced with tildes": f"~~~\n{WHOLE}~~~\n",
    "a fenced body": f"```python\n{BODY}```",
    "with the imports": "import math\n" + WHOLE,
    "async does not matter to others": "async def other(): pass\n" + WHOLE,
}


def run(programs):
    """The first that compiles, run; texts of this file alone come here."""
    for program in programs:
        try:
            code = compile(program, "answer", "exec")
        except SyntaxError:
            continue
        namespace = {}
        exec(code, namespace)
        return namespace
    return {}


@pytest.mark.parametrize("name", READ_RIGHT)
def test_an_answer_is_read_as_meant(name):
    found = run(programs_of(READ_RIGHT[name], PROMPT, "area"))
    assert found["area"](1) == pytest.approx(3.14159, abs=1e-4)


def test_a_prompt_in_words_needs_the_whole_function():
    found = run(programs_of("def area(r):\n    return r", "Write a function.", None))
    assert found["area"](2) == 2


def test_the_prompts_helpers_are_there():
    prompt = 'def half(x):\n    return x / 2\n\n\ndef quarter(x):\n    """A quarter."""\n'
    found = run(programs_of("def quarter(x):\n    return half(half(x))", prompt, "quarter"))
    assert found["quarter"](8) == 2


@given(st.text(), st.text(), st.none() | st.just("area"))
def test_any_text_has_a_reading(answer, prompt, name):
    programs = programs_of(answer, prompt, name)
    assert programs
    assert all(isinstance(one, str) for one in programs)


@given(st.text(alphabet="ab \n`~"))
def test_text_without_a_fence_is_all_code(text):
    if "```" not in text and "~~~" not in text:
        assert first_block(text) == text.rstrip() + "\n"
