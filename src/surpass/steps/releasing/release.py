"""surpass release: the model of the last PASS becomes champion; without one only by force."""

import re
from typing import NamedTuple

import msgspec

from surpass.core.account import Account
from surpass.core.digest import short
from surpass.core.environment import user_name
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Progress
from surpass.core.records.decisions import Promotion
from surpass.core.records.release import (
    CARD_FILE,
    MODEL_FILE,
    PROMPT_FILE,
    VERDICT_FILE,
    ReleasedModel,
)
from surpass.core.records.verdict_file import Approval, VerdictFile, signed
from surpass.model.find import DEFINING
from surpass.release.card import model_card
from surpass.release.folder import lay_down, require_whole
from surpass.steps.project import Project
from surpass.steps.releasing.candidate import Candidate, candidate, released_model
from surpass.steps.releasing.floor import sealed_floor
from surpass.steps.releasing.read import RELEASES, champion, forced_releases
from surpass.steps.releasing.statement import verdict_statement
from surpass.steps.releasing.tell import released_account
from surpass.store.objects import MANIFEST

_LONGEST = 500  # characters of a name or a reason, which the ledger keeps for ever
_BREAK = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class Wish(NamedTuple):
    """What is to be released, and who says so."""

    of: str | None = None  # "tuned" or "adopted:NAME"; none: the model of the last PASS
    by: str | None = None  # none: the user's name
    force: bool = False  # True: without a PASS
    reason: str | None = None  # of force


def release(project: Project, wish: Wish, progress: Progress) -> Account:
    """Make a model champion, or say that it is champion already.

    The folder is whole before the ledger names it: a kill leaves the old champion or the new one.

    Raises:
        Refused: there is no PASS of this model under the seal in force, and no force.
        BadInput: force without a reason or a name, or a reason without force.
        BadMachine: the files of the present champion were changed.
    """
    by, forced = _approved(wish)
    chosen = candidate(project, wish.of)
    if not chosen.passed and forced is None:
        raise Refused(_why_not(chosen), fix=_what_then(chosen))
    forced = None if chosen.passed else forced
    model = released_model(project, chosen)
    present = champion(project)
    verdict = chosen.judgement.verdict if chosen.judgement else None
    if present is not None and (present.model, present.since.verdict) == (model.digest, verdict):
        require_whole(present.folder)
        return released_account(project, changed=False)
    approval = Approval(by=by, forced=forced)
    statement = verdict_statement(project, chosen, model, approval, progress)
    project.ledger.append(
        Promotion(
            model=model,
            files=_laid_down(project, chosen, model, statement),
            floor=sealed_floor(project, chosen),
            seal=chosen.seal_digest,
            verdict=verdict,
            outcome=chosen.judgement.outcome if chosen.judgement else None,
            by=by,
            forced=forced,
        )
    )
    return released_account(project, changed=True)


def spoken(text: str, what: str) -> str:
    """A name or a reason as the ledger keeps it: one line, and not a long one.

    Raises:
        BadInput: it is empty, too long, or has line breaks.
    """
    said = text.strip()
    if not said or len(said) > _LONGEST or _BREAK.search(said):
        raise BadInput(
            f"{what} is empty, longer than {_LONGEST} characters, or more than one line.",
            fix="Say it in one sentence.",
        )
    return said


def _approved(wish: Wish) -> tuple[str, str | None]:
    """Who approves, and the reason of force."""
    if not wish.force:
        if wish.reason is not None:
            raise BadInput(
                "A reason goes with force: a verdict needs none.",
                fix="Leave --reason out, or add --force.",
            )
        return spoken(wish.by or user_name(), "--by"), None
    if wish.reason is None or wish.by is None:
        raise BadInput(
            "A release by force is shown for ever with a name and a reason.",
            fix="Add --by NAME and --reason TEXT.",
        )
    return spoken(wish.by, "--by"), spoken(wish.reason, "--reason")


def _laid_down(
    project: Project, chosen: Candidate, model: ReleasedModel, statement: VerdictFile
) -> str:
    """Write the folder; returns its digest."""
    folder = chosen.weights.folder
    weights = {
        f"{model.form}/{path.name}": path
        for pattern in DEFINING
        for path in sorted(folder.glob(pattern))
        if path.is_file() and path.name != MANIFEST  # the store's own, beside a brought adapter
    }
    approval = statement.approval
    said = (approval.forced,) if approval.forced is not None else ()
    now = tuple(f"Released without a PASS by {approval.by}: {reason}" for reason in said)
    texts = {
        PROMPT_FILE: chosen.instruction.encode(),
        MODEL_FILE: _json(model),
        VERDICT_FILE: _json(signed(statement)),
        CARD_FILE: model_card(statement, model, (*forced_releases(project), *now)).encode(),
    }
    return lay_down(project.folder / ".surpass" / RELEASES, weights, texts)


def _json(record: msgspec.Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record)) + b"\n"


def _why_not(chosen: Candidate) -> str:
    if chosen.judgement is None:
        return f"`{chosen.of}` has no verdict under the seal {short(chosen.seal_digest)}."
    return (
        f"The last verdict on `{chosen.of}` is {chosen.judgement.outcome}, not PASS "
        f"(seal {short(chosen.seal_digest)})."
    )


def _what_then(chosen: Candidate) -> str:
    forced = 'with --force --by NAME --reason "…" it goes live all the same, shown for ever.'
    if chosen.judgement is None:
        named = "" if chosen.of == "tuned" else f" --of {chosen.of}"
        return f"Run `surpass verdict{named}`; {forced}"
    return f"Train a better one (`surpass explain` says what it lacks); {forced}"
