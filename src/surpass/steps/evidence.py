"""Whatever criteria rest on beside the answers on the test: measured, named, ready to be judged."""

from typing import NamedTuple

import polars as pl

from surpass.core.progress import Progress
from surpass.core.records.brought import ENDPOINT, FILE
from surpass.prove.evidence import Evidence, Unknown
from surpass.steps.forgetting import compare_losses
from surpass.steps.preference_evidence import preference_evidence
from surpass.steps.project import Project


class Gathered(NamedTuple):
    """The evidence, and the digests of the results that it consists of."""

    evidence: Evidence
    digests: dict[str, str]  # "forgetting[0] base" -> result
    looked_at: dict[str, str]  # those of them of which others are another look at the test
    said: str  # digest of complete ratings; empty while they are not


def gather_evidence(project: Project, of: str, progress: Progress) -> Gathered:
    """Measure what is missing; what cannot be had for this model is `Unknown` with the reason.

    Args:
        project: The project; its criteria are those sealed.
        of: The model that is judged.
        progress: Told of measured texts.

    Raises:
        BadInput: a file that a criterion names cannot be read.
        Refused: the model is not trained, or two environments.
    """
    found: list[pl.DataFrame | Unknown] = []
    digests = {}
    for place, wanted in enumerate(project.settings.criteria_in_force.forgetting):
        if of.startswith((FILE, ENDPOINT)):
            found.append(_only_answers(of))
            continue
        losses = compare_losses(project, wanted, of, progress)
        found.append(losses.frame)
        digests[f"forgetting[{place}] base"] = losses.base.digest
        digests[f"forgetting[{place}] {of}"] = losses.tuned.digest
    said = preference_evidence(project, of)
    looked_at = dict(digests)
    digests |= {"preference": said.digest} if said.digest else {}
    complete = "" if isinstance(said.evidence, Unknown) else said.digest
    return Gathered(Evidence(tuple(found), said.evidence), digests, looked_at, complete)


def _only_answers(of: str) -> Unknown:
    """A loss needs the model's probabilities, which no answer tells."""
    return Unknown(
        f"of `{of}` only answers are known, and a loss needs the model itself",
        fix="Bring its adapter or weights with `surpass adopt`, or leave [[criteria.forgetting]] "
        "out of the next seal.",
    )
