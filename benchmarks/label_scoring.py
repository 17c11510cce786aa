"""Items a second when 77 labels are scored behind each prompt: ours beside lm-evaluation-harness.

python benchmarks/label_scoring.py [ITEMS] [ROUNDS] [WORDING]    of Banking77 (default 6, 5, short)

WORDING is `short`, a prompt of some 40 tokens, which favours the peer, or `standard`, our own
instruction, which names all labels: 15 times as long, so take one or two items. The same built-in
base, prompts, labels and float32 on both sides, two threads each. No end token behind the labels,
since the harness scores none. The peer lives in a virtual environment of its own, made of
peers/lm-eval/requirements.txt:
python -m venv benchmarks/scratch/lm-eval
benchmarks/scratch/lm-eval/bin/pip install -r benchmarks/peers/lm-eval/requirements.txt
Without it only our own line is measured. The two take turns, each a process of its own; the
seconds are those of scoring, without starting and loading; the medians are shown. Processor
seconds tell more than items a second where other work runs beside.
"""

import csv
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from results_table import HERE, record

from surpass.core.progress import Silent
from surpass.model.find import find_base
from surpass.model.likelihood import score_labels
from surpass.model.load import load, read_tokenizer
from surpass.model.smollm2 import NAME
from surpass.model.template import encode_prompt
from surpass.steps.project import DEFAULT_INSTRUCTIONS

SHARED = Path(os.environ.get("SURPASS_SHARED", HERE.parents[1] / "shared" / "data"))
PEER = HERE / "scratch" / "lm-eval" / "bin" / "python"
SHORT = "What does the customer of a bank want? Answer with one label."
THREADS, PEER_BATCH = 2, 16
OURS = "surpass"
COLUMNS = ("what", "items a second", "slowest", "processor s an item", "answers as ours")
Found = tuple[list[float], float, float]  # scores, seconds, processor seconds
THEIRS = """
import json, sys, time
import torch
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM

asked = json.load(sys.stdin)
torch.set_num_threads(asked["threads"])
model = HFLM(asked["folder"], device="cpu", dtype="float32", batch_size=asked["batch"])
pairs = [(prompt, label) for prompt in asked["prompts"] for label in asked["labels"]]
requests = [
    Instance("loglikelihood", {}, pair, number) for number, pair in enumerate(pairs)
]
started, spent = time.perf_counter(), time.process_time()
found = model.loglikelihood(requests, disable_tqdm=True)
seconds, spent = time.perf_counter() - started, time.process_time() - spent
print(json.dumps([[one for one, _ in found], seconds, spent]))
"""


def question(items: int, wording: str) -> dict:
    """What both sides are asked, as texts whose tokens do not merge where prompt meets label."""
    with (SHARED / "banking77" / "test.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    labels = sorted({row["category"] for row in rows})
    folder = find_base(NAME, HERE).folder
    tokenizer = read_tokenizer(folder)
    texts = [row["text"] for row in random.Random(0).sample(rows, items)]
    instruction = SHORT
    if wording == "standard":
        instruction = DEFAULT_INSTRUCTIONS["classify"].replace("{labels}", ", ".join(labels))
    prompts = [tokenizer.decode(encode_prompt(tokenizer, instruction, [], one)) for one in texts]
    for prompt, label in zip(prompts * len(labels), labels * len(prompts), strict=True):
        if _tokens(tokenizer, prompt + label) != [
            *_tokens(tokenizer, prompt),
            *_tokens(tokenizer, label),
        ]:
            sys.exit(f"The tokens of {label!r} merge with those of its prompt.")
    return {
        "folder": str(folder),
        "prompts": prompts,
        "labels": labels,
        "threads": THREADS,
        "batch": PEER_BATCH,
    }


def ours(asked: dict) -> Found:
    """Every label behind every prompt, as the peer has them."""
    loaded = load(find_base(NAME, HERE), "float32", threads=asked["threads"])
    started, spent = time.perf_counter(), time.process_time()
    prompts, labels = (
        [_tokens(loaded.tokenizer, text) for text in asked[kind]] for kind in ("prompts", "labels")
    )
    found = score_labels(loaded, prompts, labels, progress=Silent())
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    return found.sums.reshape(-1).tolist(), seconds, spent


def main() -> None:
    given = sys.argv[1:]
    items, rounds = (*map(int, given[:2]), *(6, 5)[len(given[:2]) :])
    wording = given[2] if len(given) > 2 else "short"
    asked = question(items, wording)
    sides = {OURS: [sys.executable, __file__, "--ours"]}
    if PEER.exists():
        sides["lm-eval 0.4.13"] = [str(PEER), "-c", THEIRS]
    turns = [{name: _run(command, asked) for name, command in sides.items()} for _ in range(rounds)]
    for name in sides:
        taken = [turn[name][1] for turn in turns]
        row = [
            f"{name}, {items} items, {len(asked['labels'])} labels, {wording} prompt",
            f"{items / statistics.median(taken):.3f}",
            f"{items / max(taken):.3f}",
            f"{statistics.median(turn[name][2] for turn in turns) / items:.2f}",
            "" if name == OURS else _agreement(turns[0][OURS][0], turns[0][name][0], items),
        ]
        record("Label scoring", "benchmarks/label_scoring.py", COLUMNS, row)


def _agreement(ours: list[float], theirs: list[float], items: int) -> str:
    """Items with the same label, margins between the two labels of others, how far scores differ.

    The harness counts the line break before a label as part of it: the same for all labels of an
    item, so scores are compared less their mean.
    """
    one, other = (
        scores - scores.mean(axis=1, keepdims=True)
        for scores in (np.array(side).reshape(items, -1) for side in (ours, theirs))
    )
    chosen, wanted = one.argmax(axis=1), other.argmax(axis=1)
    rows = np.arange(items)
    margins = (other[rows, wanted] - other[rows, chosen])[chosen != wanted]
    apart = f", margins {', '.join(f'{m:.1e}' for m in margins)}" if margins.size else ""
    same = (chosen == wanted).sum()
    return f"{same} of {items}{apart}, scores within {np.abs(one - other).max():.1e}"


def _run(command: list[str], asked: dict) -> Found:
    done = subprocess.run(
        command, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True
    )
    scores, seconds, spent = json.loads(done.stdout.splitlines()[-1])
    return scores, seconds, spent


def _tokens(tokenizer, text: str) -> list[int]:  # noqa: ANN001 (the model room's type)
    return tokenizer(text, add_special_tokens=False)["input_ids"]


if __name__ == "__main__":
    if sys.argv[1:] == ["--ours"]:
        print(json.dumps(ours(json.load(sys.stdin))))
    else:
        main()
