"""`surpass demo`: verdict, gain, minutes and memory, into results.md.

    python benchmarks/demo.py [--task record|intent] [--work FOLDER]

A demo that is finished in the work folder is only read.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from results_table import HERE, record
from stored_project import read_finished

COLUMNS = (
    "task",
    "metric",
    "train/valid/test rows",
    "zero-shot",
    "few-shot",
    "linear",
    "tuned",
    "gain and its bounds",
    "verdict",
    "training min",
    "training and scoring min",
    "peak GB in training",
    "number type",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--task", choices=("record", "intent"), default="record")
    parser.add_argument("--work", type=Path, default=None)
    asked = parser.parse_args()
    work = asked.work or HERE / "scratch" / f"demo-{asked.task}"
    surpass = Path(sys.executable).with_name("surpass")
    command = [surpass, "demo", work, "--task", asked.task, "--json"]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode > 2:
        sys.exit(done.returncode)
    found = read_finished(work)
    row = [
        asked.task,
        found.gate["metric"],
        found.rows(),
        *(found.score(model) for model in ("zero-shot", "few-shot", "linear", "tuned")),
        found.gain(),
        found.verdict["outcome"],
        found.minutes(),
        found.minutes_in_all(),
        found.peak(),
        found.run["environment"]["number_type"],
    ]
    record("The demo", "benchmarks/demo.py", COLUMNS, row)


if __name__ == "__main__":
    main()
