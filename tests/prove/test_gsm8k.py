"""Published model answers to GSM8K: accuracies, and which models are surely better than others."""

import gzip
import json

import pytest

from answers import answers
from surpass.measure.bootstrap import Levels
from surpass.measure.metrics import metric
from surpass.measure.scores import score
from surpass.prove.bounds import gain

pytestmark = pytest.mark.shared

LEVELS = Levels(low=0.025, high=0.025, draws=10_000)


NAMES = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


@pytest.fixture(scope="module")
def rows(shared_data):
    path = shared_data / "gsm8k" / "example_model_solutions.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@pytest.fixture(scope="module")
def models(rows):
    """Predictions of the four models: the worked-out number against the expected one."""
    truth = [_number(row["ground_truth"]) for row in rows]
    return {name: answers(truth, [_number(r[name]["solution"]) for r in rows]) for name in NAMES}


def _number(solution: str) -> str:
    return solution.rpartition("####")[2].strip() or "none"


@pytest.mark.parametrize("name", NAMES)
def test_accuracy_is_the_published_one(rows, models, name):
    published = sum(row[name]["is_correct"] for row in rows) / len(rows)
    assert score(metric("number_match"), models[name], ()) == pytest.approx(published, abs=1e-9)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("6b_verification", "6b_finetuning"),
        ("175b_verification", "175b_finetuning"),
        ("175b_finetuning", "6b_finetuning"),
        ("6b_verification", "175b_finetuning"),
    ],
)
def test_verification_and_size_both_surely_help(models, better, worse):
    found = gain(metric("number_match"), models[better], models[worse], (), LEVELS)
    assert found.low > 0
    back = gain(metric("number_match"), models[worse], models[better], (), LEVELS)
    assert back.high < 0
