"""surpass release --check: whether a verdict file holds together, alone and beside the project."""

from pathlib import Path

import msgspec

from surpass.core.account import Account, Chapter, Standing, Table
from surpass.core.digest import digest_bytes, short
from surpass.core.records.decisions import Judgement, Promotion
from surpass.core.records.release import MANIFEST_FILE, CheckedFile
from surpass.core.records.verdict_file import VerdictFile
from surpass.core.settings.read import FILE_NAME
from surpass.core.wording import counted
from surpass.release.folder import differing
from surpass.release.verdict_file import contradictions, read_signed
from surpass.store.ledger import Ledger


def checked_account(file: Path, folder: Path) -> Account:
    """Follow everything in the file that can be followed.

    Args:
        file: A verdict.json; where the rest of the released folder lies beside it, that is
            compared too.
        folder: The project, if there is one: then the file must agree with its ledger.

    Raises:
        BadInput: the file is none of ours, or the ledger cannot be read.
    """
    found = read_signed(file)
    wrong, proved = list(contradictions(found)), ["the statement does not contradict itself"]
    beside = file.parent / MANIFEST_FILE
    if beside.is_file():
        wrong += [
            f"the folder {said}" for said in [differing(file.parent, beside.read_bytes())] if said
        ]
        proved.append("every file of the released folder is the one in its manifest")
    if (folder / FILE_NAME).exists():
        wrong += _against_ledger(found.statement, Ledger(folder), beside)
        proved.append("the project's ledger has this verdict and this release")
    else:
        proved.append("nothing of a project: there is none here, so the ledger was not asked")
    return _account(found.statement, file, wrong, proved)


def _against_ledger(statement: VerdictFile, ledger: Ledger, manifest: Path) -> list[str]:
    known = {digest for digest, _ in ledger.entries()}
    wrong = [
        f"the ledger has no entry {short(head)}, which the file names"
        for head in (*statement.digests.ledger, statement.sealed.seal)
        if head not in known
    ]
    decided = statement.decided
    if decided is not None:
        bodies = [body for _, body in ledger.bodies(Judgement) if body.verdict == decided.verdict]
        same = [body for body in bodies if body.outcome == decided.outcome]
        if not any(
            msgspec.to_builtins(body.gates) == msgspec.to_builtins(decided.gates) for body in same
        ):
            wrong.append("the ledger has no such verdict with these gates")
    made = [body for _, body in ledger.bodies(Promotion) if body.model.name == statement.model]
    if not made:
        wrong.append(f"the ledger has no release of {statement.model}")
    elif manifest.is_file():
        digest = digest_bytes(manifest.read_bytes())
        if digest not in {body.files for body in made}:
            wrong.append("the ledger has no release with these files")
    return wrong


def _account(statement: VerdictFile, file: Path, wrong: list[str], proved: list[str]) -> Account:
    outcome = statement.decided.outcome if statement.decided else "no verdict"
    forced = statement.approval.forced
    if wrong:
        headline = f"{file} does not hold: {counted(len(wrong), 'thing')} cannot be true."
    else:
        headline = (
            f"{file} holds: {statement.model}, {outcome}, released by {statement.approval.by}."
        )
    rows = tuple((said, "no") for said in wrong) or tuple((said, "yes") for said in proved)
    return Account(
        title="Verdict file",
        headline=headline,
        standing=Standing.DOES_NOT_HOLD if wrong else Standing.HOLDS,
        text=()
        if wrong
        else (
            "A digest is no signature: whoever can edit the file can write a new "
            "one. The ledger's head, kept elsewhere, shows that.",
        ),
        chapters=(
            Chapter(
                title="What was followed",
                tables=(Table(title="", columns=("what", "holds"), rows=rows),),
            ),
        ),
        warnings=() if forced is None else (f"Released without a PASS: {forced}",),
        data=CheckedFile(
            file=str(file), model=statement.model, outcome=outcome, wrong=tuple(wrong)
        ),
    )
