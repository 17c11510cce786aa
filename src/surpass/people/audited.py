"""What people said of rows that chance drew: the one absolute rate of wrong answers."""

from collections.abc import Sequence

from surpass.core.digest import digest_text
from surpass.core.records.annotation import Annotation
from surpass.core.records.audit import Audit, AuditData
from surpass.measure.intervals import clopper_pearson_high, clopper_pearson_low
from surpass.people.agreed import agreed, meaning, rows_answered

_TAIL = 0.025  # of each side of a 95 % interval


def audited(audit: Audit, annotations: Sequence[Annotation], *, current: bool) -> AuditData:
    """Count the wrong answers of an audit.

    Only what was said to its tasks counts, or elsewhere after the draw, by people who saw no
    model's answer. A row about which
    people differ is judged once somebody settles it. The rate is told when no row is waiting any
    more, for who may stop when the number pleases them does not draw at random.

    Args:
        audit: What was drawn.
        annotations: Those in force (see `store.annotations.in_force`), skipped ones too.
        current: Whether the examples are still those that it was drawn from.

    Source:
        Clopper and Pearson 1934; exact also for a draw without putting back, only a little wide.
    """
    later = [one for one in annotations if _counts(one, audit) and not one.saw]
    answered = {(one.row, one.digest): one for one in rows_answered(later)}
    seen = {(one.row, one.digest) for one in later}
    judged = wrong = unknown = 0
    for row in audit.rows:
        place = row.row, row.digest
        answer = agreed(answered[place]) if place in answered else None
        if answer is not None:
            judged += 1
            wrong += digest_text(meaning(answer.answer)) != row.answer
        else:
            unknown += place in seen
    waiting = len(audit.rows) - judged - unknown
    drawn = judged + unknown
    told = judged > 0 and not waiting
    return AuditData(
        at=audit.at,
        version=audit.version,
        population=audit.population,
        drawn=len(audit.rows),
        judged=judged,
        wrong=wrong,
        unknown=unknown,
        waiting=waiting,
        share=wrong / judged if told else None,
        low=clopper_pearson_low(wrong, drawn, _TAIL) if told else None,
        high=clopper_pearson_high(wrong + unknown, drawn, _TAIL) if told else None,
        current=current,
    )


def _counts(one: Annotation, audit: Audit) -> bool:
    return one.queue == audit.queue if one.via == "page" else one.at >= audit.at
