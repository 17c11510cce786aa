"""Rows that attack whoever shows them, and accounts with such rows in every field."""

import itertools

import msgspec

from surpass.core.account import (
    Account,
    Chapter,
    Curve,
    Fact,
    Interval,
    IntervalChart,
    Matrix,
    Pair,
    Standing,
    Table,
)

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)><img src=x onerror=alert(1)>',
    "</title></style></text></svg><b>bold</b>",
    "' onmouseover='alert(1)",
    "![image](https://evil.example/x.png) [link](javascript:alert(1))",
    "[bold red]red[/bold red] [link=https://evil.example]x[/link] :boom:",
    "[/] unbalanced",
    "\x1b[2J\x1b[31mred",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x9b2J and \x9d8;;x",
    "user\u202egpj.exe \u2066isolated\u2069",
    "zero\u200bwidth\ufeff soft\xadhyphen",
    "=cmd|'/c calc'!A1",
    "@SUM(1+1)*cmd",
    "+1+cmd",
    "\t=1+1",
    "{{7*7}} {% raw %} ${7*7} <%= 7*7 %> #{7*7}",
    "../../etc/passwd",
    "nul\x00byte \x08back",
    "two\r\nlines\rand\u2028more",
    'fill="#010203" url(https://evil.example) &lt;i&gt;',
    "*/ } body { display: none } /*",
    "lone \ud800 surrogate",
    "\U000e0041 tagged",
)


TAGS = {"tuned", "opponent", "rung", "gain", "other", "cannot tell", "intervals", "curve", "matrix"}
"""Texts of an account that are ours."""


def account_of(text: str) -> Account:
    """An account whose every free text is `text`."""
    chapter = Chapter(
        title=text,
        text=(text, text),
        tables=(_table(text, 2), _table(text, 30)),
        figures=(intervals_of(text), intervals_of(text), curve_of(text), matrix_of(text, 3)),
        pairs=tuple(
            Pair(row=text, asked=text, expected=text, base=text, tuned=text, won=won)
            for won in (True, False, None)
        ),
    )
    return Account(
        title=text,
        headline=text,
        standing=Standing.CANNOT_TELL,
        text=(text,),
        facts=(Fact(label=text, value=text, note=text),),
        chapters=(chapter, Chapter(title=text)),
        warnings=(text, text),
        next_command=text,
    )


def hostile_account(first: int) -> Account:
    """An account whose every free text is the next hostile row, beginning with number `first`."""
    rows = itertools.islice(itertools.cycle(HOSTILE), first, None)
    return msgspec.convert(_filled(msgspec.to_builtins(account_of("")), rows), Account)


def _filled(tree, rows):
    """Tags and the names of fields stay; every empty text becomes the next row."""
    if tree == "":
        return next(rows)
    if isinstance(tree, dict):
        return {key or next(rows): _filled(value, rows) for key, value in tree.items()}
    return [_filled(part, rows) for part in tree] if isinstance(tree, list | tuple) else tree


def _table(text: str, rows: int) -> Table:
    return Table(
        title=text, columns=(text, text), rows=((text, text),) * rows, numeric=(text,), note=text
    )


def intervals_of(text: str) -> IntervalChart:
    roles = ("tuned", "opponent", "rung", "gain", "other")
    intervals = (Interval(label=text, estimate=0.1, low=0.0, high=0.2, role=role) for role in roles)
    return IntervalChart(
        title=text, unit=text, intervals=tuple(intervals), line=0.05, line_label=text
    )


def curve_of(text: str) -> Curve:
    return Curve(
        title=text,
        x_label=text,
        y_label=text,
        x=(0, 1),
        lines={text: (1.0, 0.5)},
        low=(0.9, 0.4),
        high=(1.1, 0.6),
        line=0.7,
        line_label=text,
    )


def matrix_of(text: str, names: int) -> Matrix:
    counts = tuple(tuple(int(row != column) for column in range(names)) for row in range(names))
    return Matrix(
        title=text, row_label=text, column_label=text, names=(text,) * names, counts=counts
    )
