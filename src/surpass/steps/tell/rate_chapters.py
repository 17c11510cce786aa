"""The chapters of a rating: agreement, preference, scales, what may have bent it, raters."""

from surpass.core.account import Chapter, Interval, IntervalChart, Table
from surpass.measure.agreement import UNCLEAR, Agreement
from surpass.measure.preference import Rate
from surpass.measure.raters import Counted
from surpass.steps.rating.results import Results, ScaleResult
from surpass.steps.tell.numbers import UNKNOWN, counted, percent


def agreement_chapter(results: Results) -> Chapter:
    """Agreement on every question, before any result."""
    rows = [("who is better", *_agreement_cells(results.agreement))]
    rows += [(scale.name, *_agreement_cells(scale.agreement)) for scale in results.scales]
    table = Table(
        title="Krippendorff's alpha, 95 % interval",
        columns=("question", "alpha", "interval", "judged by several", "reading"),
        rows=tuple(rows),
        numeric=("alpha", "judged by several"),
        note="1 is full agreement, 0 what chance gives. Nothing that varies, nothing to agree on.",
    )
    return Chapter(title="Do raters agree?", tables=(table,))


def preference_chapter(results: Results) -> Chapter:
    """Who is preferred, over items; more than two models in order."""
    text, figures, tables = [], [], []
    if results.win is not None:
        win = results.win
        interval = Interval(
            label=results.second, estimate=win.estimate, low=win.low, high=win.high, role="tuned"
        )
        figures.append(
            IntervalChart(
                title=f"How often {results.second} is preferred to {results.first}",
                unit="share of comparisons, ties count half",
                intervals=(interval,),
                line=0.5,
                line_label="no difference",
            )
        )
        text.append(
            f"{counted(win.judgements, 'judgement')} of {counted(win.items, 'item')} by "
            f"{counted(win.raters, 'rater')}; ties and both bad: {_share(results.ties)}."
            + ("" if win.low is None else " The interval allows for the draw of items and raters.")
        )
    if results.strengths:
        rows = tuple(
            (one.model, percent(one.share), f"{percent(one.low)} to {percent(one.high)}")
            for one in results.strengths
        )
        tables.append(
            Table(
                title="Chance against an average model (Bradley-Terry)",
                columns=("model", "chance", "95 % interval"),
                rows=rows,
                numeric=("chance",),
            )
        )
    if results.disputed:
        outcomes = list(results.settled.values())
        said = ", ".join(f"{name} {outcomes.count(name)}" for name in sorted(set(outcomes)))
        text.append(
            f"Raters disagree on {counted(results.disputed, 'item')}; "
            f"{len(outcomes)} settled{': ' + said if said else ''}. Settled items are not counted "
            "again above."
        )
    return Chapter(
        title="Who is preferred?", text=tuple(text), figures=tuple(figures), tables=tuple(tables)
    )


def scales_chapter(results: Results) -> Chapter:
    """Mean scores of both models and their difference."""
    table = Table(
        title="Mean scores, 1 to 5",
        columns=("scale", results.first, results.second, "difference", "95 % interval"),
        rows=tuple(_scale_row(scale) for scale in results.scales),
        numeric=(results.first, results.second, "difference"),
        note="The difference is taken where one person scored both answers to an item.",
    )
    return Chapter(title="Scales", tables=(table,))


def _scale_row(scale: ScaleResult) -> tuple[str, ...]:
    gain = scale.gain
    difference, interval = UNKNOWN, UNKNOWN
    if gain is not None:
        difference = f"{gain.estimate:+.2f}"
        if gain.low is not None and gain.high is not None:
            interval = f"{gain.low:+.2f} to {gain.high:+.2f}"
    return scale.name, _mean(scale.first), _mean(scale.second), difference, interval


def bias_chapter(results: Results) -> Chapter:
    """Position, length, and how careful the raters were."""
    length, position = results.length, results.position
    rows = [
        (
            "left side preferred",
            UNKNOWN if position is None else percent(position.estimate),
            UNKNOWN if position is None else span_of(position),
            "50 % without bias",
        ),
        (
            "odds of an answer twice as long",
            UNKNOWN if length is None else f"{length.odds_ratio:.2f}",
            results.length_note
            if length is None
            else f"95 %: {length.low:.2f} to {length.high:.2f}",
            "1 without bias",
        ),
        ("repeated and answered alike", *_counted_cells(results.consistent), "sides were swapped"),
        ("known answer found", *_counted_cells(results.gold), "expected against another row's"),
    ]
    table = Table(
        title="", columns=("what", "is", "how sure", "meaning"), rows=tuple(rows), numeric=("is",)
    )
    skipped = tuple(
        f"Skipped {counted(results.skipped.count(reason), 'time')}: {reason}."
        for reason in sorted(set(results.skipped))
    )
    return Chapter(title="What may have bent it", text=skipped, tables=(table,))


def raters_chapter(results: Results) -> Chapter:
    """One row a rater."""
    rows = tuple(
        (
            one.rater,
            str(one.compared),
            str(one.ties),
            _share(one.left),
            _share(one.consistent),
            _share(one.gold),
            UNKNOWN if one.leniency is None else f"{one.leniency:+.2f}",
        )
        for one in results.raters
    )
    table = Table(
        title="",
        columns=("rater", "compared", "ties", "left", "consistent", "gold", "leniency"),
        rows=rows,
        numeric=("compared", "ties", "leniency"),
        note="Leniency: scores above those of others on the same answers, in steps.",
    )
    return Chapter(title="Raters", tables=(table,))


def _agreement_cells(agreement: Agreement | None) -> tuple[str, str, str, str]:
    if agreement is None:
        return UNKNOWN, UNKNOWN, "0", reading_of(None)
    interval = UNKNOWN
    if agreement.low is not None and agreement.high is not None:
        interval = f"{agreement.low:.2f} to {agreement.high:.2f}"
    return alpha_of(agreement), interval, str(agreement.units), reading_of(agreement)


def reading_of(agreement: Agreement | None) -> str:
    """What an alpha means, in words."""
    if agreement is None:
        return "nothing was judged by two people"
    if agreement.alpha is None:
        return "everybody said the same: cannot tell"
    return "criteria unclear: mend the guideline" if agreement.alpha < UNCLEAR else "usable"


def alpha_of(agreement: Agreement | None) -> str:
    """Alpha with two digits, a dash where it is unknown."""
    if agreement is None or agreement.alpha is None:
        return UNKNOWN
    return f"{agreement.alpha:.2f}"


def span_of(rate: Rate) -> str:
    """The interval of a share, or why there is none."""
    if rate.low is None or rate.high is None:
        return f"too few items for an interval ({rate.items})"
    return f"95 %: {percent(rate.low)} to {percent(rate.high)}"


def _share(count: Counted) -> str:
    return UNKNOWN if not count.of else f"{count.hits} of {count.of}"


def _counted_cells(count: Counted) -> tuple[str, str]:
    return percent(count.share), _share(count)


def _mean(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.2f}"
