"""What the statistics say of two published sets of human judgements; docs/rating.md tells of it."""

import gzip
import itertools
import json

import polars as pl
import pytest
from scipy.stats import spearmanr

from surpass.measure.agreement import UNCLEAR, krippendorff_alpha
from surpass.measure.preference import length_bias, position_bias
from surpass.measure.preference_ranking import bradley_terry
from surpass.measure.raters import with_model

pytestmark = pytest.mark.shared

SIDES = ("left", "tie", "right")


@pytest.fixture(scope="module")
def llmfao(shared_data):
    """Folder of 59 models, judged in pairs by a crowd and by two models."""
    return shared_data / "llmfao_pairs"


@pytest.fixture(scope="module")
def crowd(llmfao) -> pl.DataFrame:
    frame = judged(llmfao, "crowd")
    names = {one["id"]: one["name"] for one in lines(llmfao / "models.jsonl.gz")}
    length = {
        (str(pair["id"]), names[pair[f"model_{side}"]]): len(pair[f"result_{side}"])
        for pair in lines(llmfao / "pairs-crowd.jsonl.gz")
        for side in "xy"
    }
    return frame.with_columns(
        pl.Series(
            f"{side}_characters",
            [length[key] for key in zip(frame["item"], frame[side], strict=True)],
        )
        for side in ("left", "right")
    )


@pytest.fixture(scope="module", params=[("quality", "quality"), ("naturalness", "natur")])
def e2e(request, shared_data) -> tuple[str, pl.DataFrame, list[bool]]:
    """Name of the question; scores of five answers side by side as comparisons; whether equal
    answers got equal scores."""
    name, column = request.param
    file = shared_data / "e2e_outputs" / f"human_{name}.csv.gz"
    rows, equal = [], []
    for task in pl.read_csv(file, infer_schema=False).iter_rows(named=True):
        for one, other in itertools.combinations(range(1, 6), 2):
            if task[f"ref{one}"] == task[f"ref{other}"]:
                equal.append(task[f"{column}{one}"] == task[f"{column}{other}"])
                continue
            a, b = (float(task[f"{column}{n}"]) for n in (one, other))
            rows.append(
                (
                    f"{task['_unit_id']}-{one}-{other}",
                    task["_worker_id"],
                    task[f"sys{one}"],
                    task[f"sys{other}"],
                    "left" if a > b else "right" if b > a else "tie",
                    len(task[f"ref{one}"]),
                    len(task[f"ref{other}"]),
                )
            )
    names = ["item", "rater", "left", "right", "choice", "left_characters", "right_characters"]
    return name, pl.DataFrame(rows, schema=names, orient="row"), equal


def lines(path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def judged(folder, by: str) -> pl.DataFrame:
    frame = pl.read_csv(folder / f"{by}-comparisons.csv.gz")
    rater = pl.col("worker").cast(pl.String) if "worker" in frame.columns else pl.lit(by)
    return frame.select(
        pl.col("id").cast(pl.String).alias("item"),
        rater.alias("rater"),
        "left",
        "right",
        pl.col("winner").alias("choice"),
    )


def test_the_crowd_agrees_on_winners_and_not_on_what_is_a_tie(crowd):
    all_said = krippendorff_alpha(with_model(crowd), "model", draws=100)
    decided = crowd.filter(pl.col("choice") != "tie")
    assert (crowd.height, all_said.people) == (8931, 124)
    assert (crowd["choice"] == "tie").sum() == 3471
    assert all_said.alpha == pytest.approx(0.440, abs=0.001)
    assert UNCLEAR < all_said.low < all_said.alpha < all_said.high
    agreed = krippendorff_alpha(with_model(decided), "model", draws=100)
    assert agreed.alpha == pytest.approx(0.677, abs=0.001)


def test_people_lean_left_a_little_and_one_judge_leans_a_lot(llmfao, crowd):
    people = position_bias(crowd, draws=300)
    judge = position_bias(judged(llmfao, "gpt3"), draws=300)
    other = position_bias(judged(llmfao, "gpt4"), draws=300)
    assert people.estimate == pytest.approx(0.535, abs=0.001)
    assert judge.estimate == pytest.approx(0.672, abs=0.001)
    assert judge.low > people.high
    assert other.high < 0.5


def test_the_crowd_does_not_pay_for_length(crowd):
    bias = length_bias(crowd)
    assert bias.low < 1 < bias.high


def test_judges_order_the_models_much_as_the_crowd_does(llmfao, crowd):
    strengths = {one.model: one.share for one in bradley_terry(crowd, draws=10)}
    assert len(strengths) == 59
    assert next(iter(strengths)) == "GPT 4"
    for judge in ("gpt3", "gpt4"):
        theirs = {one.model: one.share for one in bradley_terry(judged(llmfao, judge), draws=2)}
        rank = spearmanr([*strengths.values()], [theirs[name] for name in strengths]).statistic
        assert 0.68 < rank < 0.76


def test_scores_side_by_side_agree_too_little_to_be_relied_on(e2e):
    name, frame, _ = e2e
    found = krippendorff_alpha(frame, "choice", order=SIDES, draws=100)
    assert found.alpha == pytest.approx({"quality": 0.185, "naturalness": 0.125}[name], abs=0.001)
    assert found.high < UNCLEAR


def test_equal_answers_do_not_always_get_equal_scores(e2e):
    name, _, equal = e2e
    assert (sum(equal), len(equal)) == {"quality": (160, 188), "naturalness": (229, 282)}[name]


def test_longer_answers_are_better_but_less_natural(e2e):
    """The longer ones say more of what was to be said: a length effect need not be a bias."""
    name, frame, _ = e2e
    bias = length_bias(frame)
    if name == "quality":
        assert 3.9 < bias.low < bias.odds_ratio < bias.high < 4.8
    else:
        assert 0.33 < bias.low < bias.odds_ratio < bias.high < 0.42


def test_the_best_model_depends_on_the_question(e2e):
    name, frame, _ = e2e
    order = [one.model for one in bradley_terry(frame, draws=2)]
    assert len(order) == 21
    if name == "quality":
        assert order[:2] == ["tuda", "slug"]
        assert order[-2:] == ["chen", "sheff2"]
    else:
        assert order[:3] == ["sheff2", "slug", "chen"]
