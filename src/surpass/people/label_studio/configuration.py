"""The labelling interface that Label Studio shows for each form, as its XML."""

import re
from xml.sax.saxutils import quoteattr

from surpass.core.errors import BadInput
from surpass.people.form import Choose, Fill, Form, Mark

LABEL = "label"  # names of controls
ANSWER = "answer"
RECORD = "record"
FIELD = "field:"  # before a field's name: a field may be called as another control is
SPANS = "spans"
VERDICT = "verdict"
COMMENT = "comment"

ACCEPT = "accept"  # choices of the verdict
FIX = "fix"
REJECT = "reject"
NOTHING = "nothing to state"

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ONCE = ' maxSubmissions="1"/>'
_LONG_LIST = 20  # labels, from which on they fold into a list


def configuration(form: Form) -> str:
    """The XML for a project whose tasks are made for this form.

    Raises:
        BadInput: a label or field has a control character, or begins with $.
    """
    text = ['  <Text name="text" value="$text"/>']
    if isinstance(form, Choose):
        parts = [*text, *_choices(LABEL, form.labels, "Which label is right?")]
        verdicts: tuple[str, ...] = (REJECT,)
    elif isinstance(form, Fill):
        parts = [*text, *_fields(form)]
        verdicts = (REJECT, NOTHING)
    elif isinstance(form, Mark):
        kinds = [f"    <Label value={_quoted(kind)}/>" for kind in form.kinds]
        parts = [f'  <Labels name="{SPANS}" toName="text">', *kinds, "  </Labels>", *text]
        verdicts = (REJECT, NOTHING)
    else:
        box = f'  <TextArea name="{ANSWER}" toName="text" value="$answer" rows="8" editable="true"'
        parts = [*text, _header("The answer: correct it where it is wrong."), box + _ONCE]
        verdicts = (ACCEPT, FIX, REJECT)
    hint = "Reject what nobody should learn from. To leave a row undecided, skip it."
    tail = [
        *_choices(VERDICT, verdicts, hint),
        f'  <TextArea name="{COMMENT}" toName="text" rows="1" placeholder="A remark"' + _ONCE,
    ]
    return "\n".join(["<View>", *parts, *tail, "</View>", ""])


def missing_from(found: str, form: Form) -> list[str]:
    """What a project's interface lacks of the form: controls and choices, by name."""
    wanted = [VERDICT]
    if isinstance(form, Choose):
        wanted += [LABEL, *form.labels]
    elif isinstance(form, Fill):
        wanted += [FIELD + field.name for field in form.fields] or [RECORD]
    elif isinstance(form, Mark):
        wanted += [SPANS, *form.kinds]
    else:
        wanted += [ANSWER]
    return [name for name in wanted if _quoted(name) not in found]


def _fields(form: Fill) -> list[str]:
    if not form.fields:
        box = f'  <TextArea name="{RECORD}" toName="text" rows="8" editable="true"'
        return [_header("The record, as one JSON object"), box + _ONCE]
    lines = []
    for field in form.fields:
        if field.choices:
            lines += _choices(FIELD + field.name, field.choices, field.name)
        else:
            name = _quoted(FIELD + field.name)
            box = f'  <TextArea name={name} toName="text" rows="1" editable="true"'
            lines += [_header(field.name), box + _ONCE]
    return lines


def _choices(name: str, choices: tuple[str, ...], heading: str) -> list[str]:
    layout = "select" if len(choices) > _LONG_LIST else "inline"
    return [
        _header(heading),
        f'  <Choices name={_quoted(name)} toName="text" choice="single" layout="{layout}">',
        *(f"    <Choice value={_quoted(choice)}/>" for choice in choices),
        "  </Choices>",
    ]


def _header(text: str) -> str:
    return f'  <Header value={_quoted(text)} size="5"/>'


def _quoted(text: str) -> str:
    if _NO_XML.search(text):
        raise BadInput(
            f"{text!r} has a control character, which Label Studio cannot show.",
            fix="Remove it from the labels or fields.",
        )
    if text.startswith("$"):
        raise BadInput(
            f"{text!r} begins with $: Label Studio would show what the task holds under that name.",
            fix="Rename that label or field.",
        )
    return quoteattr(text)
