"""Personal data in public rows: rows a second, recall and wrong finds; ours beside Presidio.

    python benchmarks/personal_data.py [--rows 10000] [--rounds 3]

Rows of SNIPS, Banking77 and commit subjects, one in a hundred each with an invented e-mail address,
phone, card or account number or IP address, one in ten with what only looks like one. A row counts
as found if anything is found in it. Presidio runs its pattern recognisers for these five kinds with
an NLP engine that does nothing. It lives in a virtual environment of its own, made of
peers/presidio/requirements.txt:
python -m venv benchmarks/scratch/presidio
benchmarks/scratch/presidio/bin/pip install -r benchmarks/peers/presidio/requirements.txt
Without it only our own line is measured. The two take turns; the medians are shown.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from results_table import HERE, record

from surpass.text.personal_data import KIND, ROW, find_personal_data

sys.path.insert(0, str(HERE.parent / "tests"))
import planted_people as people
from planted_defects import SETS, Row, changed, rng

SHARED = Path(os.environ.get("SURPASS_SHARED", HERE.parents[1] / "shared" / "data"))
PEER = HERE / "scratch" / "presidio" / "bin" / "python"
SEED, SHARE, DECOYS = 911, 0.01, 0.1
COLUMNS = ("what", "rows a second", "processor s", "planted rows found", "other rows shown")
Found = tuple[float, float, set[int]]  # seconds, processor seconds, rows
THEIRS = """
import json, logging, sys, time
logging.disable(logging.CRITICAL)
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

class Blank(NlpEngine):
    def load(self): pass
    def is_loaded(self): return True
    def process_text(self, text, language): return NlpArtifacts([], [], [], [], self, language)
    def process_batch(self, texts, language, **more):
        return ((text, self.process_text(text, language)) for text in texts)
    def is_stopword(self, word, language): return False
    def is_punct(self, word, language): return False
    def get_supported_entities(self): return []
    def get_supported_languages(self): return ["en"]

with open(sys.argv[1], encoding="utf-8") as stream:
    texts = json.load(stream)
registry = RecognizerRegistry()
registry.load_predefined_recognizers(languages=["en"])
engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
kinds = ["EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS"]
look = lambda text: engine.analyze(text, language="en", entities=kinds)
look("warm up 020 7946 0958 jane@example.org")
started, spent = time.perf_counter(), time.process_time()
found = [place for place, text in enumerate(texts) if look(text)]
print(json.dumps([time.perf_counter() - started, time.process_time() - spent, found]))
"""


def planted(count: int) -> list[Row]:
    """Rows of the three sets with every kind in a share of them."""
    draw = rng(SEED, "personal benchmark")
    rows = [Row(*row) for source in SETS.values() for row in source(SHARED) if row[0]]
    rows = draw.sample(rows, count)

    def told(value: Callable) -> Callable:
        return lambda row: row._replace(text=people.put_into(row.text, value(draw), draw))

    rows = [row._replace(planted=None) for row in changed(rows, told(people.decoy), DECOYS, draw)]
    for make in people.KINDS.values():
        free = [place for place, row in enumerate(rows) if row.planted is None]
        made = changed([rows[place] for place in free], told(make), SHARE, draw)
        for place, row in zip(free, made, strict=True):
            rows[place] = row
    return rows


def ours(texts: list[str]) -> Found:
    series = pl.Series(texts)
    started, spent = time.perf_counter(), time.process_time()
    found = find_personal_data(series)
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    kinds = found.filter(pl.col(KIND).is_in(list(people.KINDS)))
    return seconds, spent, set(kinds[ROW])


def theirs(texts: list[str]) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(texts), encoding="utf-8")
        command = [str(PEER), "-c", THEIRS, str(path)]
        done = subprocess.run(command, capture_output=True, check=True)
    seconds, spent, rows = json.loads(done.stdout.splitlines()[-1])
    return seconds, spent, set(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    rows = planted(asked.rows)
    texts = [row.text for row in rows]
    sides = {"surpass": lambda: ours(texts)}
    if PEER.exists():
        sides["presidio 2.2.366, patterns"] = lambda: theirs(texts)
    ours(texts[:100])  # the first call reads the libraries
    turns = [{name: side() for name, side in sides.items()} for _ in range(asked.rounds)]
    wanted = {place for place, row in enumerate(rows) if row.planted is not None}
    for name in sides:
        found = turns[0][name][2]
        seconds = statistics.median(turn[name][0] for turn in turns)
        spent = statistics.median(turn[name][1] for turn in turns)
        row = [
            f"{name}, {len(texts):,} rows",
            f"{len(texts) / seconds:,.0f}",
            f"{spent:.3f}",
            f"{len(found & wanted):,} of {len(wanted):,}",
            f"{len(found - wanted):,}",
        ]
        record("Personal data", "benchmarks/personal_data.py", COLUMNS, row)


if __name__ == "__main__":
    main()
