"""E-mail addresses, phone numbers, card numbers, bank accounts and IP addresses in the rows.

**Finds** them in input and answer, by pattern, and by checksum for cards (Luhn) and accounts (IBAN,
modulo 97). The report says kind and place, never the value.

**Why it matters.** A tuned model can repeat what it was trained on, to anybody who asks.

**How it decides.** Patterns made to be right rather than complete: a number without separators or a
leading + or 0 is not called a phone number, since order numbers look the same.

**When it cannot tell.** Names and postal addresses have no pattern and are not looked for, so
"clear" says nothing about them.

**What to do.** Replace values by placeholders such as [email] before training; drop rows that make
no sense without them.
"""

from collections import Counter

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.wording import counted
from surpass.data.checks.result import CheckResult, Evidence, clear, evidence_frame
from surpass.text.personal_data import END, KIND, START, find_personal_data
from surpass.text.personal_data import ROW as POSITION

NAME = "personal_data"


class Options(Section, frozen=True, kw_only=True):
    """Which kinds matter."""

    kinds: tuple[str, ...] = ("email", "phone", "card", "iban", "ip")


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:  # noqa: ARG001
    """Name kind and place of each find."""
    evidence, kinds = [], Counter[str]()
    for column in (INPUT, TARGET):
        finds = find_personal_data(examples[column])
        for position, what, start, end in finds.select(POSITION, KIND, START, END).iter_rows():
            if what in options.kinds:
                kinds[what] += 1
                reason = f"{what} in the {column}, characters {start} to {end}."
                evidence.append(Evidence(examples[ROW][position], None, reason))
    if not evidence:
        looked = ", ".join(options.kinds)
        summary = f"None of {looked} found; names and postal addresses are not looked for."
        return clear(NAME, examples.height, summary)
    rows = len({item.row for item in evidence})
    listed = ", ".join(f"{number} {name}" for name, number in kinds.most_common())
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="review",
        summary=f"{counted(rows, 'row holds', 'rows hold')} personal data: {listed}.",
        advice="Replace them by placeholders such as [email] before training.",
        evidence=evidence_frame(evidence),
    )
