"""Each method of tuning on the demo: score on valid with bounds, share, time, memory.

    python benchmarks/methods.py [--task record|intent] [--work FOLDER] [--only lora prefix ...]

The demo is made first if it is not in the work folder. Each method gets a copy of that project,
with its [tuning] replaced, so that seal, rows and instruction are the same. Only valid is scored:
nobody looks at the test. A method that is finished in the work folder is only read.
"""

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from results_table import HERE, record

from surpass.core.progress import Silent
from surpass.core.settings import Forgetting
from surpass.measure.bootstrap import Levels
from surpass.measure.intervals import score_bounds
from surpass.measure.metrics import metric as metric_named
from surpass.steps.evaluate import evaluate
from surpass.steps.forgetting import compare_losses
from surpass.steps.project import open_project

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
    "95 % bounds",
    "learns",
    "first and last loss",
    "general loss rises by",
    "training min",
    "processor min",
    "peak GB",
)
BOTH_SIDES = Levels(low=0.025, high=0.025)
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
    before = processor_seconds()
    run = told("train", project, "--over-budget")["data"]["run"]
    used = processor_seconds() - before
    scored = told("evaluate", project)["data"]
    metric, models = scored["metric"], scored["models"]
    share = run["trained_parameters"] / run["all_parameters"]
    row = [
        name,
        task,
        metric,
        *(f"{models[model]['scores'][metric]:.3f}" for model in ("zero-shot", "tuned")),
        bounds(project, metric),
        f"{share:.2%}",
        f"{run['first_loss']:.3f}, {run['last_loss']:.3f}",
        f"{forgotten(project):+.3f}",
        f"{run['seconds'] / 60:.1f}",
        f"{used / 60:.1f}",
        f"{run['peak_memory_bytes'] / 1e9:.1f}",
    ]
    record("Methods of tuning", "benchmarks/methods.py", COLUMNS, row)


def bounds(folder: Path, metric: str) -> str:
    """Of the tuned model's score on valid, by group; what a repeated call reads from the store."""
    found = evaluate(open_project(folder), "tuned", "valid", Silent())
    ends = score_bounds(metric_named(metric), found.predictions, found.labels, BOTH_SIDES)
    return f"{ends.low:.3f} to {ends.high:.3f}"


def forgotten(folder: Path) -> float:
    """Nats per token by which the loss on the package's general sample rose, mean over texts."""
    losses = compare_losses(open_project(folder), Forgetting(on="general"), "tuned", Silent())
    return float((losses.tuned.frame["loss"] - losses.base.frame["loss"]).mean())


def processor_seconds() -> float:
    """Of all commands so far: unlike the clock, other programs hardly change it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
