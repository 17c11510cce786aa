"""`surpass go` on public data sets: ladder, tuned model, verdict, minutes, memory.

    python benchmarks/real_sets.py [SET ...] [--shared FOLDER] [--work FOLDER]

Each set becomes a CSV and a project in the work folder; a run that was stopped goes on. A row for
each set is put into benchmarks/results.md with date, commit and processor.
"""

import argparse
import csv
import gzip
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from surpass.core.environment import processor

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"
TITLE = "## Public data sets"
COLUMNS = (
    "set",
    "task",
    "train/valid/test rows",
    "zero-shot",
    "few-shot",
    "linear",
    "tuned",
    "gain and its bounds",
    "verdict",
    "training min",
    "peak GB",
)
MODELS = ("zero-shot", "few-shot", "linear", "tuned")
Row = tuple[str, str]


def snips_intent(shared: Path) -> list[Row]:
    rows = [(r["text"].strip(), r["intent"]) for r in _lines(shared / "snips/train.jsonl.gz")]
    return _some(rows, 1600)


def snips_record(shared: Path) -> list[Row]:
    rows = []
    for row in _lines(shared / "snips/train.jsonl.gz"):
        record = {"intent": row["intent"]} | {s["slot"]: s["value"] for s in row["slots"]}
        rows.append((row["text"].strip(), json.dumps(record, ensure_ascii=False)))
    return _some(rows, 1400)


def sms_spam(shared: Path) -> list[Row]:
    lines = (shared / "sms_spam/SMSSpamCollection.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(text, label) for label, _, text in (line.partition("\t") for line in lines)]
    return _some(rows, 1500)


def banking77(shared: Path) -> list[Row]:
    with (shared / "banking77/train.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(row["text"], row["category"]) for row in csv.DictReader(stream)]
    return _some(rows, 3200)


def e2e(shared: Path) -> list[Row]:
    with gzip.open(shared / "e2e_nlg/devset.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        rows = {row["mr"]: row["ref"] for row in csv.DictReader(stream)}
    return _some(list(rows.items()), 667)


SETS: dict[str, tuple[Callable[[Path], list[Row]], str]] = {
    "snips-intent": (snips_intent, "label"),
    "snips-record": (snips_record, "record"),
    "sms-spam": (sms_spam, "label"),
    "banking77": (banking77, "label"),
    "e2e": (e2e, "reference"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared" / "data")
    parser.add_argument("--work", type=Path, default=HERE / "work")
    asked = parser.parse_args()
    for name in asked.sets:
        make, output = SETS[name]
        file = asked.work / f"{name}.csv"
        _write(file, output, make(asked.shared))
        _go(file, output)
        _record(name, _row(name, file.with_suffix("")))


def _go(file: Path, output: str) -> None:
    surpass = Path(sys.executable).with_name("surpass")
    command = [surpass, "go", file, "--input", "text", "--output", output, "--yes", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 2:
        sys.exit(f"{file.name}: {done.stdout}{done.stderr}")


def _row(name: str, project: Path) -> list[str]:
    """One line of the table, read from what the run left."""
    cache = project / ".surpass" / "cache"
    run = json.loads(next(cache.glob("run/*/run.json")).read_text(encoding="utf-8"))
    sides = json.loads(next(cache.glob("split/*/sides.json")).read_text(encoding="utf-8"))
    evaluations = [json.loads(p.read_text()) for p in cache.glob("evaluation/*/evaluation.json")]
    judged = json.loads(next(cache.glob("verdict/*/verdict.json")).read_text(encoding="utf-8"))
    gate = judged["gates"][0]
    metric = gate["metric"]
    scores = {e["model"]: e["scores"][metric] for e in evaluations if e["side"] == "test"}
    bounds = gate["bounds"]
    low, high = (
        f"{100 * b:+.1f}" if b is not None else "none" for b in (bounds["low"], bounds["high"])
    )
    return [
        name,
        metric,
        f"{sides['train_rows']}/{sides['valid_rows']}/{sides['test_rows']}",
        *(
            f"{100 * scores[m]:.1f}" if m in scores else ""
            for m in ("zero-shot", "few-shot", "linear", "tuned")
        ),
        f"{100 * bounds['estimate']:+.1f} ({low} to {high})",
        judged["outcome"],
        f"{run['seconds'] / 60:.1f} ({run['environment']['number_type']})",
        f"{run['peak_memory_bytes'] / 1e9:.1f}",
    ]


def _record(name: str, row: list[str]) -> None:
    """Put the set's row into the table of results.md, replacing an older one."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE,
    )
    stamp = f"{datetime.now(UTC):%Y-%m-%d}, {commit.stdout.strip()}, {processor()}"
    line = "| " + " | ".join([*row, stamp]) + " |"
    if TITLE not in text:
        head = "| " + " | ".join([*COLUMNS, "made on"]) + " |"
        rule = "|" + "---|" * (len(COLUMNS) + 1)
        head = (
            f"{TITLE}\n\nMade by `benchmarks/real_sets.py`; scores in percent.\n\n{head}\n{rule}\n"
        )
        text += "\n" + head
    old = re.compile(rf"^\| {re.escape(name)} \|.*\n", re.MULTILINE)
    before, _, after = old.sub("", text).partition(TITLE)
    table_end = after.find("\n\n", after.find("|---"))
    after = (
        after.rstrip("\n") + "\n" + line + "\n"
        if table_end < 0
        else after[:table_end] + "\n" + line + after[table_end:]
    )
    RESULTS.write_text(before + TITLE + after, encoding="utf-8")
    print(line, flush=True)


def _write(file: Path, output: str, rows: list[Row]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", output])
        writer.writerows(rows)


def _lines(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _some(rows: list[Row], count: int) -> list[Row]:
    """A fixed random sample, order included."""
    return random.Random(0).sample(rows, min(count, len(rows)))


if __name__ == "__main__":
    main()
