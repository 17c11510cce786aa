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
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from results_table import HERE, record
from stored_project import Finished, read_finished

COLUMNS = (
    "set",
    "metric",
    "train/valid/test rows",
    "zero-shot",
    "few-shot",
    "linear",
    "tuned",
    "gain and its bounds",
    "verdict",
    "training min",
    "CPU min of everything",
    "peak GB",
)
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
    parser.add_argument("--work", type=Path, default=HERE / "scratch")
    asked = parser.parse_args()
    for name in asked.sets:
        make, output = SETS[name]
        file = asked.work / f"{name}.csv"
        _write(file, output, make(asked.shared))
        cpu_seconds = _go(file, output)
        row = _row(name, read_finished(file.with_suffix("")), cpu_seconds)
        record("Public data sets", "benchmarks/real_sets.py", COLUMNS, row)


def _go(file: Path, output: str) -> float:
    """Run to the verdict; the processor's seconds, which other work beside it does not inflate."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    surpass = Path(sys.executable).with_name("surpass")
    command = [surpass, "go", file, "--input", "text", "--output", output, "--yes", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 2:
        sys.exit(f"{file.name}: {done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _row(name: str, found: Finished, cpu_seconds: float) -> list[str]:
    return [
        name,
        found.gate["metric"],
        found.rows(),
        *(found.score(model) for model in ("zero-shot", "few-shot", "linear", "tuned")),
        found.gain(),
        found.verdict["outcome"],
        f"{found.minutes()} ({found.run['environment']['number_type']})",
        f"{cpu_seconds / 60:.1f}",
        found.peak(),
    ]


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
