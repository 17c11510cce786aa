"""What labels amount to, for programs."""

from surpass.core.records import label
from surpass.core.records.rate import Alpha
from surpass.people.agreed import RowAnswers, meaning
from surpass.steps.labelling.results import LabelResults, Shared


def label_data(results: LabelResults) -> label.LabelData:
    """The record of `surpass label results --json`."""
    agreement = results.agreement
    return label.LabelData(
        rows=len(results.rows),
        agreement=None
        if agreement is None
        else Alpha(
            alpha=agreement.alpha,
            low=agreement.low,
            high=agreement.high,
            rows=agreement.units,
            people=agreement.people,
        ),
        shared=_shared(results.shared),
        disputed=results.disputed,
        settled=results.settled,
        annotators=tuple(
            label.AnnotatorData(
                annotator=one.annotator,
                answered=one.answered,
                rejected=one.rejected,
                skipped=one.skipped.total(),
                seconds=one.seconds,
                with_others=_shared(one.with_others),
            )
            for one in results.annotators
        ),
        days=tuple(
            label.DayData(day=one.day, answers=one.answers, shared=_shared(one.shared))
            for one in results.days
        ),
        contested=tuple(_contested(row) for row in results.contested),
    )


def _shared(found: Shared) -> label.SharedAnswers:
    low, high = found.bounds or (None, None)
    return label.SharedAnswers(rows=found.rows, share=found.share, low=low, high=high)


def _contested(row: RowAnswers) -> label.ContestedRow:
    return label.ContestedRow(
        row=row.row,
        answers=row.meanings,
        settled=None if row.settled is None else meaning(row.settled),
    )
