"""Rows that cannot be learned from as they are: nothing there, not what the task needs, damaged.

**Finds** an empty input or answer; an answer that is no JSON object where records are asked for, or
has fields outside the declared set or nested values; a label outside the declared set, or two
spellings of one label; NUL bytes, characters lost in conversion (U+FFFD), UTF-8 read as Latin-1
("cafÃ©"); placeholders such as "N/A", "TODO" or "{{name}}"; texts of more than 100,000 characters.

**Why it matters.** The model learns to answer nothing, rubbish or TODO, or the row cannot be
scored.

**How it decides.** By rules, each named in the row's reason. A label's other spelling is one that
differs in case, spaces or form of letters only.

**When it cannot tell.** Never, but damage that left no trace is not seen.

**What to do.** `surpass fix` drops rows without input or answer and removes NUL bytes. The rest
needs a person: save the file as UTF-8, mend the answers, or declare the labels.
"""

import re
from collections import Counter
from collections.abc import Iterator

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.settings.section import Count
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    clear,
    counted,
    evidence_frame,
    shortened,
)
from surpass.data.fields import fields_of
from surpass.text.canonical import canonical_text

NAME = "structure"

_MOJIBAKE = r"[ÃÂ][\u0080-\u00BF\u2018-\u201E]|â€|ï»¿"
_PLACEHOLDER = re.compile(
    r"(n/?a|null|none|nan|undefined|todo|tbd|tba|fixme|x{3,}|\?+|-+|\.+|lorem ipsum.*|placeholder"
    r"|insert .* here|your (text|answer) here|#(n/a|ref!|value!|name\?))"
)
_TEMPLATE = r"\{\{\s*\w+\s*\}\}|\[(?:INSERT|YOUR|TODO)[^\]]*\]|<(?:INSERT|TODO)[^>]*>"
_UNUSABLE = (  # beginnings of reasons that make a row an error rather than a doubt
    "The input is empty",
    "The answer is empty",
    "The answer is not a JSON object",
    "The label is not in the declared set",
)
_COLUMNS = {INPUT: "input", TARGET: "answer"}


class Options(Section, frozen=True, kw_only=True):
    """The closed sets that answers must keep to; without one nothing is outside."""

    labels: tuple[str, ...] = ()  # none: those of [task]
    fields: tuple[str, ...] = ()  # none: those of [task]
    longest_characters: Count = 100_000  # of a text that anybody wrote on purpose


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:
    """Name each row's defects; one row may have several."""
    evidence = [
        *_empty(examples),
        *_damaged(examples),
        *_placeholders(examples, kind),
        *_endless(examples, options.longest_characters),
        *(_labels(examples, options.labels) if kind == "classify" else ()),
        *(_records(examples, options.fields) if kind == "extract" else ()),
    ]
    if not evidence:
        return clear(
            NAME, examples.height, "Every row has an input and an answer of the right form."
        )
    rows = len({item.row for item in evidence})
    kinds = Counter(item.reason.partition(":")[0].rstrip(".") for item in evidence)
    listed = "; ".join(f"{number:,} x {what}" for what, number in kinds.most_common(6))
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="error"
        if any(item.reason.startswith(_UNUSABLE) for item in evidence)
        else "review",
        summary=f"{counted(rows, 'row')} of {examples.height:,} are not fit to learn: {listed}.",
        advice="`surpass fix` mends what loses nothing; mend the rest in the file.",
        evidence=evidence_frame(evidence),
    )


def _empty(examples: pl.DataFrame) -> Iterator[Evidence]:
    for column, name in _COLUMNS.items():
        bare = examples[column].str.replace_all("\0", "", literal=True).str.strip_chars() == ""
        for row in examples[ROW].filter(bare):
            yield Evidence(row, None, f"The {name} is empty.", "drop", column)


def _damaged(examples: pl.DataFrame) -> Iterator[Evidence]:
    for column, name in _COLUMNS.items():
        texts = examples.select(ROW, column)
        for row, text in texts.filter(pl.col(column).str.contains("\0", literal=True)).iter_rows():
            if cleaned := text.replace("\0", "").strip():
                reason = f"The {name} holds NUL bytes."
                yield Evidence(row, None, reason, "fix", column, cleaned)
        for row, _ in texts.filter(pl.col(column).str.contains("\ufffd", literal=True)).iter_rows():
            reason = f"The {name} lost characters when it was converted (U+FFFD)."
            yield Evidence(row, None, reason, "review", column)
        for row, text in texts.filter(pl.col(column).str.contains(_MOJIBAKE)).iter_rows():
            reason = f"The {name} was UTF-8 and read as Latin-1."
            yield Evidence(row, None, reason, "review", column, _unscrambled(text))


def _unscrambled(text: str) -> str | None:
    """The text as it was before it was read in the wrong encoding, if that can be undone."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def _placeholders(examples: pl.DataFrame, kind: str) -> Iterator[Evidence]:
    """Stand-ins; a label may well be called "none", so labels are left alone."""
    for column, name in _COLUMNS.items():
        if column == TARGET and kind == "classify":
            continue
        texts = examples.select(ROW, column, pl.col(column).str.contains(_TEMPLATE).alias("open"))
        for row, text, unfilled in texts.iter_rows():
            if unfilled or (len(text) < 60 and _PLACEHOLDER.fullmatch(canonical_text(text))):
                reason = f"The {name} is a placeholder: {shortened(text)}."
                yield Evidence(row, None, reason, "review", column)


def _endless(examples: pl.DataFrame, longest: int) -> Iterator[Evidence]:
    for column, name in _COLUMNS.items():
        lengths = examples.select(ROW, pl.col(column).str.len_chars().alias("length"))
        for row, length in lengths.filter(pl.col("length") > longest).iter_rows():
            reason = f"The {name} is too long to be meant: {length:,} characters."
            yield Evidence(row, None, reason, "review", column)


def _labels(examples: pl.DataFrame, declared: tuple[str, ...]) -> Iterator[Evidence]:
    """Labels outside the declared set, or, without one, rarer spellings of another label."""
    counts = Counter(label for label in examples[TARGET] if label.strip())
    known = declared or sorted(counts, key=lambda label: (-counts[label], label))
    spelled: dict[str, str] = {}
    for label in known:
        spelled.setdefault(canonical_text(label), label)
    wrong = {label for label in counts if spelled.get(canonical_text(label)) != label}
    wrong = wrong - set(declared) if declared else wrong
    for row, label in (
        examples.select(ROW, TARGET).filter(pl.col(TARGET).is_in(list(wrong))).iter_rows()
    ):
        proper = spelled.get(canonical_text(label))
        reason = (
            f"The label is spelled differently: {shortened(label)}, elsewhere {shortened(proper)}."
            if proper
            else f"The label is not in the declared set: {shortened(label)}."
        )
        yield Evidence(row, None, reason, "review", TARGET, proper)


def _records(examples: pl.DataFrame, declared: tuple[str, ...]) -> Iterator[Evidence]:
    answers = examples[TARGET]
    for row, text, fields in zip(examples[ROW], answers, fields_of(answers), strict=True):
        if not text.strip():
            continue
        if fields is None:
            reason = f"The answer is not a JSON object: {shortened(text)}."
            yield Evidence(row, None, reason, "review", TARGET)
            continue
        foreign = [name for name in fields if declared and name not in declared]
        if foreign:
            reason = f"The record has a field that is not declared: {shortened(foreign[0])}."
            yield Evidence(row, None, reason, "review", TARGET)
        nested = [name for name, value in fields.items() if value[:1] in "{[" and value]
        if nested:
            reason = f"The record is not flat: {shortened(nested[0])} holds a list or an object."
            yield Evidence(row, None, reason, "review", TARGET)
