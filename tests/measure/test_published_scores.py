"""Scores of the E2E challenge's 21 systems are the published ones.

BLEU and ROUGE-L of TGen stand in Dušek, Novikova and Rieser 2018, Findings of the E2E NLG Challenge
(arXiv:1810.01170); the other values are sacreBLEU's on the published outputs.
"""

import csv
import gzip
import io

import polars as pl
import pytest

from answers import answers
from surpass.measure.bootstrap import Levels, bootstrap_interval
from surpass.measure.metrics import metric
from surpass.measure.one_more import extended, grouped
from surpass.measure.scores import score

pytestmark = pytest.mark.shared

BLEU = {
    "slug": 66.19,
    "tgen": 65.93,
    "tnt1": 65.61,
    "zhang": 65.45,
    "nle": 65.34,
    "tnt2": 65.02,
    "harv": 64.96,
    "gong": 64.22,
    "tr1": 63.36,
    "slug-alt": 60.35,
    "sheff1": 60.15,
    "zhaw2": 60.04,
    "dangnt": 59.90,
    "zhaw1": 58.64,
    "chen": 58.59,
    "tuda": 56.57,
    "sheff2": 54.36,
    "adapt": 50.92,
    "forge3": 45.99,
    "forge1": 42.07,
    "tr2": 42.02,
}


@pytest.fixture(scope="module")
def systems(shared_data):
    """Answers of a system to all 630 inputs, with every reference."""
    references: dict[str, list[str]] = {}
    for row in table(shared_data / "e2e_nlg" / "testset_w_refs.csv.gz"):
        references.setdefault(row["mr"], []).append(row["ref"])

    def of(name):
        path = shared_data / "e2e_outputs" / "primary" / f"{name}.tsv.gz"
        rows = table(path, delimiter="\t", quoting=csv.QUOTE_NONE)
        bare = [{key.strip("\"'"): value.strip("\"'") for key, value in r.items()} for r in rows]
        texts = [references[row["MR"]] for row in bare]
        frame = answers([first for first, *_ in texts], [row["output"] for row in bare])
        others = pl.Series("references", [more for _, *more in texts], dtype=pl.List(pl.String))
        return frame.with_columns(others)

    return of


def table(path, **form):
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        return list(csv.DictReader(io.StringIO(file.read()), **form))


@pytest.mark.slow
def test_bleu_of_the_21_systems_and_their_order(systems):
    lowercase = metric("bleu", {"lowercase": True})
    ours = {name: 100 * score(lowercase, systems(name), ()) for name in BLEU}
    assert ours == pytest.approx(BLEU, abs=0.005)
    assert sorted(ours, key=ours.get, reverse=True) == list(BLEU)


def test_bleu_of_tgen_hangs_on_case(systems):
    frame = systems("tgen")
    assert 100 * score(metric("bleu", {"lowercase": True}), frame, ()) == pytest.approx(
        65.93, abs=0.005
    )
    assert 100 * score(metric("bleu"), frame, ()) == pytest.approx(62.13, abs=0.005)


def test_rouge_l_of_tgen_is_the_published_one_only_in_the_captioning_variant(systems):
    frame = systems("tgen")
    assert 100 * score(metric("rouge_l_coco"), frame, ()) == pytest.approx(68.50, abs=0.2)
    assert 100 * score(metric("rouge_l"), frame, ()) < 68


@pytest.mark.parametrize(
    ("name", "surely_worse"), [("slug", False), ("zhang", False), ("tr1", True)]
)
def test_a_quarter_of_a_bleu_point_is_noise_and_two_and_a_half_are_not(systems, name, surely_worse):
    """SacreBLEU's paired bootstrap against TGen gives p = .256, .174 and .001."""
    lowercase = metric("bleu", {"lowercase": True})
    frames = systems(name), systems("tgen")
    groups = grouped(frames[0])
    one, other = (extended(lowercase, frame, (), groups) for frame in frames)
    found = bootstrap_interval(one, other, groups, Levels(low=0.025, high=0.025, draws=2_000))
    assert found.low < 0
    assert (found.high < 0) == surely_worse
