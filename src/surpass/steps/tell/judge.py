"""What a judge amounts to beside the raters; what the command that asked it says."""

from surpass.core.account import Account, Chapter, Fact, Interval, IntervalChart, Table
from surpass.core.records.judging import JudgeFinished
from surpass.core.wording import counted
from surpass.measure.alt_test import ENOUGH
from surpass.measure.raters import Counted
from surpass.steps.judging.results import JudgeResults
from surpass.steps.tell.numbers import UNKNOWN, percent


def asked_account(finished: JudgeFinished, *, labels_first: bool) -> Account:
    """What `surpass rate judge` says."""
    unreadable = sum(
        side == "unreadable" for one in finished.verdicts for side in (one.straight, one.swapped)
    )
    warnings = []
    if not labels_first:
        warnings.append(
            "Raters' rows were not drawn before a judge was asked about these answers: what it "
            "says is reported, and decides nothing."
        )
    if unreadable:
        warnings.append(
            f"{counted(unreadable, 'reply', 'replies')} could not be read as A, B or tie; their "
            "rows count as ties."
        )
    return Account(
        title="Judge",
        headline=f"{finished.endpoint} compared {counted(len(finished.verdicts), 'row')} in both "
        "orders.",
        text=(
            "A verdict that changes with the order counts as a tie. Rubric: "
            f"{finished.rubric[:12]}.",
        ),
        facts=(
            Fact(
                label="tokens", value=UNKNOWN if finished.tokens is None else f"{finished.tokens:,}"
            ),
            Fact(label="cost", value=UNKNOWN if finished.cost is None else f"{finished.cost:.2f}"),
        ),
        warnings=tuple(warnings),
        next_command="surpass rate results",
    )


def judge_chapter(results: JudgeResults, first: str, second: str) -> Chapter:
    """Agreement before any result, then the win rate as it is and as people correct it."""
    return Chapter(
        title="What does the judge say?",
        text=(_may_decide(results),),
        tables=(_table(results),),
        figures=(_chart(results, first, second),),
    )


def _may_decide(results: JudgeResults) -> str:
    if results.only_reported:
        return f"It is only reported and decides nothing: {_lower(results.only_reported)}."
    return (
        'It may decide a gate `by = "judge"`, corrected by what these people said: their rows were '
        "drawn at random before it was asked."
    )


def _table(results: JudgeResults) -> Table:
    alt, corrected = results.alt, results.corrected
    rows = [
        ("says what people say", *_cells(results.agrees), "of people's judgements"),
        ("people say what people say", *_cells(results.people_agree), "of pairs of judgements"),
        ("judged alike in both orders", *_cells(results.consistent), "else the row is a tie"),
        ("prefers what is shown first", *_cells(results.first_shown), "50 % without bias"),
        ("unreadable", str(results.unreadable), "", "replies; their rows are ties"),
        ("win rate, uncorrected", percent(results.naive), "", "as if it were never wrong"),
        (
            "win rate, corrected",
            UNKNOWN if corrected is None else percent(corrected.estimate),
            "" if corrected is None else f"{percent(corrected.low)} to {percent(corrected.high)}",
            "no correction: see above"
            if corrected is None
            else f"{counted(corrected.labels, 'row')} by people; the judge's weight is "
            f"{corrected.trust:.2f}",
        ),
        (
            "may stand in for a rater",
            UNKNOWN if alt is None else "yes" if alt.passed else "no",
            "" if alt is None else f"omega {alt.omega:.2f}, {ENOUGH} is needed",
            results.alt_note
            or (f"alt-test, epsilon {alt.epsilon:g}, {alt.people} people" if alt else ""),
        ),
    ]
    return Table(
        title=f"{results.finished.endpoint}, {counted(len(results.finished.verdicts), 'row')}",
        columns=("what", "is", "how sure", "meaning"),
        rows=tuple(rows),
        numeric=("is",),
    )


def _chart(results: JudgeResults, first: str, second: str) -> IntervalChart:
    intervals = [Interval(label="judge, uncorrected", estimate=results.naive)]
    if results.corrected is not None:
        found = results.corrected
        intervals.append(
            Interval(
                label="corrected by people",
                estimate=found.estimate,
                low=found.low,
                high=found.high,
                role="tuned",
            )
        )
    return IntervalChart(
        title=f"How often {second} is preferred to {first}, by the judge",
        unit="share of comparisons, ties count half",
        intervals=tuple(intervals),
        line=0.5,
        line_label="no difference",
    )


def _cells(count: Counted) -> tuple[str, str]:
    return percent(count.share), f"{count.hits} of {count.of}" if count.of else ""


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
