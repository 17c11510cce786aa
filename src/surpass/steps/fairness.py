"""surpass fairness: how the model treats groups of people, before and after tuning, on valid."""

import difflib

from surpass.core import columns
from surpass.core.account import Account, Chapter
from surpass.core.errors import BadInput, CannotTell
from surpass.core.progress import Progress
from surpass.core.records.fairness import Compared, FairnessData, GroupGap
from surpass.measure.fairness import demographic_parity, equalised_odds, score_gap
from surpass.measure.metrics import Metric, metric
from surpass.steps.counterfactual import counterfactual
from surpass.steps.evaluate import Evaluated, evaluate
from surpass.steps.ladder import TUNED
from surpass.steps.opponent import best_rung
from surpass.steps.project import Project
from surpass.steps.swap_terms import swap_terms
from surpass.steps.tell.fairness import fairness_account, fairness_chapter

Found = tuple[GroupGap | None, str]  # a gap, or why there is none


def fairness(project: Project, progress: Progress, of: str = TUNED) -> FairnessData:
    """Compare the declared groups and ask the rows with swapped terms; the test stays sealed.

    Args:
        project: The project.
        progress: Told of finished rows.
        of: "tuned", or the name of a model that was brought.

    Raises:
        BadInput: nothing is declared, or a column or label that there is not.
        Refused: the model is not trained.
    """
    declared = project.settings.fairness
    if not declared.declared:
        raise BadInput(
            "[fairness] declares neither groups nor swaps, so nothing can be compared.",
            fix='Write [fairness] groups = ["COLUMN"] into surpass.toml, or [fairness.swaps] '
            'he = "she".',
        )
    swaps = swap_terms(project)
    opponent = best_rung(project, progress)
    tuned, base = (evaluate(project, name, "valid", progress) for name in (of, opponent))
    _require_columns(declared.groups, tuned.predictions.columns)
    _require_label(project, declared.positive, tuned.labels)
    compared = tuple(
        one
        for column in declared.groups
        for one in _compared(project, column, base=base, tuned=tuned)
    )
    asked = counterfactual(project, swaps, tuned, base, progress) if swaps else None
    return FairnessData(
        model=of,
        base=opponent,
        rows=tuned.record.rows,
        compared=compared,
        counterfactual=asked,
    )


def said_fairness(project: Project, progress: Progress, of: str = TUNED) -> Account:
    """What `surpass fairness` says."""
    return fairness_account(fairness(project, progress, of), _seed(project, of))


def fairness_chapters(project: Project, progress: Progress, of: str) -> tuple[Chapter, ...]:
    """The report's chapter; none where [fairness] declares nothing."""
    if not project.settings.fairness.declared:
        return ()
    return (fairness_chapter(fairness(project, progress, of), _seed(project, of)),)


def _compared(
    project: Project, column: str, *, base: Evaluated, tuned: Evaluated
) -> list[Compared]:
    """The metric of the first criterion by group, and how often each group is selected."""
    criteria, positive = project.settings.criteria_in_force, project.settings.fairness.positive
    primary = criteria.primary[0]
    chosen = metric(primary.metric, criteria.metrics.get(primary.metric))
    higher = chosen.higher_is_better
    scores = (_score(chosen, column, model) for model in (base, tuned))
    found = [_both(column, chosen.title, *scores, higher=higher)]
    if positive is not None:
        of_base, of_tuned = (_selections(one, column, positive) for one in (base, tuned))
        found += [_both(column, name, of_base[name], of_tuned[name]) for name in of_base]
    return found


def _both(
    column: str, measure: str, base: Found, tuned: Found, *, higher: bool | None = None
) -> Compared:
    return Compared(
        column=column,
        measure=measure,
        higher_is_better=higher,
        base=base[0],
        tuned=tuned[0],
        why_not=tuned[1] or base[1],
    )


def _score(chosen: Metric, column: str, model: Evaluated) -> Found:
    try:
        return score_gap(chosen, model.predictions, model.labels, column), ""
    except CannotTell as error:
        return None, str(error.args[0])


def _selections(model: Evaluated, column: str, positive: str) -> dict[str, Found]:
    """Demographic parity, then the two halves of equalised odds."""
    names = ("selected", "rightly selected", "wrongly selected")
    found: dict[str, Found] = {}
    try:
        found[names[0]] = (demographic_parity(model.predictions, column, positive), "")
    except CannotTell as error:
        found[names[0]] = (None, str(error.args[0]))
    try:
        odds = equalised_odds(model.predictions, column, positive)
        found |= {names[1]: (odds.true_positives, ""), names[2]: (odds.false_positives, "")}
    except CannotTell as error:
        found |= {name: (None, str(error.args[0])) for name in names[1:]}
    return found


def _require_columns(groups: tuple[str, ...], there: list[str]) -> None:
    known = [name.removeprefix(columns.ATTRIBUTE) for name in there if name[0] == columns.ATTRIBUTE]
    for name in groups:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            raise BadInput(
                f"[fairness] groups names the column {name!r}, which the rows do not carry; they "
                f"carry {', '.join(known) or 'none'}.",
                fix=f"Did you mean {close[0]!r}?"
                if close
                else "Take it out of [data] ignore; the column of [data] group or time must also "
                "stand in [data] slices.",
            )


def _require_label(project: Project, positive: str | None, labels: tuple[str, ...]) -> None:
    if positive is None or positive in labels:
        return
    if project.settings.kind != "classify":
        raise BadInput(
            f'[fairness] positive needs [task] kind = "classify"; this is {project.settings.kind}.',
            fix="Remove `positive`: groups are then compared by the score of their rows.",
        )
    raise BadInput(
        f"[fairness] positive names the label {positive!r}; the labels are {', '.join(labels)}.",
        fix="Write one of them.",
    )


def _seed(project: Project, of: str) -> int | None:
    """The seed of the training, where it was ours."""
    return project.settings.training.seed if of == TUNED else None
