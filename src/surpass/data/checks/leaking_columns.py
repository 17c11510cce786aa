"""Columns beside the input that give the answer away.

**Finds** a column whose value alone predicts the label (or a field of the record) nearly perfectly,
or simply repeats the answer.

**Why it matters.** Such a column often was filled in after the answer was known (a queue, a file
name, a status). Shown to the model it would make training pointless; as a slice it compares labels
instead of customers; and it hints that labels were made from it by rule.

**How it decides.** Each half of the rows, drawn by a hash of their ids, guesses the other half's
answers from the commonest answer of each value. A column leaks if the guesses are right on 90 % and
close 85 % of the gap between always guessing the commonest answer and being always right, or are
right on 90 % of each answer's rows on average, so that a rare answer counts like a common one.
Columns with fewer than 3 rows a value are left out, except that a copy of the answer is always
found. Columns declared as id, group, time or ignored are not looked at.

**When it cannot tell.** Under 20 rows.

**What to do.** Name it in [data] ignore, unless it is known before the answer and may be used.
"""

import polars as pl

from surpass.core.columns import ATTRIBUTE, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    cannot_tell,
    clear,
    evidence_frame,
    shortened,
)
from surpass.data.fields import fields_of
from surpass.text.canonical import canonical
from surpass.text.shingles import text_hashes

NAME = "leaking_columns"
_ROWS_A_VALUE = 3  # mean rows a value needs; with fewer, a column names rows rather than kinds
_MOST_LABELS = 0.3  # distinct values of a field as a share of the rows, up to which it is a label


class Options(Section, frozen=True, kw_only=True):
    """When a column counts as giving the answer away."""

    right_share: Share = 0.9  # of held-out rows guessed right
    closed_share: Share = 0.85  # of the gap between the commonest answer and always right
    fewest_examined: Count = 20


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:
    """Name each column that leaks, with how often it guesses right."""
    names = [name for name in examples.columns if name.startswith(ATTRIBUTE)]
    total = examples.height
    if not names:
        return clear(
            NAME,
            total,
            "No other column is left: those declared in surpass.toml are not looked at.",
        )
    if total < options.fewest_examined:
        summary = f"{counted(total, 'row')}; {options.fewest_examined} are needed."
        return cannot_tell(NAME, total, summary, "Collect more rows.")
    half = text_hashes(examples[ROW]) % 2 == 0
    found: dict[str, str] = {}
    for name in names:
        for what, answers in _answers(examples[TARGET], kind).items():
            reason = _repeats(examples[name], answers, options)
            if what.startswith("the field") or kind == "classify":
                reason = reason or _guesses(examples[name], answers, half, options)
            if reason:
                found.setdefault(name, f"{name.removeprefix(ATTRIBUTE)!r} {reason} {what}.")
    if not found:
        looked = counted(len(names), "other column was", "other columns were")
        return clear(NAME, total, f"{looked} looked at: nothing gives the answer away.")
    listed = ", ".join(name.removeprefix(ATTRIBUTE) for name in found)
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review",
        summary=f"{counted(len(found), 'column gives', 'columns give')} the answer away: "
        + " ".join(found.values()),
        advice=f"Add {listed} to [data] ignore, unless it is known before the answer.",
        evidence=evidence_frame(
            Evidence(row, None, f"{name.removeprefix(ATTRIBUTE)} = {shortened(value)} tells it.")
            for name in found
            for row, value in examples.select(ROW, name).drop_nulls().head(3).iter_rows()
        ),
    )


def _answers(targets: pl.Series, kind: str) -> dict[str, pl.Series]:
    """What a column could give away: the whole answer, or each field with few distinct values."""
    if kind != "extract":
        return {"the answer": targets}
    records = [fields or {} for fields in fields_of(targets)]
    columns = {}
    for name in dict.fromkeys(name for record in records for name in record):
        values = pl.Series([record.get(name) for record in records], dtype=pl.String)
        if 1 < values.n_unique() <= _MOST_LABELS * values.len():
            columns[f"the field {name!r}"] = values
    return columns


def _repeats(column: pl.Series, answers: pl.Series, options: Options) -> str | None:
    """A phrase if the column holds the answer itself."""
    same = (canonical(column) == canonical(answers)) & column.is_not_null()
    share = float(same.sum()) / column.len()
    constant = column.n_unique() == 1 or answers.n_unique() == 1
    return (
        f"repeats, on {share:.0%} of the rows,"
        if share >= options.right_share and not constant
        else None
    )


def _guesses(
    column: pl.Series, answers: pl.Series, half: pl.Series, options: Options
) -> str | None:
    """A phrase if each half's commonest answers guess those of the other from the value."""
    pairs = pl.DataFrame({"value": column, "answer": answers, "half": half}).drop_nulls()
    values = pairs["value"].n_unique()
    if pairs.height < options.fewest_examined or not 1 < values <= pairs.height / _ROWS_A_VALUE:
        return None
    by_answer = _guessed_right(pairs).group_by("answer").agg(pl.len(), pl.col("right").mean())
    rows, right = by_answer["len"].to_numpy(), by_answer["right"].to_numpy()
    guessed, always = float(rows @ right) / pairs.height, float(rows.max()) / pairs.height
    closes = guessed - always >= options.closed_share * (1 - always)
    tells_each = float(right.mean()) >= options.right_share
    if always == 1 or guessed < options.right_share or not (closes or tells_each):
        return None
    return f"guesses, on {guessed:.0%} of held-out rows ({always:.0%} by chance),"


def _guessed_right(pairs: pl.DataFrame) -> pl.DataFrame:
    """Whether each row's answer is the commonest one that its value has in the other half."""
    commonest = pl.col("answer").mode().min().alias("guess")
    told = pairs.group_by("value", ~pl.col("half")).agg(commonest)
    guesses = pairs.join(told, on=["value", "half"], how="left")
    return guesses.select(
        "answer", (pl.col("answer") == pl.col("guess")).fill_null(value=False).alias("right")
    )
