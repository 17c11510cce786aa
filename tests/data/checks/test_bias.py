import random

import pytest

from surpass.core.errors import BadInput
from surpass.core.settings import Classify, Data, Settings
from surpass.core.settings.fairness import Fairness
from surpass.data.checks import bias, run_checks
from surpass.data.checks.beside import Beside


def found(frame, kind="classify", slices=(), **options):
    return bias.find(frame, bias.Options(**options), kind, Beside(slices=slices))


def rows(examples, count, seed, rate_of):
    """Applications of two genders to two desks; each is taken at a rate of its own."""
    draw = random.Random(seed)
    gender = [draw.choice(["f", "m"]) for _ in range(count)]
    desk = [draw.choices(["law", "arts"], [3, 1] if g == "m" else [1, 3])[0] for g in gender]
    taken = [
        "yes" if draw.random() < rate_of(g, d) else "no" for g, d in zip(gender, desk, strict=True)
    ]
    texts = [f"application {n} to {d}" for n, d in enumerate(desk)]
    return examples(texts, taken, gender=gender, desk=desk)


def test_nothing_declared_cannot_be_told(examples, varied):
    assert found(examples(varied)).state == "cannot tell"
    assert found(examples(varied[:9], gender=["f"] * 9), slices=("gender",)).state == "cannot tell"
    assert found(examples([]), swaps=("he=she",)).state == "cannot tell"


@pytest.mark.parametrize("seed", range(61, 66))
def test_a_planted_gap_is_found_and_none_where_there_is_none(examples, seed):
    unfair = rows(examples, 900, seed, lambda g, _: 0.5 if g == "m" else 0.3)
    fair = rows(examples, 900, seed, lambda _g, _d: 0.4)
    result = found(unfair, slices=("gender",))
    assert "gender = 'f' gets 'no'" in result.summary or "gender = 'f' gets 'yes'" in result.summary
    assert found(fair, slices=("gender",)).state == "clear"


def test_a_factor_that_explains_the_gap_takes_it_away(examples):
    frame = rows(examples, 2000, 67, lambda _, d: 0.7 if d == "law" else 0.2)
    assert found(frame, groups=("gender",)).state == "found"
    assert found(frame, groups=("gender",), factors=("desk",)).state == "clear"


def test_many_groups_without_gaps_are_seldom_called(examples):
    """Benjamini-Hochberg over 10 groups: a family without gaps speaks at most at its level."""
    called, times = 0, 60
    for seed in range(times):
        draw = random.Random(1000 + seed)
        labels = [draw.choice(["yes", "no"]) for _ in range(600)]
        town = [f"t{draw.randrange(10)}" for _ in range(600)]
        frame = examples([f"text {n}" for n in range(600)], labels, town=town)
        called += found(frame, groups=("town",), smallest_gap=0.01, fewest_rows=20).state == "found"
    assert called / times <= 0.05 + 4 * (0.05 * 0.95 / times) ** 0.5


def test_shares_are_held_against_the_declared_ones(examples, varied):
    frame = examples(varied, gender=["f"] * 15 + ["m"] * 45)
    result = found(frame, reference=("gender=f:0.5",))
    assert "gender = 'f' is 25.0% of the rows" in result.summary
    assert found(frame, reference=("gender=f:0.25", "gender=m:0.75")).state == "clear"
    assert found(frame, reference=("gender=x:0.2",)).rows == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"reference": ("gender",)}, "cannot be read"),
        ({"reference": ("gender=f:7",)}, "cannot be read"),
        ({"reference": ("age=old:0.5",)}, "no column 'age'"),
        ({"swaps": ("he",)}, "is no pair"),
    ],
)
def test_options_that_cannot_be_read_are_refused(examples, varied, options, said):
    with pytest.raises(BadInput, match=said):
        found(examples(varied, gender=["f"] * 60), **options)


def test_twins_with_another_answer_are_found_and_swapped_answers_are_none(examples):
    asked = ["She lost her card.", "he lost HIS card.", "He is late.", "She is late.", "It is."]
    swaps = ("he=she", "his=her")
    result = found(examples(asked, ["block", "wait", "late", "late", "x"]), swaps=swaps)
    assert result.evidence.select("row", "partner").rows() == [("r1", "r2")]
    answers = ["Block her card.", "Block his card.", "a", "a", "x"]
    assert found(examples(asked, answers), "generate", swaps=swaps).state == "clear"


def test_groups_and_swaps_come_from_the_fairness_section(examples):
    frame = examples(["He is late.", "She is late."], ["a", "b"])
    settings = Settings(
        task=Classify(name="t"),
        data=Data(train=("x",)),
        fairness=Fairness(swaps={"he": "she"}, groups=("gender",)),
    )
    results = {result.check: result for result in run_checks(frame, settings)}
    assert results["bias"].rows == 1
