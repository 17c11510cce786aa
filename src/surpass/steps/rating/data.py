"""What ratings amount to, for programs."""

from surpass.core.records import rate
from surpass.measure.agreement import Agreement
from surpass.measure.preference import Rate
from surpass.measure.raters import Counted, RaterRow
from surpass.steps.judging.results import JudgeResults
from surpass.steps.rating.results import Results, ScaleResult


def rate_data(results: Results, judge: JudgeResults | None) -> rate.RateData:
    """The record of `surpass rate results --json`."""
    sign = results.sign
    return rate.RateData(
        first=results.first,
        second=results.second,
        agreement=_alpha(results.agreement),
        preferred=_share(results.win),
        votes=None
        if sign is None
        else rate.Votes(won=sign.won, lost=sign.lost, tied=sign.tied, p=sign.p),
        ties=_tally(results.ties),
        biases=rate.Biases(
            left=_share(results.position),
            length_odds=None if results.length is None else results.length.odds_ratio,
            repeated=_tally(results.consistent),
            known=_tally(results.gold),
        ),
        scales=tuple(_scale(one) for one in results.scales),
        raters=tuple(_rater(one) for one in results.raters),
        judge=None if judge is None else _judge(judge),
    )


def _judge(found: JudgeResults) -> rate.JudgeData:
    corrected, alt = found.corrected, found.alt
    return rate.JudgeData(
        endpoint=found.finished.endpoint,
        rubric=found.finished.rubric,
        rows=len(found.finished.verdicts),
        order=rate.OrderData(
            consistent=_tally(found.consistent),
            first_shown=_tally(found.first_shown),
            unreadable=found.unreadable,
        ),
        agrees=_tally(found.agrees),
        people_agree=_tally(found.people_agree),
        naive=found.naive,
        corrected=None
        if corrected is None
        else rate.CorrectedData(
            estimate=corrected.estimate,
            low=corrected.low,
            high=corrected.high,
            trust=corrected.trust,
            labels=corrected.labels,
            groups=corrected.groups,
        ),
        alt_test=None
        if alt is None
        else rate.AltData(
            omega=alt.omega, advantage=alt.advantage, people=alt.people, epsilon=alt.epsilon
        ),
        only_reported=found.only_reported or None,
        tokens=found.finished.tokens,
        cost=found.finished.cost,
    )


def _scale(found: ScaleResult) -> rate.ScaleData:
    return rate.ScaleData(
        name=found.name,
        agreement=_alpha(found.agreement),
        first=found.first,
        second=found.second,
        gain=_share(found.gain),
    )


def _rater(row: RaterRow) -> rate.RaterData:
    return rate.RaterData(
        rater=row.rater,
        compared=row.compared,
        ties=row.ties,
        left=_tally(row.left),
        repeated=_tally(row.consistent),
        known=_tally(row.gold),
        leniency=row.leniency,
    )


def _alpha(found: Agreement | None) -> rate.Alpha | None:
    if found is None:
        return None
    return rate.Alpha(
        alpha=found.alpha, low=found.low, high=found.high, rows=found.units, people=found.people
    )


def _share(found: Rate | None) -> rate.Share | None:
    if found is None:
        return None
    return rate.Share(
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        judgements=found.judgements,
        rows=found.items,
        raters=found.raters,
    )


def _tally(found: Counted) -> rate.Tally:
    return rate.Tally(hits=found.hits, of=found.of)
