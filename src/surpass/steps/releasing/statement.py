"""Gather the verdict file of a release: digests, counts, scores and declared words, no row text."""

from collections import Counter
from pathlib import Path

import polars as pl

from surpass.core import columns
from surpass.core.digest import short
from surpass.core.errors import Refused
from surpass.core.progress import Progress
from surpass.core.records.decisions import Judgement
from surpass.core.records.fairness import Compared
from surpass.core.records.release import ReleasedModel
from surpass.core.records.verdict import Verdict
from surpass.core.records.verdict_file import (
    FORMAT,
    Approval,
    Cost,
    DataStatement,
    Decided,
    Digests,
    Errors,
    Integrity,
    SealedBefore,
    VerdictFile,
)
from surpass.steps.card import sources_of
from surpass.steps.dataset import current_version
from surpass.steps.evaluate import Evaluated, stored_evaluation
from surpass.steps.fairness import fairness
from surpass.steps.ladder import rungs_of
from surpass.steps.project import Project
from surpass.steps.releasing.candidate import Candidate
from surpass.steps.seal_in_force import amendments
from surpass.steps.split import current_split
from surpass.steps.tell.split import split_data
from surpass.store.objects import read_record

_MOST_CONFUSIONS = 25


def verdict_statement(
    project: Project,
    chosen: Candidate,
    model: ReleasedModel,
    approval: Approval,
    progress: Progress,
) -> VerdictFile:
    """Everything that the release rests on.

    Raises:
        Refused: the verdict is no longer in the cache.
    """
    rungs = {name: stored_evaluation(project, name, "test") for name in rungs_of(project)}
    tested = {name: one for name, one in rungs.items() if one is not None}
    if chosen.test is not None:
        tested[chosen.of] = chosen.test
    return VerdictFile(
        format=FORMAT,
        model=model.name,
        decided=_decided(project, chosen),
        sealed=_sealed(project, chosen),
        digests=_digests(project, chosen, model, tested),
        data=_data(project),
        scores={name: one.record.scores for name, one in tested.items()},
        integrity=_integrity(project, chosen),
        errors=_errors(chosen),
        fairness=_fairness(project, chosen, progress),
        cost=_cost(project, chosen),
        approval=approval,
    )


def _decided(project: Project, chosen: Candidate) -> Decided | None:
    if chosen.judgement is None:
        return None
    verdict = read_record(_verdict_folder(project, chosen.judgement), "verdict", Verdict)
    return Decided(
        verdict=chosen.judgement.verdict,
        at=_at(project, chosen.entry or ""),
        outcome=chosen.judgement.outcome,
        headline=verdict.headline,
        opponent=verdict.opponent,
        surpassed_by=verdict.surpassed_by,
        candidate_number=chosen.judgement.candidate_number,
        alpha=chosen.judgement.alpha,
        gates=chosen.judgement.gates,
        notes=verdict.notes,
    )


def _verdict_folder(project: Project, judgement: Judgement) -> Path:
    folder = project.objects.named("verdict", judgement.verdict)
    if folder is None:
        raise Refused(
            f"The verdict {short(judgement.verdict)} is no longer in the cache.",
            fix="Run `surpass verdict`: with the same answers it is the same verdict.",
        )
    return folder


def _sealed(project: Project, chosen: Candidate) -> SealedBefore:
    seal = chosen.seal
    return SealedBefore(
        seal=chosen.seal_digest,
        at=_at(project, chosen.seal_digest),
        criteria=seal.criteria,
        declared=seal.declared,
        amendments=amendments(project),
        test_rows=seal.test_rows,
        test_groups=seal.test_groups,
    )


def _digests(
    project: Project, chosen: Candidate, model: ReleasedModel, tested: dict[str, Evaluated]
) -> Digests:
    return Digests(
        model=model.digest,
        content=model.content,
        base=model.base_digest,
        instruction=model.prompt,
        data=current_version(project).digest,
        split=chosen.seal.split,
        test=chosen.seal.block,
        evaluations={name: one.digest for name, one in tested.items()},
        ledger=project.ledger.heads(),
    )


def _data(project: Project) -> DataStatement:
    version, sides = current_version(project), current_split(project).sides
    dealt = split_data(sides)
    return DataStatement(
        files=sources_of(version, project.settings.data.sources),
        rows=dealt.rows,
        groups=dealt.groups,
        decisions=version.decisions,
        removed_rows=sides.removed_rows,
    )


def _integrity(project: Project, chosen: Candidate) -> Integrity:
    run, base = chosen.weights.run, None
    if "zero-shot" in rungs_of(project):
        base = stored_evaluation(project, "zero-shot", "valid")
    changed = None
    if base is not None:
        answers = [one.predictions[columns.ANSWER] for one in (chosen.valid, base)]
        changed = int(answers[0].ne_missing(answers[1]).sum())
    tested = chosen.test or chosen.valid
    return Integrity(
        trained_here=run is not None,
        end_token_trained=run.end_token_trained if run else None,
        padded=run.padded if run else None,
        left_out=len(run.left_out) if run else None,
        changed_on_valid=changed,
        valid_rows=chosen.valid.record.rows,
        environment=tested.record.environment,
    )


def _errors(chosen: Candidate) -> Errors | None:
    if chosen.test is None:
        return None
    return Errors(
        unreadable=chosen.test.record.unreadable,
        truncated=chosen.test.record.truncated,
        confusions=_confusions(chosen.valid.predictions, set(chosen.valid.labels)),
    )


def _confusions(predictions: pl.DataFrame, labels: set[str]) -> tuple[tuple[str, str, int], ...]:
    """The commonest wrong labels; nothing of a task whose answers are texts."""
    counts = Counter(
        (expected, answer)
        for expected, answer in predictions.select(columns.TARGET, columns.ANSWER).rows()
        if expected != answer and {expected, answer} <= labels
    )
    ordered = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return tuple((*pair, number) for pair, number in ordered[:_MOST_CONFUSIONS])


def _fairness(project: Project, chosen: Candidate, progress: Progress) -> tuple[Compared, ...]:
    if not project.settings.fairness.groups:
        return ()
    return fairness(project, progress, chosen.of).compared


def _cost(project: Project, chosen: Candidate) -> Cost:
    run, price = chosen.weights.run, project.settings.budget.price_per_hour
    seconds = run.seconds if run else None
    return Cost(
        training_seconds=seconds,
        training_memory_bytes=run.peak_memory_bytes if run else None,
        training_tokens=run.tokens if run else None,
        test_seconds=chosen.test.record.seconds if chosen.test else None,
        price_per_hour=price,
        training_money=None if seconds is None or price is None else seconds / 3600 * price,
    )


def _at(project: Project, digest: str) -> str:
    """When an entry of the ledger was made."""
    return next(entry.at for found, entry in project.ledger.entries() if found == digest)
