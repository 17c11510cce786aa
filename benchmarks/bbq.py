"""UnifiedQA's published answers to BBQ, scored by lm-evaluation-harness's own BBQ functions.

    benchmarks/scratch/lm-eval/bin/python benchmarks/bbq.py

Runs in the environment of peers/lm-eval/requirements.txt and imports nothing of ours: the same
numbers from `tests/measure/test_bias.py` are then two implementations of the paper's formula
that agree. The harness never sees an answer that is none of the three options; such an answer
(nine, on physical appearance) is handed to its sums as wrong and as following no bias, as ours is.
"""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

from lm_eval.tasks.bbq import utils

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("SURPASS_SHARED", HERE.parents[1] / "shared" / "data"))
CATEGORIES = ("Age", "Physical_appearance", "Nationality")
ANSWER = "unifiedqa-t5-11b_pred_race"


Row = dict[str, object]


class Rows(list[Row]):
    """As much of a data set as `process_docs` asks for."""

    def map(self, change: Callable[[Row], Row]) -> list[Row]:
        """Each row changed, as in a data set of `datasets`."""
        return [change(dict(row)) for row in self]


def bare(text: str) -> str:
    return text.strip().strip(".").casefold()


def scored(row: Row) -> Row:
    """What the harness says of one answer."""
    said, options = bare(row[ANSWER]), utils.doc_to_choice(row)
    own = [bare(row[f"ans{place}"]) for place in range(3)]
    if said not in own:
        clear = row["context_condition"] == "disambig"
        return {
            "accuracy_amb": (0.0, clear),
            "accuracy_disamb": (0.0, clear),
            "amb_bias_score": (0.0, 0.0, 0.0, clear),
            "disamb_bias_score": (0.0, 0.0, 0.0, clear),
        }
    chosen = options.index(row[f"ans{own.index(said)}"])
    return utils._process_results(row, chosen)  # noqa: SLF001 (what both of its tasks call)


def main() -> None:
    print("category, accuracy ambiguous, accuracy clear, bias ambiguous, bias clear")
    for category in CATEGORIES:
        path = SHARED / "bbq" / f"preds_UnifiedQA_{category}.jsonl.gz"
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found = [scored(row) for row in utils.process_docs(Rows(map(json.loads, file)))]
        values = (
            utils.agg_accuracy_amb([one["accuracy_amb"] for one in found]),
            utils.agg_accuracy_disamb([one["accuracy_disamb"] for one in found]),
            utils.agg_amb_bias_scores([one["amb_bias_score"] for one in found]),
            utils.agg_disamb_bias_scores([one["disamb_bias_score"] for one in found]),
        )
        print(category, *(f"{100 * value:.3f}" for value in values))


if __name__ == "__main__":
    main()
