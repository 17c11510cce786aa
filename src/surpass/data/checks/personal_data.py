"""E-mail addresses, phone numbers, cards, bank accounts, IP addresses, keys and passwords in rows.

**Finds** them in input and answer, by pattern, and by checksum for cards (Luhn) and accounts (IBAN,
modulo 97); keys by the beginnings that their makers document, private keys, passwords in addresses
or behind "password:" ("secret"); long runs of letters and digits as if drawn ("random"). The report
says kind and place, never the value.

**Why it matters.** A tuned model can repeat what it was trained on, to anybody who asks. A key that
works opens what it opens.

**How it decides.** Patterns made to be right rather than complete: a number without separators or a
leading + or 0 is not called a phone number, since order numbers look the same; hashes in
hexadecimal and UUIDs are no secrets. A secret of a known form is an error; all else is for a
person.

**When it cannot tell.** Names and postal addresses have no pattern and are not looked for, so
"clear" says nothing about them.

**What to do.** Withdraw keys first: who has the file has them. Each find comes with the text as it
would be with marks in place of the values; one value has one mark in the whole row ("<EMAIL_1>"),
so that the answer still fits its input. Drop rows that make no sense without the values.
"""

from collections import Counter

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.wording import counted
from surpass.data.checks.result import CheckResult, Evidence, clear, evidence_frame
from surpass.text.personal_data import END, KIND, KINDS, START, find_personal_data, masked
from surpass.text.personal_data import ROW as POSITION

NAME = "personal_data"


class Options(Section, frozen=True, kw_only=True):
    """Which kinds matter."""

    kinds: tuple[str, ...] = KINDS  # of finds that are shown


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:  # noqa: ARG001
    """Name kind and place of each find."""
    evidence, kinds = [], Counter[str]()
    rows, inputs, answers = (examples[name].to_list() for name in (ROW, INPUT, TARGET))
    marked: dict[int, dict[str, str]] = {}
    for column in (INPUT, TARGET):
        finds = find_personal_data(examples[column])
        for position, what, start, end in finds.select(POSITION, KIND, START, END).iter_rows():
            if what not in options.kinds:
                continue
            if position not in marked:
                both = masked(inputs[position], answers[position], kinds=options.kinds)
                marked[position] = dict(zip((INPUT, TARGET), both, strict=True))
            kinds[what] += 1
            reason = f"{what} in the {column}, characters {start} to {end}."
            mark = marked[position][column]
            evidence.append(Evidence(rows[position], None, reason, "review", column, mark))
    if not evidence:
        looked = ", ".join(options.kinds)
        summary = f"None of {looked} found; names and postal addresses are not looked for."
        return clear(NAME, examples.height, summary)
    number = len({item.row for item in evidence})
    listed = ", ".join(f"{times} {name}" for name, times in kinds.most_common())
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="error" if kinds["secret"] else "review",
        summary=f"{counted(number, 'row holds', 'rows hold')} personal data or secrets: {listed}.",
        advice="Withdraw the keys, then replace each value by a mark such as <SECRET_1>."
        if kinds["secret"]
        else "Replace each value by a mark such as <EMAIL_1> before training.",
        evidence=evidence_frame(evidence),
    )
