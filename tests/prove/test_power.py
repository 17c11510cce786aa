import numpy as np
import pytest

from simulated import World, balanced, drawn
from surpass.core.settings import Criteria, Guard, Primary
from surpass.measure.bootstrap import Levels
from surpass.prove.bounds import gain
from surpass.prove.power import chance_of_pass


def criteria(margin=0.0, expect=0.15, metric="accuracy", **more):
    return Criteria(primary=(Primary(metric=metric, margin=margin, expect=expect),), **more)


def test_the_sentence_says_what_the_test_can_prove():
    found = chance_of_pass(criteria(margin=0.02), groups=310, rows=412)
    assert found.sentence.startswith(
        "412 rows in 310 groups: PASS is likely (80 %) if the true gain is "
    )
    assert "points or more; at the 15 points hoped for its chance is" in found.sentence
    assert 0.02 < found.smallest_gain < 0.3


def test_fewer_than_twenty_groups_prove_nothing():
    found = chance_of_pass(criteria(), groups=19, rows=5_000)
    assert (found.chance, found.smallest_gain) == (0, None)
    assert "nothing can be proved; a verdict needs 20 groups" in found.sentence


def test_a_mean_over_many_labels_needs_groups_for_each():
    labels = tuple(f"l{i}" for i in range(77))
    found = chance_of_pass(criteria(metric="macro_f1"), groups=300, rows=300, labels=labels)
    assert found.chance == 0
    assert "a verdict needs 385 groups" in found.sentence


def test_power_grows_with_groups_and_shrinks_with_margin_and_candidates():
    def chance(groups=100, margin=0.02, number=1):
        return chance_of_pass(
            criteria(margin=margin), groups=groups, rows=groups, candidate_number=number
        ).chance

    assert chance(groups=400) > chance(groups=200) > chance()
    assert chance(margin=0.05) < chance()
    assert chance(number=3) < chance(number=2) < chance()


def test_rows_of_the_same_groups_add_less_than_groups():
    few, many = (chance_of_pass(criteria(), groups=g, rows=400) for g in (40, 400))
    assert few.chance < many.chance


def test_all_gates_count_together():
    guard = Guard(metric="accuracy", margin=-0.05, level="proved")
    alone = chance_of_pass(criteria(), groups=300, rows=300)
    guarded = chance_of_pass(criteria(guard=(guard,)), groups=300, rows=300)
    assert guarded.chance == pytest.approx(alone.chance * guarded.gates[1].chance)
    assert guarded.gates[1].name == "guard: accuracy"


def test_a_small_pilot_is_not_trusted():
    pilot = next(drawn(World("accuracy", 10, 0.6, 0.7), 1, seed=0))
    without = chance_of_pass(criteria(), groups=100, rows=100)
    assert chance_of_pass(criteria(), groups=100, rows=100, pilot=pilot) == without


def test_two_baselines_that_agree_do_not_promise_certainty():
    frame, _ = next(drawn(World("accuracy", 100, 0.6, 0.7), 1, seed=0))
    found = chance_of_pass(criteria(expect=0.05), groups=60, rows=60, pilot=(frame, frame))
    assert found.chance < 0.9


@pytest.mark.parametrize(
    ("name", "shares", "shape"),
    [("accuracy", balanced(2), {}), ("macro_f1", balanced(3), {"size": 3, "alike": 0.3})],
)
def test_the_chance_that_a_pilot_promises_is_kept(name, shares, shape):
    world = World(name, 80, 0.6, 0.75, shares=shares, **shape)
    pilot = next(drawn(world._replace(groups=150), 1, seed=5))
    declared = criteria(metric=name, margin=0.02, expect=0.15)
    promised = chance_of_pass(
        declared, groups=80, rows=80 * world.size, pilot=pilot, labels=world.labels
    ).chance
    levels = Levels(low=0.025, high=0.05, draws=1_000)
    passed = [
        gain(world.chosen, *frames, world.labels, levels).low > 0.02
        for frames in drawn(world, 150, seed=6)
    ]
    assert promised == pytest.approx(np.mean(passed), abs=0.2)
