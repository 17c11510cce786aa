"""Rows that cannot be learned from as they are: nothing there, not what the task needs, damaged.

**Finds** an empty input or answer; an answer that is no JSON object where records are asked for, or
has fields outside the declared set or nested values; a label outside the declared set, with blanks
around it, or in two spellings; NUL bytes, a byte order mark, letters apart from their accents
(Unicode's NFC puts them together), characters lost in conversion (U+FFFD), UTF-8 read as Latin-1
("cafÃ©"); placeholders such as "N/A", "TODO" or "{{name}}"; texts of more than 100,000 characters.

**Why it matters.** The model learns to answer nothing, rubbish or TODO, or the row cannot be
scored.

**How it decides.** By rules, each named in the row's reason. A label's other spelling is one that
differs in case, inner spaces or form of letters only. Letters read as Latin-1 can be undone where
the whole text goes back to bytes that are UTF-8; where only a part of it was read so, they cannot.

**When it cannot tell.** Never, but damage that left no trace is not seen.

**What to do.** `surpass fix` drops rows without input or answer. It mends what loses nothing: NUL
bytes, byte order marks, UTF-8 read as Latin-1 that can be undone, letters apart from their accents,
blanks around labels. The rest needs a person: save the file as UTF-8, mend the answers, or declare
the labels.
"""

import re
from collections import Counter
from collections.abc import Iterator

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.settings.section import Count
from surpass.core.wording import counted
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    clear,
    evidence_frame,
    shortened,
)
from surpass.data.fields import fields_of
from surpass.data.mends import Mended, is_scrambled, mended
from surpass.text.canonical import canonical_text

NAME = "structure"

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
        *_damaged(examples, kind, options.labels),
        *_placeholders(examples, kind),
        *_endless(examples, options.longest_characters),
        *(_labels(examples, options.labels) if kind == "classify" else ()),
        *(_records(examples, options.fields) if kind == "extract" else ()),
    ]
    if not evidence:
        return clear(
            NAME, examples.height, "Every row has an input and an answer of the right form."
        )
    unusable = {item.row for item in evidence if item.reason.startswith(_UNUSABLE)}
    ours = {item.row for item in evidence if item.proposal != "review"}
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="error" if unusable else "fix" if ours else "review",
        summary=_summary(evidence, len(unusable), examples.height),
        advice=_advice(ours, {item.row for item in evidence if item.proposal == "review"}),
        evidence=evidence_frame(evidence),
    )


def _summary(evidence: list[Evidence], unusable: int, total: int) -> str:
    """How many rows are useless, how many only flawed, and what is wrong how often."""
    flawed = len({item.row for item in evidence}) - unusable
    kinds = Counter(re.split(r"[:(]", item.reason)[0].strip(" .") for item in evidence)
    listed = "; ".join(f"{number:,} x {what}" for what, number in kinds.most_common(6))
    parts = [
        f"{counted(unusable, 'row')} of {total:,} cannot be learned from" if unusable else "",
        f"{counted(flawed, 'row')} of {total:,} {'has' if flawed == 1 else 'have'} a flaw"
        if flawed
        else "",
    ]
    return f"{' and '.join(filter(None, parts))}: {listed}."


def _advice(ours: set[str], theirs: set[str]) -> str:
    """Who mends what: only what loses nothing is for `surpass fix`."""
    parts = [
        f"`surpass fix` mends or drops {counted(len(ours), 'row')}" if ours else "",
        f"mend the file for {counted(len(theirs), 'row')}" if theirs else "",
    ]
    return "; ".join(filter(None, parts)) + "."


def _empty(examples: pl.DataFrame) -> Iterator[Evidence]:
    for column, name in _COLUMNS.items():
        bare = examples[column].str.replace_all("[\0\ufeff]", "").str.strip_chars() == ""
        for row in examples[ROW].filter(bare):
            yield Evidence(row, None, f"The {name} is empty.", "drop", column)


def _damaged(examples: pl.DataFrame, kind: str, labels: tuple[str, ...]) -> Iterator[Evidence]:
    """What can be mended, with the text after all mends, and what cannot."""
    for column, name in _names(kind).items():
        for row, text in examples.select(ROW, column).iter_rows():
            whole = _mended(text, name, labels)
            for defect in whole.defects if whole.text else ():
                reason = f"The {name} {defect}."
                yield Evidence(row, None, reason, "fix", column, whole.text)
            if is_scrambled(whole.text):
                reason = f"The {name} was UTF-8 and read as Latin-1, in part and beyond undoing."
                yield Evidence(row, None, reason, "review", column)
            if "\ufffd" in whole.text:
                reason = f"The {name} lost characters when it was converted (U+FFFD)."
                yield Evidence(row, None, reason, "review", column)


def _names(kind: str) -> dict[str, str]:
    return {INPUT: "input", TARGET: "label" if kind == "classify" else "answer"}


def _mended(text: str, name: str, labels: tuple[str, ...]) -> Mended:
    """The text without damage; a declared label is as it should be."""
    is_label = name == "label"
    return Mended(text, ()) if is_label and text in labels else mended(text, label=is_label)


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
    """Labels outside the declared set, or, without one, rarer spellings of another label.

    Damage that is mended anyway makes no other label.
    """
    sound = [_mended(label, "label", declared).text for label in examples[TARGET]]
    counts = Counter(label for label in sound if label)
    known = declared or sorted(counts, key=lambda label: (-counts[label], label))
    spelled: dict[str, str] = {}
    for label in known:
        spelled.setdefault(canonical_text(label), label)
    wrong = {label for label in counts if spelled.get(canonical_text(label)) != label}
    wrong -= set(declared)
    for row, label, is_label in zip(examples[ROW], examples[TARGET], sound, strict=True):
        if is_label not in wrong:
            continue
        proper = spelled.get(canonical_text(is_label))
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
