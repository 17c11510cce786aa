"""Rows that say the same as another row: same input, same answer.

**Finds** rows whose canonical input (Unicode NFKC, case folded, single spaces) and whose answer
equal those of another row. Records are compared whatever the order of their keys.

**Why it matters.** A copy teaches nothing, weighs its row double, and, left on both sides of a
split, makes the test a memory test.

**How it decides.** Equality, nothing estimated. Of each set of copies the row with the smallest id
stays (shorter ids before longer, then alphabetically, so that row 9 comes before row 10).

**When it cannot tell.** Never. Rows without an input are `structure`'s.

**What to do.** `surpass fix` drops the copies. If a text's frequency matters to you, keep them.
"""

import json

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.wording import counted
from surpass.data.checks.result import CheckResult, Evidence, clear, evidence_frame
from surpass.data.fields import fields_of
from surpass.text.canonical import canonical

NAME = "exact_duplicates"


class Options(Section, frozen=True, kw_only=True):
    """Nothing can be set."""


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:  # noqa: ARG001
    """Propose to drop every row that repeats another one."""
    answers = examples[TARGET].str.strip_chars()
    if kind == "extract":
        answers = pl.Series(
            [
                text if fields is None else json.dumps(fields, sort_keys=True)
                for text, fields in zip(answers, fields_of(answers), strict=True)
            ],
            dtype=pl.String,
        )
    rows = pl.DataFrame(
        {ROW: examples[ROW], "input": canonical(examples[INPUT]), "answer": answers}
    )
    rows = rows.filter(pl.col("input") != "").sort(pl.col(ROW).str.len_chars(), ROW)
    kept = rows.with_columns(pl.col(ROW).first().over("input", "answer").alias("kept"))
    copies = kept.filter(pl.col(ROW) != pl.col("kept"))
    if copies.is_empty():
        return clear(NAME, examples.height, "No row repeats the input and answer of another.")
    texts = copies["kept"].n_unique()
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="fix",
        summary=f"{counted(copies.height, 'row repeats', 'rows repeat')} "
        f"{counted(texts, 'other row')} ({copies.height / examples.height:.1%} of the rows): "
        "same input, same answer.",
        advice="`surpass fix` drops them and keeps the first of each.",
        evidence=evidence_frame(
            Evidence(row, first, f"Same input and answer as row {first}.", "drop")
            for row, first in copies.select(ROW, "kept").iter_rows()
        ),
    )
