"""The seal in force, and whether the project still is what was sealed."""

import msgspec

from surpass.core.digest import short
from surpass.core.errors import Refused
from surpass.core.records.brought import ADOPTED, FILE
from surpass.core.records.decisions import Seal
from surpass.measure.metrics import ABSENT_CLASSES
from surpass.model.find import find_base
from surpass.steps.bring import find_brought
from surpass.steps.closed_sets import wording
from surpass.steps.judging.rubric import sealed_judge
from surpass.steps.ladder import rungs_of
from surpass.steps.passages import evidence_digests
from surpass.steps.project import Project
from surpass.steps.split import current_split

_NOT_SEALED = ("power", "power_note", "reason", "amends")  # said with the seal, not bound by it
_PHRASES = {
    "criteria": "the criteria",
    "declared": "who set the criteria (you or the default)",
    "task": "the settings under [task]",
    "labels": "the labels",
    "absent_classes": "the rule for labels without test rows",
    "group": "the column that groups rows",
    "slices": "the columns that are judged apart ([data] slices)",
    "ladder": "the baselines ([ladder])",
    "brought": "a baseline that was brought",
    "generation": "how answers are written ([generation])",
    "prompt": "the instruction",
    "base": "the base model",
    "split": "the rows or how they are split",
    "added": "the rows that mitigation adds to training",
    "block": "the test rows",
    "evidence": "what criteria rest on beside the test (texts of [[criteria.forgetting]], [judge])",
    "test_rows": "the number of test rows",
    "test_groups": "the number of test groups",
}
_FOLLOWS_FROM = {
    "added": "split",
    "declared": "criteria",
    "evidence": "criteria",
    "block": "split",
    "test_rows": "block",
    "test_groups": "block",
}


def last_seal(project: Project) -> tuple[str, Seal] | None:
    """The seal in force with its entry's digest: the newest, amendments included."""
    seals = project.ledger.bodies(Seal)
    return seals[-1] if seals else None


def amendments(project: Project) -> tuple[str, ...]:
    """The reasons of every amendment, the oldest first."""
    seals = [body for _, body in project.ledger.bodies(Seal)]
    return tuple(seal.reason for seal in seals if seal.reason is not None)


def retired(project: Project, block: str) -> tuple[str, ...]:
    """What is to be said of a test whose rows somebody has read; nothing of any other."""
    if not project.sealed.shown(block):
        return ()
    return (
        f"Test block {short(block)} was shown row by row and is retired: the next model needs new "
        "rows (`surpass split --extend-test FILE`).",
    )


def require_seal(project: Project) -> tuple[str, Seal]:
    """The seal in force; refuses where the project has drifted from it.

    Raises:
        Refused: nothing is sealed, or what is sealed is not what the project now says.
    """
    sealed = last_seal(project)
    if sealed is None:
        raise Refused("Nothing is sealed yet.", fix="Run `surpass seal` first.")
    if changed := differences(sealed[1], present_seal(project)):
        again = "run `surpass seal --amend REASON`; it is shown for ever."
        if project.sealed.shown(sealed[1].block):
            again = (
                "bring new rows first: this test was shown (`surpass split --extend-test FILE`)."
            )
        raise Refused(
            f"{listed(changed)} changed after the seal {short(sealed[0])}.",
            fix=f"Undo the change, or {again}",
        )
    return sealed


def present_seal(project: Project) -> Seal:
    """What would be sealed now."""
    split, settings = current_split(project), project.settings
    words = wording(project, split.sides)
    return Seal(
        criteria=settings.criteria_in_force,
        declared=settings.criteria is not None,
        task=settings.task,
        labels=words.labels,
        absent_classes=ABSENT_CLASSES,
        group=settings.data.group,
        slices=settings.data.slices,
        ladder=settings.ladder,
        generation=settings.generation,
        prompt=words.digest,
        base=find_base(settings.model.base, project.folder).digest,
        split=split.digest,
        added="" if split.added is None else split.taught_digest,
        block=split.sides.block,
        test_rows=split.sides.test_rows,
        test_groups=split.sides.test_groups,
        brought=_brought_rungs(project),
        evidence=evidence_digests(project) | sealed_judge(project),
        power=None,
    )


def _brought_rungs(project: Project) -> dict[str, str]:
    """What stands behind the rungs that were brought: a name alone could be refilled."""
    named = (rung for rung in rungs_of(project) if rung.startswith((FILE, ADOPTED)))
    return {rung: find_brought(project, rung).digest for rung in named}


def differences(sealed: Seal, present: Seal) -> list[str]:
    """Names of what is no longer as sealed."""
    names = [field.name for field in msgspec.structs.fields(Seal) if field.name not in _NOT_SEALED]
    return [name for name in names if getattr(sealed, name) != getattr(present, name)]


def listed(names: list[str]) -> str:
    """Names of sealed things as the subject of a sentence, in words for people.

    What follows from something else that changed is left out: who declares other criteria also
    declares criteria, and other test rows are another split.
    """
    shown = [name for name in names if _FOLLOWS_FROM.get(name) not in names]
    words = list(dict.fromkeys(_PHRASES[name] for name in shown))
    said = f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
    return said[:1].upper() + said[1:]
