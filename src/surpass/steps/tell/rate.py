"""What rating says: the links, and what the answers amount to."""

from surpass.core.account import Account, Chapter, Fact, Standing, Table
from surpass.core.records.rating import Queue
from surpass.measure.agreement import UNCLEAR
from surpass.measure.preference import RATERS_FOR_ALL, Rate
from surpass.people.adjudicate import ADJUDICATOR
from surpass.steps.judging.results import JudgeResults
from surpass.steps.rating.results import Results
from surpass.steps.tell.judge import judge_chapter
from surpass.steps.tell.numbers import counted, percent
from surpass.steps.tell.rate_chapters import (
    agreement_chapter,
    alpha_of,
    bias_chapter,
    preference_chapter,
    raters_chapter,
    reading_of,
    scales_chapter,
    span_of,
)


def links_account(queue: Queue, addresses: dict[str, str], days: int) -> Account:
    """Personal links, shown once.

    Args:
        queue: The tasks.
        addresses: Rater -> link; empty where links were made earlier.
        days: How long a link works.
    """
    rows = tuple(
        (rater, addresses.get(rater, "made earlier"), str(len(tasks)))
        for rater, tasks in queue.tasks.items()
    )
    table = Table(
        title="Personal links", columns=("rater", "link", "tasks"), rows=rows, numeric=("tasks",)
    )
    text = (
        f"Give each person one link. It works for {days} days, and whoever has it can answer as "
        "that person. Links are shown this once; `--new-links` replaces them.",
        "Ctrl-C stops the server; the same command goes on, and the links keep working.",
    )
    warnings = list(queue.notes)
    if queue.alike:
        warnings.append(_alike(queue))
    return Account(
        title="Rate",
        headline=f"{_people(queue)} can rate {_models(queue)} now.",
        text=text,
        chapters=(Chapter(title="", tables=(table,)),),
        warnings=tuple(warnings),
        next_command="surpass rate results",
    )


def stopped_account(answers: int) -> Account:
    """What is said when the server was stopped."""
    return Account(
        title="Rate",
        headline=f"Stopped; {counted(answers, 'answer')} on disk.",
        text=("`surpass rate start` goes on.",),
        next_command="surpass rate results",
    )


def results_account(
    results: Results, queue: Queue | None, judge: JudgeResults | None = None
) -> Account:
    """Agreement first, then who is preferred, then what may have bent it.

    Args:
        results: The statistics.
        queue: The tasks, if they are still there.
        judge: What a judge says, if one was asked.
    """
    chapters = [
        agreement_chapter(results),
        preference_chapter(results),
        *([scales_chapter(results)] if results.scales else []),
        *([judge_chapter(judge, results.first, results.second)] if judge else []),
        bias_chapter(results),
        raters_chapter(results),
    ]
    return Account(
        title="Rating",
        headline=headline(results),
        standing=_standing(results.win),
        facts=_facts(results),
        chapters=tuple(chapters),
        warnings=_warnings(results, queue),
        next_command="surpass rate adjudicate"
        if results.disputed > len(results.settled)
        else "surpass report",
    )


def headline(results: Results) -> str:
    """Who is preferred, how sure that is, and for whom it holds."""
    win = results.win
    if win is None:
        return "Answers were scored, none were compared."
    told = f"{results.second} is preferred to {results.first} in {percent(win.estimate)} of "
    told += f"{counted(win.items, 'comparison')} (ties count half"
    told += "" if win.low is None else f"; 95 %: {percent(win.low)} to {percent(win.high)}"
    whom = f"to these {win.raters} raters" if win.raters > 1 else "to this one rater"
    return told + ")" + (f", {whom}." if win.raters < RATERS_FOR_ALL else ".")


def _standing(win: Rate | None) -> Standing:
    if win is None or win.low is None or win.high is None or win.low <= 0.5 <= win.high:
        return Standing.CANNOT_TELL
    return Standing.HOLDS if win.low > 0.5 else Standing.DOES_NOT_HOLD


def _facts(results: Results) -> tuple[Fact, ...]:
    facts = [
        Fact(
            label="agreement on who is better (Krippendorff's alpha)",
            value=alpha_of(results.agreement),
            note=reading_of(results.agreement),
        )
    ]
    if results.win is not None:
        facts.append(
            Fact(
                label=f"{results.second} preferred",
                value=percent(results.win.estimate),
                note=span_of(results.win),
            )
        )
    if results.sign is not None:
        sign = results.sign
        facts.append(
            Fact(
                label="won, lost, tied",
                value=f"{sign.won}, {sign.lost}, {sign.tied}",
                note=f"sign test without ties: p = {sign.p:.3g}",
            )
        )
    return tuple(facts)


def _warnings(results: Results, queue: Queue | None) -> tuple[str, ...]:
    found = []
    agreement = results.agreement
    if agreement is not None and agreement.alpha is not None and agreement.alpha < UNCLEAR:
        found.append(
            f"Raters agree at {agreement.alpha:.2f}, below {UNCLEAR}: the criteria are unclear. "
            "Mend the guideline and rate again before you rely on the preference."
        )
    people = len(results.raters)
    if people < RATERS_FOR_ALL:
        whom = "this one" if people == 1 else "these"
        found.append(
            f"{counted(people, 'rater')}: conclusions hold for {whom}; {RATERS_FOR_ALL} or more "
            "would speak for others like them."
        )
    found += _biases(results)
    if queue is not None:
        found += queue.notes
        if queue.alike:
            found.append(_alike(queue))
    return tuple(found)


def _biases(results: Results) -> list[str]:
    """Sentences about side and length where they surely matter."""
    found = []
    position = results.position
    if position is not None and _surely(position.low, position.high, 0.5):
        side = "left" if position.estimate > 0.5 else "right"
        found.append(f"The {side} side is preferred whatever stands there.")
    length = results.length
    if length is not None and _surely(length.low, length.high, 1.0):
        longer = "longer" if length.odds_ratio > 1 else "shorter"
        found.append(f"The {longer} answer tends to be preferred; see whether it is better.")
    return found


def _surely(low: float | None, high: float | None, value: float) -> bool:
    """Whether an interval excludes a value."""
    return low is not None and high is not None and not low <= value <= high


def _alike(queue: Queue) -> str:
    return (
        f"{queue.alike} of {queue.eligible} rows have the same answer from both models; nobody is "
        "asked about them: shares are of rows on which the models differ."
    )


def _people(queue: Queue) -> str:
    people = len(set(queue.tasks) - {ADJUDICATOR})
    return f"{counted(people, 'person', 'people')}"


def _models(queue: Queue) -> str:
    return f"answers of {' and '.join(queue.models)}"
