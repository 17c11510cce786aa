"""What the checks of the data find of planted defects, and what else they show: into results.md.

    python benchmarks/planted.py [--rows 4000] [--seeds 901 902 903] [--check NAME]

Three public sets of labels: SNIPS, Banking77 and commit subjects; two of written answers, E2E NLG
and GSM8K, of which answers are exchanged. The seeds are none that a check was written
with. Shares are in percent with Clopper-Pearson's 95 % interval. A find of `contradictions` is a
pair of which both rows are shown; `wrong_labels` is asked on the rows as they are, with the
mistakes they had before, and may say that it cannot tell.
"""

import argparse
import os
import sys
from functools import reduce
from pathlib import Path

from results_table import HERE, record

sys.path.insert(0, str(HERE.parent / "tests"))
from found_of_planted import Found, added, all_found, all_found_written, with_interval
from found_of_written import WRITTEN
from planted_defects import SETS

SHARED = Path(os.environ.get("SURPASS_SHARED", HERE.parents[1] / "shared" / "data"))
OF_TEXTS = "wrong_outputs"  # the check that labels have nothing for
SEEDS = (901, 902, 903)
COLUMNS = ("check, set, strength", "planted", "recall %", "shown", "precision %", "seeds")


def table_row(name: str, of_seeds: list[Found]) -> list[str]:
    """One check on one set, all seeds together."""
    one = reduce(added, of_seeds)
    first = ", ".join(filter(None, (one.check, name, one.strength)))
    if one.silent:
        said = f"cannot tell, {one.silent} of {len(of_seeds)} times"
        return [first, "", said, "", said, str(len(of_seeds))]
    return [
        first,
        f"{one.planted:,}",
        with_interval(one.found, one.planted),
        f"{one.shown:,}",
        with_interval(one.right, one.shown),
        str(len(of_seeds)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=4_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--check", default="")
    asked = parser.parse_args()
    for name, source in SETS.items() if asked.check != OF_TEXTS else ():
        rows = source(SHARED)
        for of_seeds in zip(
            *(all_found(rows, seed, asked.rows, asked.check) for seed in asked.seeds), strict=True
        ):
            row = table_row(name, list(of_seeds))
            record("Planted defects", "benchmarks/planted.py", COLUMNS, row)
    for name, source in WRITTEN.items():
        rows = source(SHARED)
        for of_seeds in zip(
            *(all_found_written(rows, seed, asked.rows, asked.check) for seed in asked.seeds),
            strict=True,
        ):
            row = table_row(name, list(of_seeds))
            record("Planted defects", "benchmarks/planted.py", COLUMNS, row)


if __name__ == "__main__":
    main()
