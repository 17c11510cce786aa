"""Near duplicates from texts to pairs: seconds, memory and recall; ours beside datasketch.

    python benchmarks/near_duplicates.py [--sizes 10000 100000 1000000] [--peer 100000] [--rounds 3]

Synthetic documents of 12 to 40 words, words as frequent as in prose (Zipf), a tenth of them copies
and a tenth with 1 to 3 words changed or added. Truth: of up to 20,000 documents all are compared
with all; of more, what was planted, each pair's Jaccard counted plainly. Every pair that is found
is counted plainly, too. Each size runs in a process of its own, so its memory is that of this size.

datasketch makes the same shingles (runs of three words), 128 permutations, a MinHashLSH with the
threshold 0.8 and its own choice of bands; it does not verify what it finds. It lives in a virtual
environment of its own, made of peers/datasketch/requirements.txt:
python -m venv benchmarks/scratch/datasketch
benchmarks/scratch/datasketch/bin/pip install -r benchmarks/peers/datasketch/requirements.txt
Without it only our own lines are measured. The two take turns; the medians are shown.
"""

import argparse
import itertools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from results_table import HERE, record

from surpass.text.near_duplicates import LEFT, NEAR_DUPLICATE, RIGHT, near_duplicates

sys.path.insert(0, str(HERE.parent / "tests"))
from all_pairs import all_pairs, plain_jaccard

PEER = HERE / "scratch" / "datasketch" / "bin" / "python"
SHORTEST, LONGEST = 12, 40  # words of a document
SYLLABLES = ("bdfgklmnprst", "aeiou", "bdfgklmnprst", "aeiou", "bdfgklmnst")
VOCABULARY = 36_000  # words of one letter of each
MOST_COMPARED = 20_000  # documents of which all are compared with all
COLUMNS = (
    "what",
    "median s",
    "processor s",
    "peak GB",
    "recall %",
    "false pairs",
    "in another order",
)
Pairs = set[tuple[int, int]]
THEIRS = """
import json, re, sys, time
from datasketch import MinHash, MinHashLSH

with open(sys.argv[1], encoding="utf-8") as stream:
    texts = json.load(stream)
started, spent = time.perf_counter(), time.process_time()
sets = []
for text in texts:
    words = re.findall(r"\\w+", text.lower())
    runs = {" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)}
    sets.append(list(runs))
lsh = MinHashLSH(threshold=0.8, num_perm=128)
made = MinHash.bulk(sets, num_perm=128)
pairs = []
for place, one in enumerate(made):
    pairs += [(other, place) for other in lsh.query(one)]
    lsh.insert(place, one, check_duplication=False)
seconds, spent = time.perf_counter() - started, time.process_time() - spent
print(json.dumps([seconds, spent, pairs]))
"""


def documents(count: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Texts in random order, and the places of each copy and its original."""
    rng = np.random.default_rng(0)
    often = 1 / np.arange(1, VOCABULARY + 1)
    sizes = rng.integers(SHORTEST, LONGEST + 1, count)
    words = rng.choice(VOCABULARY, sizes.sum(), p=often / often.sum())
    texts = np.split(words, np.cumsum(sizes)[:-1])
    twins = rng.permutation(count)[: 2 * (count // 10) * 2].reshape(2, -1)
    for number, (original, copy) in enumerate(twins.T):
        texts[copy] = _edited(texts[original], number, rng)
    names = ["".join(word) for word in itertools.product(*SYLLABLES)]
    made = [" ".join([names[word] for word in text]) for text in texts]
    return made, [(min(pair), max(pair)) for pair in twins.T.tolist()]


def _edited(words: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """A copy: every second as it is, every fourth with words changed, every fourth with more."""
    other = words.copy()
    some = rng.integers(0, VOCABULARY, rng.integers(1, 4))
    if number % 4 == 1:
        other[rng.integers(0, other.size, some.size)] = some
    return np.concatenate([other, some]) if number % 4 == 3 else other


def true_pairs(texts: list[str], planted: list[tuple[int, int]]) -> Pairs:
    if len(texts) <= MOST_COMPARED:
        return set(all_pairs(texts, NEAR_DUPLICATE))
    return {pair for pair in planted if _near(texts, pair)}


def ours(path: Path) -> tuple[float, float, Pairs, float, bool]:
    """In a process of its own: seconds, processor seconds, pairs, GB, same in another order."""
    command = [sys.executable, __file__, "--ours", str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    seconds, spent, memory, same = json.loads(done.stdout)
    pairs = pl.read_parquet(path.with_suffix(".parquet"))
    return seconds, spent, set(pairs.iter_rows()), memory, same


def ours_alone(path: Path) -> None:
    """The child of `ours`; reads texts, writes pairs beside them."""
    texts = pl.Series(json.loads(path.read_text(encoding="utf-8")))
    started, spent = time.perf_counter(), time.process_time()
    pairs = near_duplicates(texts).select(LEFT, RIGHT)
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pairs.write_parquet(path.with_suffix(".parquet"))
    order = np.random.default_rng(1).permutation(texts.len())
    again = near_duplicates(texts.gather(order))
    mixed = {
        (min(pair), max(pair))
        for pair in zip(order[again[LEFT]].tolist(), order[again[RIGHT]].tolist(), strict=True)
    }
    print(json.dumps([seconds, spent, kilobytes / 1e6, mixed == set(pairs.iter_rows())]))


def theirs(path: Path) -> tuple[float, float, Pairs]:
    command = [str(PEER), "-c", THEIRS, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    seconds, spent, pairs = json.loads(done.stdout)
    return seconds, spent, {tuple(pair) for pair in pairs}


def measure(count: int, rounds: int, *, with_peer: bool) -> None:
    """One line in the results for us, and one for the peer."""
    texts, planted = documents(count)
    truth = true_pairs(texts, planted)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(texts), encoding="utf-8")
        mine, peers = [], []
        for _ in range(rounds):
            mine.append(ours(path))
            peers += [theirs(path)] if with_peer else []
    told = "yes" if all(turn[4] for turn in mine) else "NO"
    memory = f"{max(turn[3] for turn in mine):.2f}"
    _write(f"surpass, {count:,} documents", mine, texts, truth, (memory, told))
    if peers:
        _write(f"datasketch 2.0.0, {count:,} documents", peers, texts, truth, ("", ""))


def _write(what: str, turns: list, texts: list[str], truth: Pairs, shown: tuple[str, str]) -> None:
    found = turns[0][2]
    false = sum(not _near(texts, pair) for pair in found)
    row = [
        what,
        f"{statistics.median(turn[0] for turn in turns):.2f}",
        f"{statistics.median(turn[1] for turn in turns):.2f}",
        shown[0],
        f"{100 * len(found & truth) / len(truth):.3f} of {len(truth):,}",
        f"{false:,} of {len(found):,}",
        shown[1],
    ]
    record("Near duplicates", "benchmarks/near_duplicates.py", COLUMNS, row)


def _near(texts: list[str], pair: tuple[int, int]) -> bool:
    return plain_jaccard(texts[pair[0]], texts[pair[1]]) >= NEAR_DUPLICATE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=(10_000, 100_000, 1_000_000))
    parser.add_argument("--peer", type=int, default=100_000, help="largest size of the peer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ours:
        ours_alone(asked.ours)
        return
    for count in asked.sizes:
        rounds = asked.rounds if count <= asked.peer else 1
        measure(count, rounds, with_peer=PEER.exists() and count <= asked.peer)


if __name__ == "__main__":
    main()
