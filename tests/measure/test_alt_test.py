"""The alternative annotator test: worked examples, a plain second writing, and what must hold."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import ttest_1samp

from surpass.core.errors import CannotTell
from surpass.measure.alt_test import EPSILON, alt_test

VALUES = ("tuned", "base", "tie")


def people(count: int, items: int, right: float, seed: int = 0) -> tuple[pl.DataFrame, list[str]]:
    """So many people who find the truth of each item with this chance, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(VALUES, items)
    rows = [
        (f"i{item}", f"p{person}", noisy(truth[item], right, rng))
        for item in range(items)
        for person in range(count)
    ]
    return pl.DataFrame(rows, schema=["item", "rater", "value"], orient="row"), list(truth)


def noisy(value: str, right: float, rng: np.random.Generator) -> str:
    return str(value if rng.random() < right else rng.choice(VALUES))


def judge(truth: list[str], right: float, seed: int = 1) -> dict[str, str]:
    rng = np.random.default_rng(seed)
    return {f"i{item}": noisy(value, right, rng) for item, value in enumerate(truth)}


def by_hand(said: pl.DataFrame, judged: dict[str, str], epsilon: float) -> tuple[float, float]:
    """The procedure of the paper's section 3 written down a second time, in plain loops."""
    rows = said.rows()
    p_values, closer = [], []
    for person in sorted({rater for _, rater, _ in rows}):
        ahead, wins = [], []
        for item, _, own in (row for row in rows if row[1] == person):
            others = [value for i, rater, value in rows if i == item and rater != person]
            if not others:
                continue
            of_judge = sum(value == judged[item] for value in others) / len(others)
            of_person = sum(value == own for value in others) / len(others)
            wins.append(of_judge >= of_person)
            ahead.append(int(of_person >= of_judge) - int(of_judge >= of_person))
        p_values.append(ttest_1samp(ahead, epsilon, alternative="less").pvalue)
        closer.append(sum(wins) / len(wins))
    order, people = sorted(p_values), len(p_values)
    harmonic = sum(1 / k for k in range(1, people + 1))
    held = [k for k in range(people) if order[k] <= (k + 1) / people * 0.05 / harmonic]
    return (held[-1] + 1 if held else 0) / people, sum(closer) / people


@pytest.mark.parametrize("epsilon", EPSILON.values())
@pytest.mark.parametrize(("of_people", "of_judge"), [(0.6, 0.9), (0.7, 0.6), (0.9, 0.3)])
def test_a_second_writing_of_the_procedure_finds_the_same(epsilon, of_people, of_judge):
    said, truth = people(5, 60, of_people)
    judged = judge(truth, of_judge)
    found = alt_test(said, judged, "value", epsilon=epsilon)
    assert (found.omega, found.advantage) == pytest.approx(by_hand(said, judged, epsilon))
    assert (found.people, found.items) == (5, 60)


def test_one_more_of_the_same_people_may_stand_in_and_one_who_guesses_may_not():
    said, truth = people(4, 200, 0.8)
    assert alt_test(said, judge(truth, 0.95), "value", epsilon=0.15).passed
    guesser = alt_test(said, judge(truth, 0.0), "value", epsilon=0.15)
    assert (guesser.passed, guesser.omega) == (False, 0.0)


def test_a_worked_example_without_any_noise():
    """Three people who always agree. A judge that agrees too is never behind: each person's lead
    is 0 everywhere, below epsilon. One that never agrees is always behind."""
    said, truth = people(3, 30, 1.0)
    agrees = alt_test(said, judge(truth, 1.0), "value", epsilon=0.1)
    assert (agrees.omega, agrees.advantage) == (1.0, 1.0)
    never = dict.fromkeys(judge(truth, 1.0), "neither")
    differs = alt_test(said, never, "value", epsilon=0.1)
    assert (differs.omega, differs.advantage) == (0.0, 0.0)


def test_a_greater_epsilon_never_makes_the_judge_lose():
    said, truth = people(6, 50, 0.6)
    judged = judge(truth, 0.55)
    omegas = [alt_test(said, judged, "value", epsilon=one / 20).omega for one in range(1, 10)]
    assert omegas == sorted(omegas)


def test_a_judge_that_is_worse_by_epsilon_rarely_passes():
    """At the edge of the claim every person is ahead by epsilon: at most 5 % pass, and chance."""
    passed = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        # The two others agree; the person agrees with them always, the judge in 85 %.
        said, truth = people(3, 100, 1.0, seed)
        judged = {f"i{n}": v if rng.random() < 0.85 else "no" for n, v in enumerate(truth)}
        passed += alt_test(said, judged, "value", epsilon=0.15).passed
    assert passed / 200 <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 200)


@pytest.mark.parametrize(("count", "items"), [(2, 100), (5, 29)])
def test_two_people_or_too_few_items_cannot_tell(count, items):
    said, truth = people(count, items, 0.8)
    with pytest.raises(CannotTell, match="the test needs 3"):
        alt_test(said, judge(truth, 0.9), "value", epsilon=0.2)


def test_items_that_one_person_or_no_judge_has_seen_do_not_count():
    said, truth = people(3, 80, 0.8)
    alone = pl.DataFrame({"item": ["x"], "rater": ["p0"], "value": ["tie"]})
    judged = judge(truth, 0.8)
    more = pl.concat([said, alone])
    assert alt_test(more, judged | {"x": "tie"}, "value", epsilon=0.2) == alt_test(
        said, judged, "value", epsilon=0.2
    )
    assert alt_test(said, dict(list(judged.items())[:40]), "value", epsilon=0.2).items == 40
