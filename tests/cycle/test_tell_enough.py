import numpy as np
import pytest

from simulated_curves import Truth, measured
from surpass.core.account import Standing
from surpass.cycle.enough import Asked, Bill, Found
from surpass.cycle.enough_goal import Goal
from surpass.cycle.tell_enough import bill_account, told
from surpass.measure.learning_curve import Measured, fit_curve
from surpass.measure.metrics import metric
from surpass.show.as_json import to_json

NOISY = measured(Truth(floor=0.05, scale=0.25, exponent=0.5, run_noise=0.3), 1)
SIZES = np.array([100.0, 200.0, 400.0, 800.0, 1600.0])
EXACT = Measured(
    SIZES, np.tile(0.05 + 0.2 * (SIZES / 400) ** -0.5, (3, 1)), np.zeros((50, 5)), 1600
)

LEVEL = Measured(SIZES, np.tile(0.2 + 0.2 * (SIZES / 400) ** -1.0, (3, 1)), np.zeros((50, 5)), 1600)


def found(score, of=EXACT, **asked):
    goal = Goal(metric("macro_f1"), score, "as said")
    return Found(fit_curve(of), goal, Asked(target=score, **asked), 1 - of.errors, 400, ())


@pytest.mark.parametrize(
    ("of", "score", "standing", "words"),
    [
        (EXACT, 0.65, Standing.HOLDS, "About 177 rows for 65.0 % of macro F1"),
        (EXACT, 0.89, Standing.DOES_NOT_HOLD, "About 5,"),
        (EXACT, 0.94, Standing.CANNOT_TELL, "Cannot tell how many rows 94.0 % of macro F1 takes"),
        (LEVEL, 0.93, Standing.DOES_NOT_HOLD, "93.0 % of macro F1 is not reachable with more"),
    ],
)
def test_the_headline_and_the_status_answer_the_target(of, score, standing, words):
    account = told(found(score, of=of))
    assert account.standing is standing
    assert account.headline.startswith(words)
    assert "1,600" in account.headline


def test_without_a_target_the_gain_is_told_and_why_there_is_none():
    one = found(None)._replace(goal=Goal(metric("macro_f1"), None, "no rung is scored"))
    account = told(one)
    assert account.standing is Standing.DONE
    assert account.headline.startswith("100 rows more bring +0.3 points of macro F1")
    assert account.warnings == ("There is no target: no rung is scored.",)
    assert account.data.rows_needed is None


def test_both_tiers_are_named_for_what_they_are():
    proxy, real = (" ".join(told(found(0.87, tier=tier)).text) for tier in ("proxy", "real"))
    assert "Proxy tier: this is how a linear model" in proxy
    assert "Real tier: the declared model was trained" in real


def test_a_price_is_that_of_the_rows_still_to_be_labelled():
    account = told(found(0.87, price_per_row=0.5))
    values = {fact.label: fact.value for fact in account.facts}
    assert account.data.price == 0.5 * (account.data.rows_needed - 1600)
    assert values["price of the rows"] == f"{account.data.price:,.2f}"
    assert "price of a point" in values
    assert told(found(0.87)).data.price is None
    assert told(found(0.70, price_per_row=0.5)).data.price == 0


def test_a_loss_is_told_as_a_loss():
    """A metric where less is better: its score is the error itself."""
    goal = Goal(metric("brier"), 0.13, "as said")
    one = Found(fit_curve(EXACT), goal, Asked(target=0.13), EXACT.errors, 400, ())
    scores = [point.fitted for point in told(one).data.points]
    assert scores == sorted(scores, reverse=True)
    assert told(one).data.rows_needed == pytest.approx(2500, rel=0.1)


def test_the_figure_has_all_points_the_band_and_the_target():
    figure = told(found(0.8, of=NOISY)).chapters[0].figures[0]
    trained = [value for value in figure.lines["trained"] if value is not None]
    assert trained == pytest.approx(1 - NOISY.errors.mean(axis=0))
    assert figure.line == 0.8
    assert all(
        low <= value <= high
        for low, value, high in zip(figure.low, figure.lines["power law"], figure.high, strict=True)
    )
    assert max(figure.x) == 4 * NOISY.pool


def test_the_account_is_json():
    assert '"reach":"needed"' in to_json(told(found(0.87))).replace(" ", "")


@pytest.mark.parametrize(
    ("bill", "words"),
    [
        (Bill(15, 0, 1200.0, 60.0), "15 trainings to do, 20.0 min predicted."),
        (Bill(1, 14, 30.0, None), "1 training to do, 30 s predicted."),
        (Bill(15, 0, None, None), "15 trainings to do, \u2013 predicted."),
    ],
)
def test_a_bill_says_what_is_to_come(bill, words):
    account = bill_account(bill, Asked(tier="real"))
    assert account.headline == words
    assert account.next_command == "surpass enough --tier real --yes"
    assert ("14 trainings of an earlier call stay." in account.text) == (bill.stored == 14)
