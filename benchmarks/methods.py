"""Each method of tuning on the demo: scores on valid, seconds, memory, share, into results.md.

    python benchmarks/methods.py [--task record|intent] [--work FOLDER] [--only lora prefix ...]

The demo is made first if it is not in the work folder. Each method gets a copy of that project,
with its [tuning] replaced, so that seal, rows and instruction are the same. Only valid is scored:
nobody looks at the test. A method that is finished in the work folder is only read.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from results_table import HERE, record

SURPASS = Path(sys.executable).with_name("surpass")
METHODS = {
    "lora": 'method = "lora"\nrank = 8',
    "lora rank 4": 'method = "lora"\nrank = 4',
    "rslora rank 64": 'method = "lora"\nrank = 64\nrslora = true',
    "pissa": 'method = "lora"\nrank = 8\ninit = "pissa"',
    "dora": 'method = "dora"\nrank = 8',
    "qlora": 'method = "qlora"\nrank = 8',
    "ia3": 'method = "ia3"',
    "prefix": 'method = "prefix"\nvirtual_tokens = 20',
    "prompt": 'method = "prompt"\nvirtual_tokens = 20',
    "ptuning": 'method = "ptuning"\nvirtual_tokens = 20',
    "full": 'method = "full"',
}
COLUMNS = (
    "method",
    "task",
    "metric",
    "zero-shot on valid",
    "tuned on valid",
    "learns",
    "first and last loss",
    "training min",
    "peak GB",
)
WORST = 2  # exit status: 0 to 2 are answers of a command


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--task", choices=("record", "intent"), default="record")
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--only", nargs="+", choices=sorted(METHODS), default=list(METHODS))
    asked = parser.parse_args()
    work = asked.work or HERE / "scratch" / f"methods-{asked.task}"
    demo = work / "demo"
    if not (demo / "surpass.toml").is_file():
        told("demo", demo, "--task", asked.task)
    for name in asked.only:
        measure(name, demo, work / name.replace(" ", "-"), asked.task)


def measure(name: str, demo: Path, project: Path, task: str) -> None:
    """Train one method in its copy of the project and record it."""
    if not project.is_dir():
        shutil.copytree(demo, project)
        settings = project / "surpass.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(with_tuning(text, METHODS[name]), encoding="utf-8")
    run = told("train", project, "--over-budget")["data"]["run"]
    scored = told("evaluate", project)["data"]
    metric, models = scored["metric"], scored["models"]
    share = run["trained_parameters"] / run["all_parameters"]
    row = [
        name,
        task,
        metric,
        *(f"{models[model]['scores'][metric]:.3f}" for model in ("zero-shot", "tuned")),
        f"{share:.2%}",
        f"{run['first_loss']:.3f}, {run['last_loss']:.3f}",
        f"{run['seconds'] / 60:.1f}",
        f"{run['peak_memory_bytes'] / 1e9:.1f}",
    ]
    record("Methods of tuning", "benchmarks/methods.py", COLUMNS, row)


def with_tuning(text: str, tuning: str) -> str:
    """The settings with another [tuning]; added where there is none."""
    section = f"[tuning]\n{tuning}\n\n"
    found, count = re.subn(r"^\[tuning\]\n(?:(?!\[).*\n)*", section, text, flags=re.MULTILINE)
    return found if count else f"{text.rstrip()}\n\n{section}"


def told(verb: str, folder: Path, *words: str) -> dict:
    """What a command says, as data; a status above 2 ends all."""
    done = subprocess.run(
        [SURPASS, verb, folder, *words, "--json"], stdout=subprocess.PIPE, check=False
    )
    if done.returncode > WORST:
        sys.exit(f"surpass {verb} {folder}: {done.stdout.decode()}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
