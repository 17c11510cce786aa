"""Which model is released, because of which verdict, and what its answers depend on."""

import re
from pathlib import Path
from typing import NamedTuple

from surpass.core.digest import short
from surpass.core.errors import BadInput, Refused
from surpass.core.records.brought import ADOPTED, ENDPOINT, FILE
from surpass.core.records.decisions import Judgement, Seal
from surpass.core.records.release import Form, ReleasedModel
from surpass.core.records.run import Run
from surpass.core.records.verdict import Outcome
from surpass.core.settings import Full
from surpass.evaluate.readings import Reading
from surpass.model.find import find_base
from surpass.steps.answer_recipe import content_of, tuned_run
from surpass.steps.bring import brought_folder, find_brought
from surpass.steps.closed_sets import wording
from surpass.steps.evaluate import Evaluated, stored_evaluation
from surpass.steps.ladder import TUNED
from surpass.steps.project import Project
from surpass.steps.seal_in_force import require_seal
from surpass.steps.split import current_split
from surpass.store.objects import read_record

_CAP = re.compile(r"at most (\d+) tokens")  # how an evaluation of texts says what it allowed


class Weights(NamedTuple):
    """Files of a model, and how it was trained."""

    folder: Path
    form: Form
    run: Run | None  # none: trained elsewhere


class Candidate(NamedTuple):
    """A model that may become champion."""

    of: str  # "tuned" or "adopted:NAME"
    weights: Weights
    instruction: str
    valid: Evaluated
    test: Evaluated | None  # none: never put to the test, which only force releases
    seal_digest: str
    seal: Seal
    judgement: Judgement | None  # the last one of this model under this seal
    entry: str | None  # digest of the judgement's entry

    @property
    def passed(self) -> bool:
        """Whether its last verdict under the seal in force is PASS."""
        return self.judgement is not None and self.judgement.outcome == Outcome.PASS


def candidate(project: Project, of: str | None) -> Candidate:
    """The model to release with its last verdict under the seal in force.

    Args:
        project: The project.
        of: "tuned" or "adopted:NAME"; none: the model of the last PASS, or else the tuned one.

    Raises:
        Refused: nothing is sealed, the project has drifted from the seal, the model is not trained,
            was never evaluated, or of the last PASS there is no longer this model.
        BadInput: a model of which there are no weights here.
    """
    seal_digest, seal = require_seal(project)
    given = [
        (digest, body)
        for digest, body in project.ledger.bodies(Judgement)
        if body.seal == seal_digest
    ]
    passed = [body for _, body in given if body.outcome == Outcome.PASS]
    named = of or (_name_of(passed[-1].run) if passed else TUNED)
    weights = _weights(project, named)
    valid = stored_evaluation(project, named, "valid")
    if valid is None:
        raise Refused(f"`{named}` was not evaluated yet.", fix="Run `surpass evaluate`.")
    test = stored_evaluation(project, named, "test")
    ours = [one for one in given if test is not None and one[1].run == test.candidate]
    if of is None and passed and not ours:
        raise Refused(
            f"The last PASS was given to {_shown(passed[-1].run)}, and the project as it stands "
            "has another model.",
            fix="Undo the change since, or judge the present model: `surpass verdict`.",
        )
    entry, judgement = ours[-1] if ours else (None, None)
    words = wording(project, current_split(project).sides)
    return Candidate(
        named, weights, words.instruction, valid, test, seal_digest, seal, judgement, entry
    )


def released_model(project: Project, chosen: Candidate) -> ReleasedModel:
    """Everything that decides the candidate's answers."""
    settings, valid = project.settings, chosen.valid
    reading = Reading(scoring=valid.record.scoring, prior=())
    if valid.labels:
        reading = read_record(valid.folder, "reading", Reading)
    cap = _CAP.search(valid.record.scoring)
    environment = valid.record.environment
    if environment is None:
        raise RuntimeError("a model with weights was evaluated by an engine")
    return ReleasedModel(
        task=settings.task.name,
        kind=settings.kind,
        base=settings.model.base,
        base_digest=find_base(settings.model.base, project.folder).digest,
        form=chosen.weights.form,
        content=content_of(chosen.weights.folder),
        prompt=chosen.seal.prompt,
        labels=valid.labels,
        scoring=reading.scoring,
        prior=reading.prior,
        max_new_tokens=int(cap[1]) if cap else None,
        number_type=environment.number_type,
    )


def _weights(project: Project, of: str) -> Weights:
    if of == TUNED:
        run = tuned_run(project, TUNED)
        whole = isinstance(project.settings.tuning, Full)
        return Weights(run.adapter, "weights" if whole else "adapter", run.run)
    if of.startswith(ADOPTED):
        entry = find_brought(project, of)
        form: Form = "weights" if entry.kind == "weights" else "adapter"
        return Weights(brought_folder(project, entry), form, None)
    if of.startswith((FILE, ENDPOINT)):
        raise BadInput(
            f"Of `{of}` only answers are known here, so there is nothing to release.",
            fix="Bring the model itself: `surpass adopt PATH --as NAME`.",
        )
    raise BadInput(
        f"`{of}` cannot be released.", fix="Name `tuned`, or an adopted model: `adopted:NAME`."
    )


def _name_of(run: str) -> str:
    """The model's name in the name that the ledger has for it."""
    for prefix in (ADOPTED, FILE, ENDPOINT):
        if run.startswith(prefix):
            return run.rpartition(":")[0]
    return TUNED


def _shown(run: str) -> str:
    return run if run.startswith((ADOPTED, FILE, ENDPOINT)) else f"run {short(run)}"
