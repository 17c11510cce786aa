"""How a model treats groups of people, in sentences and tables: before and after tuning."""

from surpass.core.account import Account, Chapter, Interval, IntervalChart, Standing, Table
from surpass.core.records.fairness import (
    Compared,
    Counterfactual,
    FairnessData,
    Flips,
    GroupGap,
    SliceRate,
)
from surpass.core.rounding import tenth
from surpass.measure.bootstrap import MIN_GROUPS
from surpass.steps.tell.numbers import UNKNOWN, counted, percent, points

_CANNOT_TELL = "cannot tell"
_MOST_GROUPS = 20  # of a table; a column of more values tells persons, not groups
_MOST_DRAWN = 8
_HOW = (
    "On valid; intervals are two-sided, 95 %, and resample whole groups of rows. Of several noisy "
    "rates the largest is too large and the smallest too small, so a gap of small groups is "
    f"overstated; a group with fewer than {MIN_GROUPS} groups of rows is not judged."
)
_WHAT = (
    "A gap says that answers differ, not why: labels, wording or the people who wrote may differ "
    "too. No gap shown is no proof that there is none."
)


def fairness_account(found: FairnessData, seed: int | None) -> Account:
    """What `surpass fairness` says.

    Args:
        found: The comparison.
        seed: Of the training; none: the model was trained elsewhere.
    """
    chapter = fairness_chapter(found, seed)
    headline, *others = chapter.text
    return Account(
        title="Fairness",
        headline=headline,
        standing=Standing.DONE if _told(found) else Standing.CANNOT_TELL,
        text=tuple(others),
        chapters=(Chapter(title=f"{found.model} beside {found.base}", tables=chapter.tables),),
        next_command="surpass explain",
        data=found,
    )


def fairness_chapter(found: FairnessData, seed: int | None) -> Chapter:
    """The same as one chapter of the report."""
    sentences = [_finding(one, found) for one in found.compared]
    sentences += [_flips(found.counterfactual, found)] if found.counterfactual else []
    tables = [_by_group(one, found) for one in found.compared if one.base or one.tuned]
    if tables:
        tables.insert(0, _gaps(found))
    if found.counterfactual and found.counterfactual.examples:
        tables.append(_changed(found.counterfactual))
    charts = [_chart(one, found) for one in found.compared if one.higher_is_better is not None]
    return Chapter(
        title="Fairness",
        text=(*sentences, *_small(found), _artefact(found, seed), _HOW, _WHAT),
        tables=tuple(tables),
        figures=tuple(chart for chart in charts if chart.intervals),
    )


def _told(found: FairnessData) -> bool:
    asked = found.counterfactual
    return any(one.tuned for one in found.compared) or bool(asked and asked.tuned)


def _finding(one: Compared, found: FairnessData) -> str:
    """Which group is worst off under the tuned model, by how much, and how it was before."""
    if one.tuned is None:
        return f"By `{one.column}`, {one.measure}: cannot tell. {one.why_not}"
    rates = {rate.slice: rate.rate for rate in one.tuned.rates}
    worst, best = one.tuned.lowest, one.tuned.highest
    if one.higher_is_better is False:
        worst, best = best, worst
    before = f"with {found.base} nobody can tell"
    if one.base is not None:
        before = f"with {found.base} the gap was {_gap(one.base)}"
    if one.higher_is_better is None:
        said = (
            f"{found.model} has `{worst}` {one.measure} least ({percent(rates[worst])}) and "
            f"`{best}` most ({percent(rates[best])})"
        )
    else:
        said = (
            f"{one.measure} of {found.model} is worst for `{worst}` ({percent(rates[worst])}) and "
            f"best for `{best}` ({percent(rates[best])})"
        )
    return f"By `{one.column}`, {said}: a gap of {_gap(one.tuned)}; {before}."


def _gap(gap: GroupGap) -> str:
    low, high = tenth(100 * gap.low), tenth(100 * gap.high)
    chance = "" if gap.shown else ", which chance may explain"
    return (
        f"{tenth(100 * gap.difference):.1f} points (95 % interval {low:.1f} to {high:.1f}{chance})"
    )


def _flips(asked: Counterfactual, found: FairnessData) -> str:
    if asked.tuned is None:
        return f"With terms swapped: cannot tell, {asked.why_not}."
    drawn = f" ({asked.asked} of them asked)" if asked.asked < asked.rows else ""
    before = f"with {found.base}: cannot tell"
    if asked.base is not None:
        before = f"with {found.base} {_share(asked.base)}"
    return (
        f"{counted(asked.rows, 'row')} of valid {'has' if asked.rows == 1 else 'have'} a term that "
        f"must not matter{drawn}; with it swapped, {_share(asked.tuned)} of the answers of "
        f"{found.model} change, {before}."
    )


def _share(flips: Flips) -> str:
    low, high = tenth(100 * flips.low), tenth(100 * flips.high)
    return f"{percent(flips.share)} (95 % interval {low:.1f} to {high:.1f})"


def _small(found: FairnessData) -> list[str]:
    """Groups of which nothing can be told, by column."""
    said = []
    for column in dict.fromkeys(one.column for one in found.compared):
        gaps = [g for one in found.compared if one.column == column for g in (one.tuned, one.base)]
        unclear = sorted({name for gap in gaps if gap is not None for name in gap.unclear})
        if unclear:
            named = ", ".join(f"`{name}`" for name in unclear[:_MOST_DRAWN])
            more = f" and {len(unclear) - _MOST_DRAWN} more" if len(unclear) > _MOST_DRAWN else ""
            said.append(
                f"Of {named}{more} by `{column}` nothing can be told: too few groups of rows, or "
                "none that count."
            )
    return said


def _artefact(found: FairnessData, seed: int | None) -> str:
    of = "" if seed is None else f", trained once with seed {seed}"
    return (
        f"All this is said of this one artefact, {found.model}{of}: of a model that is trained "
        "again with another seed, small gaps can vanish or turn round."
    )


def _gaps(found: FairnessData) -> Table:
    """Difference and ratio of each comparison, before and after."""
    rows = [
        (one.column, one.measure, model, *_gap_cells(gap))
        for one in found.compared
        for model, gap in ((found.base, one.base), (found.model, one.tuned))
    ]
    return Table(
        title="Gaps between groups",
        columns=("by", "of", "model", "gap", "its 95 %", "ratio", "95 % of ratio"),
        rows=tuple(rows),
        numeric=("gap", "its 95 %", "ratio", "95 % of ratio"),
        note="Gap: points between the highest and the lowest group; ratio: of the lowest to the "
        "highest. Equalised odds are the larger gap of rightly and wrongly selected.",
    )


def _gap_cells(gap: GroupGap | None) -> tuple[str, str, str, str]:
    if gap is None:
        return _CANNOT_TELL, UNKNOWN, UNKNOWN, UNKNOWN
    return (
        f"{tenth(100 * gap.difference):.1f}",
        f"{tenth(100 * gap.low):.1f} to {tenth(100 * gap.high):.1f}",
        UNKNOWN if gap.ratio is None else f"{gap.ratio:.2f}",
        UNKNOWN
        if gap.ratio_low is None or gap.ratio_high is None
        else f"{gap.ratio_low:.2f} to {gap.ratio_high:.2f}",
    )


def _by_group(one: Compared, found: FairnessData) -> Table:
    """Each group under both models, the worst of the tuned model first."""
    before = {rate.slice: rate for rate in one.base.rates} if one.base else {}
    after = {rate.slice: rate for rate in one.tuned.rates} if one.tuned else {}
    sign = -1 if one.higher_is_better is False else 1

    def place(name: str) -> tuple[bool, float, str]:
        rate = after[name].rate if name in after else None
        return rate is None, sign * (rate or 0.0), name

    names = sorted(dict.fromkeys([*after, *before]), key=place)
    more = f"; {len(names) - _MOST_GROUPS} more are not shown" if len(names) > _MOST_GROUPS else ""
    columns = (one.column, "groups", found.base, found.model, "change")
    return Table(
        title=f"{one.measure} by {one.column}{more}",
        columns=columns,
        rows=tuple(_row(name, before.get(name), after.get(name)) for name in names[:_MOST_GROUPS]),
        numeric=columns[1:],
        note="In brackets the 95 % interval; groups are groups of rows.",
    )


def _row(name: str, base: SliceRate | None, tuned: SliceRate | None) -> tuple[str, ...]:
    groups = max(rate.groups for rate in (base, tuned) if rate is not None)
    change = UNKNOWN
    if base and tuned and base.rate is not None and tuned.rate is not None:
        change = points(tuned.rate - base.rate)
    return name, str(groups), _cell(base), _cell(tuned), change


def _cell(rate: SliceRate | None) -> str:
    if rate is None or rate.rate is None:
        return _CANNOT_TELL
    if rate.low is None or rate.high is None:
        return percent(rate.rate)
    return f"{percent(rate.rate)} ({100 * rate.low:.0f} to {100 * rate.high:.0f})"


def _changed(asked: Counterfactual) -> Table:
    return Table(
        title="Answers that changed with the swapped terms",
        columns=("row", "asked instead", "answer before", "answer after"),
        rows=tuple((one.row, one.swapped, one.before, one.after) for one in asked.examples),
        excerpts=("asked instead", "answer before", "answer after"),
        note="The first of the tuned model's. Read them: a term can matter where nobody meant it.",
    )


def _chart(one: Compared, found: FairnessData) -> IntervalChart:
    models = ((found.base, one.base, "opponent"), (found.model, one.tuned, "tuned"))
    return IntervalChart(
        title=f"{one.measure} by {one.column}",
        unit="%",
        tenths=True,
        intervals=tuple(
            Interval(
                label=f"{rate.slice}, {model}",
                estimate=100 * rate.rate,
                low=None if rate.low is None else 100 * rate.low,
                high=None if rate.high is None else 100 * rate.high,
                role=role,
            )
            for model, gap, role in models
            if gap is not None
            for rate in gap.rates[:_MOST_DRAWN]
            if rate.rate is not None
        ),
    )
