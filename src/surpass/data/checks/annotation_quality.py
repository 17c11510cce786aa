"""How far people agree who labelled the same rows, and who does not.

**Finds** rows on which annotators differ, the ten most contested first.

**Why it matters.** What people cannot agree on, no model can get right, and no test can show: the
rule that they label by is unclear, or one of them reads it in another way.

**How it decides.** Krippendorff's alpha: 1 is full agreement, 0 what chance would give; people who
judged few rows count as much as they said. By convention labels with alpha from 0.80 on are firm
and from 0.67 on tentative (Krippendorff 2004, section 11.4). The interval is of alpha, by row.
Each annotator is compared with what most of the others said of the same rows, and the later half of
the answers with the earlier one. Answers come from the column that [data] annotator names, on rows
with the same input, and from the labelling page. Of a record each field is judged.

**When it cannot tell.** Fewer than 20 inputs that two people judged, answers that never vary, and
free text: other words are no disagreement.

**What to do.** Below 0.67, mend the guideline before you collect more: discuss the contested rows
and write down what you decide. Talk to an annotator who stands apart; they may be the one who is
right. `surpass label` settles disputed rows.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from surpass.core.columns import ANNOTATOR, INPUT, ROW, TARGET, TIME
from surpass.core.judgements import ITEM, RATER
from surpass.core.settings import Section
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    cannot_tell,
    clear,
    evidence_frame,
    shortened,
)
from surpass.data.fields import fields_of
from surpass.data.moments import moment_of
from surpass.measure.agreement import MIN_UNITS, Agreement, krippendorff_alpha
from surpass.measure.intervals import wilson
from surpass.text.canonical import canonical

NAME = "annotation_quality"
NEEDS = ("annotations",)

_LEVEL = 0.05  # of every interval
_VALUE = "value"
_MOST_SHOWN = 10


class Options(Section, frozen=True, kw_only=True):
    """Where agreement counts as firm and as tentative."""

    firm: Share = 0.8  # alpha from which on labels are reliable, by convention
    tentative: Share = 0.67  # alpha from which on conclusions may be drawn with care
    fewest_inputs: Count = MIN_UNITS  # that two people judged
    fewest_answers: Count = 20  # of one annotator that others judged too, to say something of them


class Against(NamedTuple):
    """One annotator beside what most of the others said of the same inputs."""

    person: str
    alike: int
    of: int
    low: float
    high: float


def find(
    examples: pl.DataFrame, options: Options, kind: str, beside: Beside | None = None
) -> CheckResult:
    """Say how far annotators agree, and show the most contested rows."""
    total = examples.height
    if kind not in ("classify", "extract"):
        return cannot_tell(NAME, total, "Free text is not compared: other words are no dispute.")
    if beside is None or beside.annotations is None:
        return cannot_tell(
            NAME, total, "Nobody says who labelled which row.",
            "Set [data] annotator, or let two people label the same rows.",
        )  # fmt: skip
    said = _said(examples, beside.annotations)
    shared = said.filter(pl.col(RATER).n_unique().over(ITEM) > 1)
    inputs = shared[ITEM].n_unique()
    if inputs < options.fewest_inputs:
        return cannot_tell(
            NAME, total,
            f"{counted(inputs, 'input was', 'inputs were')} labelled by two people; "
            f"{options.fewest_inputs} are needed.",
            "Let two people label the same rows.",
        )  # fmt: skip
    field, judged, alpha = _least_agreed(shared, kind)
    if alpha is None or alpha.alpha is None:
        summary = f"Everybody said the same of {counted(inputs, 'input')}: that shows nothing."
        return cannot_tell(NAME, total, summary, "Let two people label rows that differ.")
    sentences = _sentences(judged, alpha, field, options)
    contested = _contested(judged)
    if not contested:
        return clear(NAME, total, " ".join(sentences))
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="note" if alpha.alpha >= options.firm else "review",
        summary=" ".join(sentences),
        advice="Discuss these rows and write the rule down, before you collect more."
        if alpha.alpha < options.tentative
        else "Discuss these rows; settle them with surpass label.",
        evidence=evidence_frame(contested),
    )


def _said(examples: pl.DataFrame, annotations: pl.DataFrame) -> pl.DataFrame:
    """The last answer of each person (RATER) to each input (ITEM), with its first ROW and TIME."""
    inputs = examples.select(ROW, canonical(examples[INPUT]).alias(ITEM))
    joined = annotations.join(inputs, on=ROW, how="inner", maintain_order="left")
    joined = joined.filter(pl.col(ITEM) != "").rename({ANNOTATOR: RATER})
    joined = joined.with_columns(pl.col(ROW).first().over(ITEM))
    return joined.unique([ITEM, RATER], keep="last", maintain_order=True)


def _least_agreed(shared: pl.DataFrame, kind: str) -> tuple[str, pl.DataFrame, Agreement | None]:
    """The field people agree on least (as an answer, "" where it is one label) with its alpha."""
    if kind == "classify":
        judged = shared.with_columns(pl.col(TARGET).str.strip_chars().alias(_VALUE))
        return "", judged, krippendorff_alpha(judged, _VALUE, unit=ITEM)
    records = [fields or {} for fields in fields_of(shared[TARGET])]
    found: list[tuple[str, pl.DataFrame, Agreement]] = []
    for name in dict.fromkeys(name for record in records for name in record):
        values = pl.Series(_VALUE, [record.get(name, "") for record in records], dtype=pl.String)
        judged = shared.with_columns(values)
        alpha = krippendorff_alpha(judged, _VALUE, unit=ITEM)
        if alpha.alpha is not None:
            found.append((name, judged, alpha))
    return min(found, key=lambda one: one[2].alpha or 0) if found else ("", shared, None)


def _sentences(judged: pl.DataFrame, alpha: Agreement, field: str, options: Options) -> list[str]:
    value = alpha.alpha or 0.0
    level = (
        "firm"
        if value >= options.firm
        else "tentative"
        if value >= options.tentative
        else "too low to build on"
    )
    between = (
        f" ({alpha.low:.2f} to {alpha.high:.2f})"
        if alpha.low is not None and alpha.high is not None
        else ""
    )
    where = f" on the field {field!r}, where they agree least" if field else ""
    low, share, high = _raw(judged)
    found = [
        f"{counted(alpha.people, 'annotator')} agree{where} with alpha {value:.2f}{between}: "
        f"{level} ({options.tentative:.2f} and {options.firm:.2f} are the conventions).",
        f"Two people say the same of {share:.0%} ({low:.0%} to {high:.0%}) of "
        f"{counted(alpha.units, 'input')} that both judged.",
    ]
    apart = _apart(_against_others(judged, options.fewest_answers))
    if apart is not None:
        found.append(
            f"{apart.person} stands apart: the same as most others on {apart.alike} of "
            f"{apart.of} ({apart.low:.0%} to {apart.high:.0%})."
        )
    drift = _drift(judged)
    return [*found, drift] if drift else found


def _raw(judged: pl.DataFrame) -> tuple[float, float, float]:
    """Mean share of agreeing pairs an input, and its interval; inputs are the trials."""
    shares = _agreeing_pairs(judged)["share"]
    mean = float(shares.sum()) / shares.len()
    low, high = wilson(mean * shares.len(), shares.len(), _LEVEL)
    return low, mean, high


def _agreeing_pairs(judged: pl.DataFrame) -> pl.DataFrame:
    """Share of pairs of people who say the same, by ITEM, with their first answer's TIME."""
    counts = judged.group_by(ITEM, _VALUE, maintain_order=True).agg(
        pl.len().alias("n"), pl.col(TIME).first()
    )
    return (
        counts.group_by(ITEM, maintain_order=True)
        .agg(
            (pl.col("n") * (pl.col("n") - 1)).sum().alias("pairs"),
            pl.col("n").sum().alias("people"),
            pl.col(TIME).first(),
        )
        .with_columns(
            (pl.col("pairs") / (pl.col("people") * (pl.col("people") - 1))).alias("share")
        )
    )


def _against_others(judged: pl.DataFrame, fewest: int) -> list[Against]:
    """Each annotator with enough inputs, in the order of their names.

    The others of an input count where one answer of theirs is the commonest.
    """
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for item, person, value in judged.select(ITEM, RATER, _VALUE).iter_rows():
        answers[item][person] = value
    alike: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for by_person in answers.values():
        everybody = Counter(by_person.values())
        for person, value in by_person.items():
            usual = _usual(everybody - Counter([value]))
            if usual is not None:
                of[person] += 1
                alike[person] += usual == value
    return [
        Against(name, alike[name], of[name], *wilson(alike[name], of[name], _LEVEL))
        for name in sorted(of)
        if of[name] >= fewest
    ]


def _usual(said: Counter[str]) -> str | None:
    """The commonest answer; none where two are equally common."""
    first = said.most_common(2)
    return None if not first or (len(first) == 2 and first[0][1] == first[1][1]) else first[0][0]


def _apart(people: Sequence[Against]) -> Against | None:
    """The annotator least like the others, if their interval lies below everybody else's share."""
    if len(people) < 3:  # of two who differ, nobody can say which one stands apart
        return None
    least = min(people, key=lambda one: one.alike / one.of)
    others = [one.alike / one.of for one in people if one is not least]
    return least if least.high < min(others) else None


def _drift(judged: pl.DataFrame) -> str:
    """A sentence if people agree differently on the earlier and the later half of the inputs."""
    pairs = _agreeing_pairs(judged)
    dated = [
        (moment, share)
        for time, share in pairs.select(TIME, "share").iter_rows()
        if (moment := moment_of(time)) is not None
    ]
    dated.sort(key=lambda one: one[0])
    half = len(dated) // 2
    if half < MIN_UNITS:
        return ""
    early, late = ([share for _, share in part] for part in (dated[:half], dated[-half:]))
    before, after = (wilson(sum(part), half, _LEVEL) for part in (early, late))
    if before[0] <= after[1] and after[0] <= before[1]:
        return ""
    return (
        f"Agreement drifts: {sum(early) / half:.0%} up to {dated[half - 1][0]:%Y-%m-%d}, "
        f"{sum(late) / half:.0%} since."
    )


def _contested(judged: pl.DataFrame) -> list[Evidence]:
    """The inputs with the smallest largest camp first; of equal ones those of more people."""
    camps: dict[str, Counter[str]] = defaultdict(Counter)
    rows: dict[str, str] = {}
    for item, row, value in judged.select(ITEM, ROW, _VALUE).iter_rows():
        camps[item][value] += 1
        rows[item] = row
    disputed = [item for item, said in camps.items() if len(said) > 1]
    disputed.sort(
        key=lambda i: (max(camps[i].values()) / camps[i].total(), -camps[i].total(), rows[i])
    )
    return [Evidence(rows[item], None, _dispute(camps[item])) for item in disputed[:_MOST_SHOWN]]


def _dispute(said: Counter[str]) -> str:
    ordered = sorted(said.items(), key=lambda one: (-one[1], one[0]))
    listed = ", ".join(
        f"{times} say {shortened(value) if value else 'nothing'}" for value, times in ordered
    )
    return f"Of {said.total()} people {listed}."
