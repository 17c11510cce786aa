"""surpass verdict: the sealed criteria answered on the sealed test."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from surpass.core import columns
from surpass.core.account import Account
from surpass.core.digest import digest_record, digest_text
from surpass.core.errors import BadInput, BadMachine
from surpass.core.progress import Progress
from surpass.core.recipe import Recipe
from surpass.core.records.brought import ADOPTED, is_brought
from surpass.core.records.decisions import Judgement, Seal
from surpass.core.records.verdict import Gate, Verdict
from surpass.prove.bench import Answers
from surpass.prove.evidence import NOTHING_ELSE, Evidence
from surpass.prove.verdict import judge
from surpass.steps.candidates import Look, Seen, candidate_number
from surpass.steps.evaluate import Evaluated, evaluate
from surpass.steps.evidence import gather_evidence
from surpass.steps.ladder import TUNED, require_base_rung, rungs_of, tuned_names
from surpass.steps.opponent import (
    best_rung,
    refuse_two_environments,
    require_one_environment,
)
from surpass.steps.project import Project
from surpass.steps.seal_in_force import amendments, require_seal, retired
from surpass.steps.tell.history import earlier_verdicts
from surpass.steps.tell.verdict import verdict_account, verdict_data
from surpass.steps.tracking.events import tell_verdict
from surpass.store.objects import read_record, write_record

REVISION = 1


class VerdictRecipe(Recipe, frozen=True, kw_only=True, omit_defaults=True):
    """Which evaluations are judged by which seal, as which candidate.

    What is as it was before there was other evidence is left out, so that old verdicts keep their
    names.
    """

    seal: str  # digest of the ledger's entry
    tuned: str
    rungs: dict[str, str]  # name -> evaluation
    opponent: str
    candidate_number: int
    evidence: dict[str, str] = msgspec.field(default_factory=dict)  # what was measured -> result
    answers: str = ""  # digest of all answers: other ones are another look
    said: str = ""  # digest of all ratings: other ones are another look
    further: tuple[str, ...] = ()  # evaluations of the tuned model's other seeds


class Judged(NamedTuple):
    """A verdict with what it was made from."""

    digest: str
    verdict: Verdict
    seal_digest: str
    seal: Seal
    tuned: Evaluated
    rungs: dict[str, Evaluated]
    evidence: Evidence = NOTHING_ELSE  # beside the answers on the test
    further: tuple[Evaluated, ...] = ()  # the tuned model's other seeds

    @property
    def models(self) -> dict[str, Evaluated]:
        """Every model on the test, by name, those that were judged last."""
        judged = (self.tuned, *self.further)
        return {**self.rungs, **{one.record.model: one for one in judged}}


def verdict(project: Project, progress: Progress, of: str = TUNED) -> Judged:
    """Judge a model, as a rule the tuned one; runs whatever evaluations are missing.

    Args:
        project: The project.
        progress: Told of finished rows.
        of: "tuned", or the name of a model that was brought.

    Raises:
        Refused: no seal in force, two environments, or a test that was shown.
        BadInput: a baseline cannot be judged, or nothing was brought under this name.
    """
    _require_candidate(project, of)
    seal_digest, seal = require_seal(project)
    opponent = best_rung(project, progress)
    names = tuned_names(project) if of == TUNED else (of,)
    for name in names:
        require_one_environment(project, opponent, name, progress)
    gathered = gather_evidence(project, of, progress)
    rungs = {name: evaluate(project, name, "test", progress) for name in rungs_of(project)}
    tuned, *further = (evaluate(project, name, "test", progress) for name in names)
    for one in (tuned, *further):
        refuse_two_environments(one, rungs[opponent])
    answers = _answers_digest((tuned, *further, *rungs.values()), gathered.looked_at)
    look, seen = Look(tuned.candidate, seal_digest), Seen(answers, gathered.said)
    number = candidate_number(project, seal.block, look, seen)
    recipe = VerdictRecipe(
        stage="verdict",
        revision=REVISION,
        seal=seal_digest,
        tuned=tuned.digest,
        rungs={name: rung.digest for name, rung in rungs.items()},
        opponent=opponent,
        candidate_number=number,
        evidence=gathered.digests,
        answers=answers,
        said=gathered.said,
        further=tuple(one.digest for one in further),
    )
    if _entered(project, recipe) is None:
        project.sealed.require_unseen(seal.block)  # scores from before it was shown are no excuse
    stored = project.objects.find(recipe)
    if stored is not None:
        made = read_record(stored, "verdict", Verdict)
    else:
        made = _judge(seal, [tuned, *further], rungs, recipe, gathered.evidence)
        with project.objects.write(recipe) as folder:
            write_record(folder, "verdict", made)
    # Also where a kill came between result and entry.
    _enter(project, recipe, seal, tuned.candidate, made)
    judged = Judged(
        recipe.digest, made, seal_digest, seal, tuned, rungs, gathered.evidence, tuple(further)
    )
    scores = {name: model.record for name, model in judged.models.items()}
    tell_verdict(project, recipe.digest, tuned.candidate, made, scores)
    return judged


def said_verdict(project: Project, progress: Progress, of: str = TUNED) -> Account:
    """What `surpass verdict` says."""
    judged = verdict(project, progress, of)
    name, reasons = project.settings.task.name, amendments(project)
    account = verdict_account(judged.verdict, judged.seal, name, reasons)
    block = judged.seal.block
    warnings = (
        *account.warnings,
        *earlier_verdicts(project, block),
        *retired(project, block),
    )
    return msgspec.structs.replace(account, warnings=warnings, data=verdict_data(judged, reasons))


def _judge(
    seal: Seal,
    runs: list[Evaluated],
    rungs: dict[str, Evaluated],
    recipe: VerdictRecipe,
    evidence: Evidence,
) -> Verdict:
    return judge(
        seal.criteria,
        Answers(
            runs[0].predictions,
            {name: rung.predictions for name, rung in rungs.items()},
            recipe.opponent,
            seal.labels,
            tuple(run.predictions for run in runs[1:]),
        ),
        evidence,
        candidate_number=recipe.candidate_number,
    )


def _answers_digest(models: Iterable[Evaluated], evidence: dict[str, str]) -> str:
    """Names every answer that a verdict rests on, whichever machine it came from.

    Probabilities are left out: on another machine their last digits are others.
    """
    kept = (columns.ROW, columns.ANSWER, columns.STATUS)
    told = [
        [model.record.model, digest_text(model.predictions.select(kept).write_json())]
        for model in models
    ]
    return digest_record([told, evidence])


def _require_candidate(project: Project, of: str) -> None:
    if of != TUNED and not is_brought(of):
        raise BadInput(
            f"`{of}` cannot be judged.",
            fix="Judge `tuned`, or a model that was brought: `adopted:NAME`, `file:NAME` or "
            "`endpoint:NAME`.",
        )
    if of != TUNED and (seeds := project.settings.criteria_in_force.seeds) > 1:
        raise BadInput(
            f"{seeds} training seeds are declared, and of `{of}` one model is known.",
            fix="Set [criteria] seeds = 1 and run `surpass seal --amend REASON`.",
        )
    if of == TUNED or of.startswith(ADOPTED):
        require_base_rung(project)
    if of in rungs_of(project):
        raise BadInput(
            f"`{of}` is a rung of [ladder]: it is what others are compared with.",
            fix="Take it from the ladder, or judge another model.",
        )


def _enter(project: Project, recipe: VerdictRecipe, seal: Seal, run: str, made: Verdict) -> None:
    """Write the judgement to the ledger, once.

    Raises:
        BadMachine: the stored verdict is not the one that the ledger has.
    """
    if (entered := _entered(project, recipe)) is not None:
        if entered.outcome != made.outcome.value or _outcomes(entered.gates) != _outcomes(
            made.gates
        ):
            raise BadMachine(
                f"The stored verdict says {made.outcome}, the ledger {entered.outcome}: the cache "
                "was damaged or edited.",
                fix="Delete .surpass/cache/verdict and judge again.",
            )
        return
    project.ledger.append(
        Judgement(
            verdict=recipe.digest,
            seal=recipe.seal,
            block=seal.block,
            run=run,
            candidate_number=made.candidate_number,
            alpha=made.alpha,
            outcome=made.outcome.value,
            gates=made.gates,
            answers=recipe.answers,
            said=recipe.said,
        )
    )


def _entered(project: Project, recipe: VerdictRecipe) -> Judgement | None:
    bodies = (body for _, body in project.ledger.bodies(Judgement))
    return next((body for body in bodies if body.verdict == recipe.digest), None)


def _outcomes(gates: Iterable[Gate]) -> list[tuple[str, str]]:
    return [(gate.name, gate.outcome.value) for gate in gates]
