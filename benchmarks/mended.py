"""Rows as they came, mended, and as few at random: one base, one budget, one test.

    python benchmarks/mended.py [--rows 300] [--labelled 150] [--work FOLDER] [--base NAME] [--dry]

The demo's messages with their planted defects, and the task of naming the intent. Validation and
test rows are drawn by customer from messages without a defect, once, for all arms. The raw arm has
every planted defect of the others and further messages drawn at random. The mended arm is the raw
one after `surpass fix`, after dropping what `near_duplicates` and `truncated` show, after a person
looked at what `contradictions` and `wrong_labels` show, and labelled `--labelled` of the rows that
are left, drawn by chance as `surpass label start` draws them, because `wrong_labels` cannot tell
on so few rows of ten intents. The demo's answer key plays the person. The random arm is as many
rows of the raw one, drawn by chance. All learn from equally many rows: an arm with fewer has more
epochs. An arm that is finished in the work folder is only read.
"""

import argparse
import json
import random
from pathlib import Path
from typing import NamedTuple

import polars as pl
from results_table import HERE, record

import surpass
from surpass.core import columns
from surpass.core.environment import now
from surpass.core.progress import Silent
from surpass.core.records.dataset import Decision
from surpass.steps.check import check, open_examples
from surpass.steps.evaluate import Evaluated, evaluate
from surpass.steps.fix import decide, drop_found, fix
from surpass.steps.project import Project, open_project
from surpass.steps.seal import seal
from surpass.steps.seal_in_force import last_seal
from surpass.steps.split import current_split
from surpass.steps.train import train

DEMO = Path(surpass.__file__).parent / "demo"
METRIC, EPOCHS, SEED = "macro_f1", 2, 0
VALID, TEST = 70, 250  # rows without a defect, at least
PLANTED = {
    "exact_duplicate",
    "near_duplicate",
    "contradiction",
    "wrong_label",
    "empty",
    "truncated",
}
DROPPED = ("near_duplicates", "truncated")
LOOKED_AT = ("contradictions", "wrong_labels")
COLUMNS = ("arm", "rows trained on", "planted defects in them", "wrong answers in them", "epochs",
           "macro_f1 on test", "training min", "against raw", "against random")  # fmt: skip
SETTINGS = """
[task]
name = "mended"
kind = "classify"
output = "intent"
prompt = "prompt.md"
labels = {labels}

[data]
train = ["train.jsonl"]
valid = ["valid.jsonl"]
test = ["test.jsonl"]
id = "id"
group = "customer"
ignore = ["record", "queue"]

[model]
base = {base}

[training]
epochs = {epochs}

[ladder]
rungs = ["zero-shot"]

[[criteria.primary]]
metric = "macro_f1"
against = "zero-shot"
margin = 0.0
"""

Row = dict[str, object]


class Messages(NamedTuple):
    """The demo's rows and what is known to be wrong with them."""

    rows: dict[str, Row]
    defects: dict[str, set[str]]  # row -> kinds of what was planted in it
    right: dict[str, str]  # row -> its right intent, where the file has another one

    def wrong(self, rows: list[Row]) -> int:
        """How many of these say another intent than the right one."""
        told = ((str(row["id"]), row["intent"]) for row in rows)
        return sum(self.right.get(name, said) != said for name, said in told)


class Sides(NamedTuple):
    """Rows of each side; no customer is on two."""

    raw: list[Row]
    valid: list[Row]
    test: list[Row]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--labelled", type=int, default=150)
    parser.add_argument("--work", type=Path, default=HERE / "scratch" / "mended")
    parser.add_argument("--base", default="smollm2-135m-q4")
    parser.add_argument("--dry", action="store_true", help="print the arms, and train nothing")
    asked = parser.parse_args()
    messages = read_messages()
    sides = sides_of(messages, asked.rows)
    arms = made_arms(messages, sides, asked.labelled, asked.work, asked.base)
    if asked.dry:
        for name, project in arms.items():
            print(name, *described(messages, project))
        return
    scored = {name: trained(project) for name, project in arms.items()}
    for name, project in arms.items():
        tuned = scored[name]
        run = train(project, Silent()).run
        row = [
            f"{name}, of {asked.rows} rows, {asked.labelled} labelled",
            *described(messages, project),
            f"{100 * tuned.record.scores[METRIC]:.1f}",
            f"{run.seconds / 60:.1f}",
            *(gain(scored[other], tuned) if other != name else "" for other in ("raw", "random")),
        ]
        record("Mended rows", "benchmarks/mended.py", COLUMNS, row)


def read_messages() -> Messages:
    """The demo's messages with its answer key."""
    lines = (DEMO / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["id"]: row for row in map(json.loads, lines)}
    defects: dict[str, set[str]] = {}
    right: dict[str, str] = {}
    for line in (DEMO / "answer_key.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        if one["kind"] in PLANTED:
            defects.setdefault(one["row"], set()).add(one["kind"])
        if "right" in one:
            right[one["row"]] = one["right"]["intent"]
    return Messages(rows, defects, right)


def sides_of(messages: Messages, count: int) -> Sides:
    """Whole customers to each side; those with a defect are on the raw side first."""
    customers: dict[str, list[Row]] = {}
    for row in messages.rows.values():
        customers.setdefault(str(row["customer"]), []).append(row)
    names = sorted(customers)
    random.Random(SEED).shuffle(names)
    planted = {str(messages.rows[row]["customer"]) for row in messages.defects}
    left = [customers[name] for name in names if name not in planted]
    test, valid = _first(left, TEST), _first(left, VALID)
    raw = [row for name in names if name in planted for row in customers[name]]
    raw += _first(left, count - len(raw))
    return Sides(raw, valid, test)


def made_arms(
    messages: Messages, sides: Sides, labelled: int, work: Path, base: str
) -> dict[str, Project]:
    """The three projects; the mended one is mended."""
    raw = _project(work / "raw", sides, sides.raw, base)
    mended = _project(work / "mended", sides, sides.raw, base)
    if last_seal(mended) is None:
        mend(mended, messages.right, labelled)
    kept = current_split(mended).train.height
    trained_on = current_split(raw).train.height
    names = set(current_split(raw).train[columns.ROW])  # without rows that valid or test show
    pool = [row for row in sides.raw if row["id"] in names]
    few = random.Random(SEED + 1).sample(pool, kept)
    found = {"raw": raw, "mended": mended, "random": _project(work / "random", sides, few, base)}
    for name in ("mended", "random"):
        found[name] = _with_epochs(found[name], EPOCHS * trained_on / kept)
    return found


def mend(project: Project, right: dict[str, str], labelled: int) -> None:
    """Everything that the commands mend, and what a person says of rows that they are shown."""
    fix(project)
    for name in DROPPED:
        if any(one.check == name and one.evidence.height for one in check(project)):
            drop_found(project, name, by="benchmark", reason="")
    for name in LOOKED_AT:
        (found,) = [one for one in check(project) if one.check == name]
        print(f"{name}: {found.summary}", flush=True)
        shown = {*found.evidence[columns.ROW], *found.evidence[columns.PARTNER].drop_nulls()}
        look_at(project, shown, right, f"Shown by {name}")
    known = {one.row for one in project.answers.decisions()}
    left = sorted(set(open_examples(project)[columns.ROW]) - known)
    drawn = random.Random(SEED + 2).sample(left, min(labelled, len(left)))
    look_at(project, set(drawn), right, "Labelled, drawn by chance")


def look_at(project: Project, rows: set[str], right: dict[str, str], reason: str) -> None:
    """What a person says of these rows: the right answer where they have another one."""
    moment = now()
    wrong = [
        Decision(row=row, action="fix", reason=reason, by="benchmark", at=moment,
                 column=columns.TARGET, value=right[row])
        for row in sorted(rows & set(right))
    ]  # fmt: skip
    if wrong:
        decide(project, wrong)


def trained(project: Project) -> Evaluated:
    """Seal, train and score on the test, or find it stored."""
    if last_seal(project) is None:
        seal(project)
    train(project, Silent())
    return evaluate(project, "tuned", "test", Silent())


def described(messages: Messages, project: Project) -> list[str]:
    """Rows, planted defects, wrong answers and epochs."""
    rows = current_split(project).train
    said = [
        {"id": row, "intent": answer}
        for row, answer in rows.select(columns.ROW, columns.TARGET).iter_rows()
    ]
    planted = sum(row["id"] in messages.defects for row in said)
    epochs = project.settings.training.epochs
    return [str(rows.height), str(planted), str(messages.wrong(said)), f"{epochs:.2f}"]


def gain(base: Evaluated, tuned: Evaluated) -> str:
    """How much better, in points, with the bounds by customer of `surpass.compare`."""
    other = base.predictions.select(columns.ROW, pl.col(columns.ANSWER).alias("base"))
    both = tuned.predictions.join(other, on=columns.ROW)
    frame = both.select(
        pl.col(columns.TARGET).alias("expected"), "base",
        pl.col(columns.ANSWER).alias("tuned"), pl.col(columns.GROUP).alias("customer"),
    )  # fmt: skip
    asked = {"alpha": 0.025, "primary": [{"metric": METRIC, "margin": 0.0}]}
    bounds = surpass.compare(frame, asked, group="customer").data.gates[0].bounds
    low, high = (
        "none" if end is None else f"{100 * end:+.1f}" for end in (bounds.low, bounds.high)
    )
    return f"{100 * bounds.estimate:+.1f} ({low} to {high})"


def _first(customers: list[list[Row]], count: int) -> list[Row]:
    """Rows of the first customers, until there are so many; these are taken from the list."""
    found: list[Row] = []
    while customers and len(found) < count:
        found += customers.pop(0)
    return found


def _project(folder: Path, sides: Sides, rows: list[Row], base: str) -> Project:
    if not (folder / "surpass.toml").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        files = {"train": rows, "valid": sides.valid, "test": sides.test}
        for name, some in files.items():
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in some)
            (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        prompt = (DEMO / "prompt.intent.md").read_text(encoding="utf-8")
        (folder / "prompt.md").write_text(prompt, encoding="utf-8")
        labels = sorted({str(row["intent"]) for row in [*sides.raw, *sides.valid, *sides.test]})
        text = SETTINGS.format(labels=json.dumps(labels), base=json.dumps(base), epochs=EPOCHS)
        (folder / "surpass.toml").write_text(text, encoding="utf-8")
    return open_project(folder)


def _with_epochs(project: Project, epochs: float) -> Project:
    """The project with so many epochs; written once, before anything is sealed."""
    path = project.folder / "surpass.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"epochs = {EPOCHS}\n", f"epochs = {epochs:.4f}\n"), "utf-8")
    return open_project(project.folder)


if __name__ == "__main__":
    main()
