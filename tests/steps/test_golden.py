"""Results change only with their stage's REVISION: raise it when a golden value changes."""

import numpy as np
import polars as pl
import pytest

from small_projects import make_project
from surpass.core.digest import digest_record
from surpass.core.progress import Silent
from surpass.core.settings import Criteria, Primary
from surpass.prove.bench import Answers
from surpass.prove.verdict import judge
from surpass.steps import answer_recipe, dataset, evaluate, split, train, verdict
from surpass.steps.seal import seal


def predictions(right, groups):
    return pl.DataFrame(
        {
            "row": [f"r{i:03}" for i in range(len(right))],
            "group": [f"g{g}" for g in groups],
            "input": "x",
            "target": "yes",
            "answer": np.where(right, "yes", "no"),
            "status": "ok",
        }
    )


def test_the_split_of_the_same_rows(tmp_path, tiny_base):
    made = split.current_split(make_project(tmp_path, tiny_base))
    sides = [sorted(side["row"]) for side in (made.train, made.valid)]
    assert (dataset.REVISION, split.REVISION, digest_record(sides)[:16]) == (
        1,
        2,
        "802c89028ab1ac93",
    )


def test_the_losses_of_the_same_run(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    seal(project)
    run = train.train(project, Silent()).run
    assert train.REVISION == 1
    assert [run.first_loss, run.last_loss] == pytest.approx([9.5384, 10.5736], abs=2e-3)


def test_the_scores_of_the_same_baseline(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    record = evaluate.evaluate(project, "linear", "valid", Silent()).record
    assert answer_recipe.REVISION == 2
    assert record.scores == pytest.approx({"macro_f1": 1.0, "accuracy": 1.0, "auc": 1.0})


def test_the_bounds_of_the_same_predictions():
    draw = np.random.default_rng(0)
    groups = draw.integers(0, 60, 150)
    base = predictions(draw.random(150) < 0.5, groups)
    tuned = predictions(draw.random(150) < 0.8, groups)
    judged = judge(
        Criteria(primary=(Primary(metric="accuracy", margin=0.05),)),
        Answers(tuned, {"few-shot": base}, "few-shot", ("yes", "no")),
        candidate_number=1,
    )
    bounds = judged.gates[0].bounds
    assert verdict.REVISION == 1
    assert [bounds.estimate, bounds.low, bounds.high] == pytest.approx(
        [0.3533, 0.2075, 0.4500], abs=5e-4
    )
