"""How often whole simulated projects pass: at the margin, where that is wrong, and above it.

    python benchmarks/pipelines.py [--times 2000]

Writes a table into benchmarks/results.md.
"""

import argparse
import sys

import numpy as np
from results_table import HERE, record

sys.path.insert(0, str(HERE.parent / "tests"))
from simulated_pipelines import Pipeline, share_of_passes

COLUMNS = ("projects", "true gain", "margin", "passes", "Monte Carlo error", "looks", "number")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=2_000)
    times = parser.parse_args().times
    for metric in ("accuracy", "macro_f1"):
        for gain in (0.05, 0.15, 0.2, 0.25):
            pipeline = Pipeline(gain=gain, metric=metric)
            number = times if gain == pipeline.margin else max(1, times // 10)
            share = share_of_passes(pipeline, number)
            error = np.sqrt(max(share, 0.001) * (1 - share) / number)
            row = [
                f"{metric}, gain {100 * gain:.0f} points",
                f"{100 * gain:.0f}",
                f"{100 * pipeline.margin:.0f}",
                f"{share:.3f}",
                f"{error:.3f}",
                str(pipeline.candidates),
                str(number),
            ]
            record("Simulated projects", "benchmarks/pipelines.py", COLUMNS, row)


if __name__ == "__main__":
    main()
