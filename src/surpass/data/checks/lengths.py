"""Rows that are too long to be trained on.

**Finds** rows whose prompt and answer have more tokens than [training] max_tokens or than the base
can read, and among them those whose prompt alone fills that, so that no answer would be left.

**Why it matters.** Such rows are left out of training by name, never cut. Long questions are
seldom a random part of what production asks.

**How it decides.** By counting with the base's own tokenizer and chat template, instruction
included. Of more than 1,000 rows that many are drawn by a hash of their ids. With max_tokens =
"auto" the longest row kept is the smallest multiple of 128 that 99.5 % of the rows fit into.

**When it cannot tell.** While the base is not on this disk: nothing is fetched for a check.
`surpass plan` brings it.

**What to do.** Raise [training] max_tokens, choose a base that reads more, shorten the instruction,
or cut what no answer rests on out of the inputs, in production too.
"""

import polars as pl

from surpass.core.columns import IN_TOKENS, OUT_TOKENS, ROW
from surpass.core.settings import Section
from surpass.core.settings.section import Share
from surpass.core.wording import counted
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import CheckResult, Evidence, cannot_tell, clear, evidence_frame

NAME = "lengths"
NEEDS = ("lengths",)


class Options(Section, frozen=True, kw_only=True):
    """How many rows may be too long."""

    most_left_out: Share = 0.01  # of the rows


def find(examples: pl.DataFrame, options: Options, kind: str, beside: Beside) -> CheckResult:  # noqa: ARG001
    """Name the rows that training would leave out, the longest first."""
    known, longest = beside.lengths, beside.longest
    if known is None or longest is None or known.is_empty():
        return cannot_tell(
            NAME, examples.height, "The base model's tokens cannot be counted here yet.",
            "Run `surpass plan`, which brings the base onto this disk, then check again.",
        )  # fmt: skip
    both = known.with_columns((pl.col(IN_TOKENS) + pl.col(OUT_TOKENS)).alias("both"))
    out = both.filter(pl.col("both") > longest).sort(-pl.col("both"), ROW)
    share, examined = out.height / known.height, known.height
    median, most = (int(both["both"].quantile(q, "nearest") or 0) for q in (0.5, 1.0))
    spread = f"half of the rows have up to {median:,} tokens, the longest has {most:,}"
    if share <= options.most_left_out:
        summary = (
            f"{counted(out.height, 'row')} of {examined:,} ({share:.1%}) {_have(out.height)} more "
            f"than {longest:,} tokens; {spread}."
        )
        return clear(NAME, examined, summary)
    full = int((out[IN_TOKENS] >= longest).sum())
    return CheckResult(
        check=NAME,
        examined=examined,
        state="found",
        severity="review",
        summary=f"{counted(out.height, 'row')} of {examined:,} ({share:.1%}) would be left out of "
        f"training: more than {longest:,} tokens; in {full:,} the prompt alone fills that; "
        f"{spread}.",
        advice="Raise [training] max_tokens, shorten the instruction or the inputs, or choose a "
        "base that reads more.",
        evidence=evidence_frame(
            Evidence(
                row,
                None,
                f"{asked:,} tokens of prompt and {answer:,} of answer; {longest:,} are kept.",
            )
            for row, asked, answer in out.select(ROW, IN_TOKENS, OUT_TOKENS).iter_rows()
        ),
    )


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
