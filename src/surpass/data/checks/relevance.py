"""Rows that are not what production is asked.

**Finds** whether your inputs and production's can be told apart, by which words, and which rows of
either side the other hardly has.

**Why it matters.** A model is good at what it was trained on. The test set is drawn from the same
rows, so a good score says little about questions that look different.

**How it decides.** A model (logistic regression on words and pieces of words) says of each text
whether it is a row of yours or production's, from the other texts only. If it can (AUC; 0.5 is
chance, 1 is always), and by more than labels permuted at random would make it (p, by least squares
on the same features, which need not be fitted anew), the two differ. Labels are permuted by day
where both sides name the time on 5 days or more, else by group. At most 600 texts of each side
are drawn, by a hash of their ids. Words are ranked by log-odds with an informative Dirichlet prior.
Weights p / (1 - p), clipped at 20, would make your rows count as production asks; the effective
number says how many rows that leaves.

**When it cannot tell.** Without [data] traffic, or with fewer than 50 different texts on a side. It
compares words, so it does not see that the same words mean something else now.

**What to do.** Collect rows like those that production asks (`coverage` says which first). A
difference that you meant, such as rare cases collected on purpose, needs no mending.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surpass.core.columns import GROUP, INPUT, ROW, TIME
from surpass.core.settings import Section
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import CheckResult, Evidence, cannot_tell, clear, evidence_frame
from surpass.text.canonical import canonical
from surpass.text.log_odds import Leaning, leanings
from surpass.text.shingles import text_hashes

NAME = "relevance"
NEEDS = ("traffic",)

NO_TRAFFIC = "What production is asked is not known."
NAME_TRAFFIC = 'Name a file of its inputs under [data]: traffic = ["traffic.csv"].'

_SURE = 3.0  # standard errors from which on a word leans
_SHOWN = 10  # rows of each side
_WORDS = 5
_FEWEST_DAYS = 5
_DAY, _SIDE, _HASH, _FOLD, _UNIT = "day", "is_traffic", "hash", "fold", "unit"


class Options(Section, frozen=True, kw_only=True):
    """When the two sides count as different."""

    most_auc: Share = 0.55  # up to which a difference is too small to matter
    level: Share = 0.01  # p up to which a difference is none of chance
    fewest_texts: Count = 50  # different ones, of each side
    most_texts: Count = 600  # of each side; with more, that many are drawn
    draws: Count = 199  # permutations


def find(examples: pl.DataFrame, options: Options, kind: str, beside: Beside) -> CheckResult:  # noqa: ARG001
    """Tell rows from traffic, and say by what."""
    if beside.traffic is None:
        return cannot_tell(NAME, examples.height, NO_TRAFFIC, NAME_TRAFFIC)
    ours, asked = _texts(examples, options), _texts(beside.traffic, options)
    if min(ours.height, asked.height) < options.fewest_texts:
        summary = (
            f"{counted(ours.height, 'different input')} and {asked.height:,} in the traffic; "
            f"{options.fewest_texts} of each are needed."
        )
        return cannot_tell(NAME, examples.height, summary, "Name more traffic, or collect rows.")
    both = _both(ours, asked)
    chances, auc, p, effective = _told(both, options)
    sure = leanings(both.filter(pl.col(_SIDE))[INPUT], both.filter(~pl.col(_SIDE))[INPUT])
    said = (
        f"A model tells your rows from production's with an AUC of {auc:.2f} "
        f"(0.5 is chance; p = {p:.3f})"
    )
    if p > options.level or auc <= options.most_auc:
        why = "no more than chance does" if p > options.level else "too little to matter"
        return clear(NAME, examples.height, f"{said}: {why}.")
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="review",
        summary=f"{said}.{_explained(sure)}",
        advice="Collect rows like those that production asks; as they are, weights would make "
        f"{counted(ours.height, 'row')} worth {effective:.0f}.",
        evidence=evidence_frame(_evidence(both, chances, sure)),
    )


def _texts(rows: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Different inputs with their group and day, the drawn ones, in an order of their own."""
    group = pl.col(GROUP) if GROUP in rows.columns else pl.col(ROW)
    forms = rows.select(
        ROW,
        INPUT,
        group.alias(GROUP),
        pl.col(TIME).str.extract(r"(\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})").alias(_DAY),
        canonical(rows[INPUT]).alias("form"),
        text_hashes(rows[ROW]).alias(_HASH),
    )
    different = forms.filter(pl.col("form") != "").sort(_HASH).unique("form", keep="first")
    return different.sort(_HASH).head(options.most_texts)


def _both(ours: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Both sides with unit and fold; a text that both have is in one fold."""
    by_day = min(side[_DAY].n_unique() for side in (ours, asked)) >= _FEWEST_DAYS
    by_day = by_day and not (ours[_DAY].null_count() or asked[_DAY].null_count())
    both = pl.concat(
        [ours.with_columns(_side(traffic=False)), asked.with_columns(_side(traffic=True))]
    )
    name = pl.concat_str(pl.col(_SIDE), pl.col(_DAY if by_day else GROUP), separator=" ")
    both = both.with_columns(name.rank("dense").cast(pl.Int64).alias(_UNIT) - 1)
    single = both[_UNIT].n_unique() == both.height
    key = both["form"] if single else both[_UNIT].cast(pl.String)
    return both.with_columns((text_hashes(key) % 5).cast(pl.Int64).alias(_FOLD))


def _side(*, traffic: bool) -> pl.Expr:
    return pl.lit(traffic).alias(_SIDE)


def _told(both: pl.DataFrame, options: Options) -> tuple[NDArray[np.float64], float, float, float]:
    """Of each text the chance to be traffic; AUC, p, and the effective rows under weights."""
    # They load scikit-learn and scipy, which a project without traffic does without.
    from surpass.measure.shift import importance_weights, told_apart, two_sample_p
    from surpass.text.classifier import guessed
    from surpass.text.vectors import similarities

    texts, is_traffic = both[INPUT].to_list(), both[_SIDE].to_numpy()
    folds, units = both[_FOLD].to_numpy(), both[_UNIT].to_numpy()
    chances = guessed(texts, is_traffic.astype(np.int64), folds).probabilities[:, 1]
    p = two_sample_p(similarities(texts), is_traffic, units, folds, draws=options.draws)
    odds = float(is_traffic.sum() / (~is_traffic).sum())
    weights = importance_weights(chances[~is_traffic], odds)
    return chances, told_apart(chances, is_traffic), p, weights.effective


def _explained(sure: list[Leaning]) -> str:
    """Which words tell the sides apart; empty where none does."""
    theirs = [one for one in sure if one.z >= _SURE][:_WORDS]
    ours = [one for one in reversed(sure) if one.z <= -_SURE][:_WORDS]
    parts = [
        f" Commoner {where}: "
        + ", ".join(f"{one.word!r} ({one.first:.0%} against {one.second:.0%})" for one in found)
        + "."
        for where, found in (("in production than in your rows", theirs),)
        if found
    ]
    parts += [
        " Commoner in your rows: "
        + ", ".join(f"{one.word!r} ({one.second:.0%} against {one.first:.0%})" for one in ours)
        + "."
    ] * bool(ours)
    return "".join(parts) or " No single word explains it."


def _evidence(
    both: pl.DataFrame, chances: NDArray[np.float64], sure: list[Leaning]
) -> list[Evidence]:
    """The texts of each side that look least like the other, production's first."""
    leaning = {one.word: one.z for one in sure if abs(one.z) >= _SURE}
    ranked = both.with_columns(pl.Series("chance", chances)).sort("chance", ROW)
    found = []
    for is_traffic, what in ((True, "Production asks this"), (False, "Yours alone")):
        side = ranked.filter(pl.col(_SIDE) == is_traffic)
        extreme = side.reverse().head(_SHOWN) if is_traffic else side.head(_SHOWN)
        for row, form, chance in extreme.select(ROW, "form", "chance").iter_rows():
            told = [
                w for w in dict.fromkeys(form.split()) if _leans(leaning.get(w), traffic=is_traffic)
            ]
            by = f", by {', '.join(map(repr, told[:3]))}" if told else ""
            found.append(Evidence(row, None, f"{what}: {chance:.0%} production's{by}."))
    return found


def _leans(z: float | None, *, traffic: bool) -> bool:
    return z is not None and (z > 0) == traffic
