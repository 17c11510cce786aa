"""README.md of a released model: what it is, how it was judged, who let it go live."""

import json
import re

from surpass.core.digest import short
from surpass.core.records.release import PROMPT_FILE, VERDICT_FILE, ReleasedModel
from surpass.core.records.verdict import Gate
from surpass.core.records.verdict_file import Decided, VerdictFile
from surpass.show.markdown import plain, table

_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w.-]+")


def model_card(statement: VerdictFile, model: ReleasedModel, forced: tuple[str, ...]) -> str:
    """The card, in Markdown with the head that the hub reads.

    Args:
        statement: The verdict file's.
        model: What decides the answers.
        forced: What is to be said of releases without a PASS, this one included.
    """
    sections = [
        _head(model),
        f"# {plain(statement.model)}",
        *(f"**{plain(sentence)}**" for sentence in forced),
        _verdict(statement.decided),
        _use(model),
        "## Scores on the sealed test\n\n" + _scores(statement),
        "## Data\n\n" + _data(statement),
        "## Integrity\n\n" + _integrity(statement),
        f"## Approval\n\nReleased by {plain(statement.approval.by)}. All of it, with digests, is "
        f"in {VERDICT_FILE}; `surpass release --check {VERDICT_FILE}` checks it.",
    ]
    return "\n\n".join(sections) + "\n"


def _head(model: ReleasedModel) -> str:
    lines = ["tags: [surpass]", "pipeline_tag: text-generation"]
    if model.form == "adapter":
        lines.append("library_name: peft")
    if _HUB_ID.fullmatch(model.base):
        lines.append(f"base_model: {json.dumps(model.base)}")
    return "\n".join(["---", *lines, "---"])


def _verdict(decided: Decided | None) -> str:
    if decided is None:
        return "## Verdict\n\nNone: this model was never judged."
    rows = [_gate(gate) for gate in decided.gates]
    notes = "".join(f"\n\n{plain(note)}" for note in decided.notes)
    return (
        f"## Verdict: {decided.outcome}\n\n{plain(decided.headline)} Candidate "
        f"{decided.candidate_number} on this test, judged at level {decided.alpha:.4g}.\n\n"
        + table(("criterion", "estimate", "lower", "upper", "had to clear", "is"), rows)
        + notes
    )


def _gate(gate: Gate) -> tuple[str, ...]:
    bounds = gate.bounds
    numbers = (bounds.estimate, bounds.low, bounds.high, gate.margin)
    outcome = gate.outcome.value
    if gate.level == "no harm shown" and outcome == "PASS":
        outcome = gate.level
    return (gate.name, *(_number(one) for one in numbers), outcome)


def _use(model: ReleasedModel) -> str:
    rows = [
        ("base", model.base),
        ("base's digest", short(model.base_digest)),
        ("files", f"{model.form}/"),
        ("instruction", PROMPT_FILE),
        ("kind of task", model.kind),
        ("number type", model.number_type),
        ("answers", model.scoring),
    ]
    if model.labels:
        rows.append(("labels", ", ".join(model.labels)))
    return "## Use\n\n" + table(("what", "is"), rows)


def _scores(statement: VerdictFile) -> str:
    names = sorted({name for scores in statement.scores.values() for name in scores})
    rows = [
        (model, *(_number(scores.get(name)) for name in names))
        for model, scores in statement.scores.items()
    ]
    return table(("model", *names), rows)


def _data(statement: VerdictFile) -> str:
    data = statement.data
    files = [
        (one.path, f"{one.rows:,}", *(said or "not said" for said in (one.origin, one.licence)))
        for one in data.files
    ]
    sides = [(side, f"{rows:,}", f"{data.groups[side]:,}") for side, rows in data.rows.items()]
    return (
        table(("file", "rows", "origin", "licence"), files)
        + "\n\n"
        + table(("side", "rows", "groups"), sides)
    )


def _integrity(statement: VerdictFile) -> str:
    found = statement.integrity
    if not found.trained_here:
        return "Trained elsewhere: mask and template were not verified."
    changed = "not compared with the untuned base"
    if found.changed_on_valid is not None:
        changed = f"{found.changed_on_valid} of {found.valid_rows} answers on valid are not the"
        changed += " untuned base's"
    ended = "trained" if found.end_token_trained else "NOT trained"
    return f"End token {ended}; {found.left_out} rows too long and left out; {changed}."


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"  # noqa: RUF001 (a dash for what is not known)
