"""The same question with different answers.

**Finds** rows with the same or nearly the same input whose answers disagree: another label, another
value in a field of the record (the field is named), another number or a yes against a no in a text.

**Why it matters.** Nobody can answer both ways, so such rows cap every score: the *label ceiling*
is the share of rows that the best possible model could get right on inputs that are exactly equal.
Its interval says how far other rows like these may be from it.

**How it decides.** Rows are grouped by canonical input, then by clusters of near duplicates. A row
is shown when it does not have the answer of a strict majority of its group; in a tie, all are.
Among nearly equal inputs, a field that differs because the texts differ (its value stands in its
own text) is no contradiction. Free texts that merely say it in other words are none either.

The interval of the ceiling is Wilson's, with rows of one input counted as fewer trials the more
they go together. For the answers that meet most often it is asked whether a date separates them
([data] time), or whether one annotator stands alone on one side ([data] annotator, or the labelling
page): 95 % of the rows must agree with that, and among 1,000 shuffles of the answers within each
input at most 1 % (divided by the number of such questions) may do as well. At least 6 rows.

**When it cannot tell.** Contradictions between paraphrases are not found.

**What to do.** Decide which answer is right and write it down as a rule; correct or drop the
others. If a date separates the two answers, the rule changed: keep the newer one. If a person
stands alone, ask how they read the rule.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from surpass.core.columns import ANNOTATOR, INPUT, ROW, TARGET, TIME
from surpass.core.settings import Section
from surpass.core.settings.section import Share
from surpass.core.wording import counted
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    clear,
    evidence_frame,
    shortened,
)
from surpass.data.fields import fields_of
from surpass.data.moments import moment_of
from surpass.data.two_sides import separations
from surpass.measure.intervals import wilson
from surpass.text.canonical import canonical, canonical_text
from surpass.text.near_duplicates import NEAR_DUPLICATE, clusters

NAME = "contradictions"
NEEDS = ("annotations",)

Claims = dict[str, Sequence[str]]
"""What the rows assert, one entry a row, by field; "" where there is one answer."""

_ABSENT = "absent"
_FROM_TEXT = "as in its text"


class Options(Section, frozen=True, kw_only=True):
    """When two inputs count as nearly the same."""

    threshold: Share = NEAR_DUPLICATE  # Jaccard of the inputs


def find(
    examples: pl.DataFrame, options: Options, kind: str, beside: Beside | None = None
) -> CheckResult:
    """Name the rows that disagree with their group, and what they disagree on."""
    forms = canonical(examples[INPUT])
    same, claims = _groups(forms.to_list()), _claims(examples[TARGET], kind)
    found = list(_disagreeing(examples[ROW], same, claims, "the same input"))
    groups = same
    if kind not in ("generate", "code"):  # nearly the same question may well have another answer
        near = _groups(clusters(examples[INPUT], options.threshold).tolist())
        alike = _near_claims(claims, forms.to_list()) if kind == "extract" else claims
        known = {item.row for item in found}
        found += [
            item
            for item in _disagreeing(examples[ROW], near, alike, "nearly the same input")
            if item.row not in known
        ]
        groups = near if kind == "classify" else same
    if not found:
        return clear(NAME, examples.height, "Equal inputs have equal answers.")
    rows = len({item.row for item in found})
    moments = [moment_of(time) for time in examples[TIME]]
    sentences = (
        f"{counted(rows, 'row disagrees', 'rows disagree')} with rows of the same input or "
        "nearly the same.",
        _ceiling(same, claims, examples.height),
        *separations(groups, claims, moments, _people(examples, beside)),
    )
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="review",
        summary=" ".join(sentences),
        advice="Decide which answer is right; correct or drop the others.",
        evidence=evidence_frame(found),
    )


def label_ceiling(lost: list[int], sizes: list[int], rows: int) -> tuple[float, float, float]:
    """The share of rows that one answer an input can get right, and its 95 % interval.

    Args:
        lost: Of each input that stands on several rows, how many of them the best answer misses.
        sizes: Of each of them, its rows.
        rows: Of all inputs.

    Returns:
        Low, share, high.

    Source:
        Wilson's interval with the rows divided by their design effect (Kish 1965, section 8.2).
    """
    share = 1 - sum(lost) / rows
    misses, members = np.array(lost, dtype=float), np.array(sizes, dtype=float)
    # Residuals by input: single rows are always right.
    spread = ((misses - members * (1 - share)) ** 2).sum() + (rows - members.sum()) * (
        1 - share
    ) ** 2
    simple = rows * share * (1 - share)
    trials = rows / max(1.0, float(spread) / simple) if simple > 0 else rows
    low, high = wilson(share * trials, trials, 0.05)
    return low, share, high


def _ceiling(same: list[list[int]], claims: Claims, rows: int) -> str:
    lost = [len(members) - _agreeing(members, claims) for members in same]
    if not sum(lost):
        return "Exactly equal inputs agree."
    low, share, high = label_ceiling(lost, [len(members) for members in same], rows)
    return (
        f"Label ceiling: no model can get more than {share:.1%} ({low:.1%} to {high:.1%}) of the "
        "rows right."
    )


def _people(examples: pl.DataFrame, beside: Beside | None) -> list[str | None]:
    """Who gave each row the answer that it has, if that is known."""
    if beside is None or beside.annotations is None:
        return [None] * examples.height
    said = beside.annotations.select(ROW, TARGET, ANNOTATOR)
    named = said.unique([ROW, TARGET], keep="first", maintain_order=True)
    joined = examples.select(ROW, TARGET).join(
        named, on=[ROW, TARGET], how="left", maintain_order="left"
    )
    return joined[ANNOTATOR].to_list()


def _groups(keys: Sequence[object]) -> list[list[int]]:
    """Positions of rows with equal keys, two or more each; rows without an input are left out."""
    together: dict[object, list[int]] = {}
    for place, key in enumerate(keys):
        if key != "":
            together.setdefault(key, []).append(place)
    return [members for members in together.values() if len(members) > 1]


def _claims(targets: pl.Series, kind: str) -> Claims:
    if kind == "classify":
        return {"": targets.str.strip_chars().to_list()}
    if kind == "code":  # many programs solve one problem
        return {"": [""] * targets.len()}
    if kind == "generate":
        return {"": [_decided(text) for text in targets]}
    records = [fields or {} for fields in fields_of(targets)]
    names = dict.fromkeys(name for record in records for name in record)
    return {
        name: [canonical_text(r[name]) if name in r else _ABSENT for r in records] for name in names
    }


def _decided(text: str) -> str:
    """What a text commits itself to: yes or no at its beginning, and its numbers."""
    form = canonical_text(text)
    opening = re.match(r"(yes|no)\b", form)
    numbers = sorted(set(re.findall(r"\d+(?:[.,]\d+)*", form)))
    return " ".join([opening.group() if opening else "", *numbers]).strip()


def _near_claims(claims: Claims, forms: list[str]) -> Claims:
    """Values that stand in the row's own text say no more than that the texts differ."""
    return {
        name: [
            _FROM_TEXT if value in form else value
            for value, form in zip(values, forms, strict=True)
        ]
        for name, values in claims.items()
    }


def _disagreeing(
    row: pl.Series, groups: list[list[int]], claims: Claims, what: str
) -> Iterator[Evidence]:
    """Rows that do not have the claim of a strict majority of their group."""
    for members in groups:
        for name, values in claims.items():
            said = Counter(values[place] for place in members)
            if len(said) == 1:
                continue
            usual, times = min(said.items(), key=lambda item: (-item[1], item[0]))
            majority = usual if 2 * times > len(members) else None
            for place in members:
                if values[place] != majority:
                    other = _other(members, values, place, usual)
                    yield Evidence(
                        row[place],
                        row[other],
                        f"Row {row[other]} has {what} and {_phrase(name, values[other])}, "
                        f"row {row[place]} {_phrase('', values[place])}.",
                    )


def _other(members: list[int], values: Sequence[str], place: int, usual: str) -> int:
    """A row that says otherwise, with the usual claim if it can be."""
    others = [member for member in members if values[member] != values[place]]
    return next((member for member in others if values[member] == usual), others[0])


def _phrase(name: str, value: str) -> str:
    shown = "nothing" if value in {"", _ABSENT} else shortened(value)
    return f"{name} = {shown}" if name else shown


def _agreeing(members: list[int], claims: Claims) -> int:
    """How many rows of a group one single answer can be right on."""
    answers = Counter(tuple(values[place] for values in claims.values()) for place in members)
    return max(answers.values())
