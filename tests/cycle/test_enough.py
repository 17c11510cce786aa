from contextlib import suppress

import pytest
from long_tail import long_tail_project

from small_projects import make_project
from surpass.core.account import Standing
from surpass.core.errors import BadInput, CannotTell, Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Opening
from surpass.cycle.enough import Asked, Ears, enough, enough_account

NOBODY = Ears(Silent(), lambda _: False)
AGREED = Ears(Silent(), lambda _: True)


class Told:
    """Keeps what is begun; a kill comes when so many pieces of work were."""

    def __init__(self, kill_at=None):
        self.begun, self._kill_at = [], kill_at

    def start(self, what, total):
        self.begun.append(what)
        if len(self.begun) == self._kill_at:
            raise KeyboardInterrupt

    def advance(self, done, note=""):
        pass

    def finish(self):
        pass


def trainings(told):
    return [what for what in told.begun if " seed " in what and "on valid" not in what]


def test_the_proxy_answers_with_a_curve_and_leaves_the_test_sealed(long_tail):
    account = enough_account(long_tail, Asked(target=0.75, price_per_row=0.5), NOBODY)
    data = account.data
    assert data.tier == "proxy"
    assert [point.rows for point in data.points] == sorted(point.rows for point in data.points)
    assert data.points[-1].rows == 4 * data.rows
    assert data.gain_of_100[1] <= data.gain_of_100[0] <= data.gain_of_100[2]
    assert "linear model on words" in " ".join(account.text)
    assert not list(long_tail.ledger.bodies(Opening))


def test_a_second_call_trains_nothing(long_tail):
    enough(long_tail, Asked(target=0.75), NOBODY)
    told = Told()
    first = enough(long_tail, Asked(target=0.75), Ears(told, lambda _: False))
    assert told.begun == []
    again = enough(long_tail, Asked(target=0.6), Ears(told, lambda _: False))
    assert (first.scores == again.scores).all()
    assert first.curve.law.errors_at(500) == again.curve.law.errors_at(500)


def test_more_seeds_keep_the_trainings_of_fewer(long_tail):
    enough(long_tail, Asked(target=0.75), NOBODY)
    told = Told()
    found = enough(long_tail, Asked(target=0.75, seeds=4), Ears(told, lambda _: False))
    assert len(told.begun) == found.curve.sizes.size
    assert all("seed 3" in what for what in told.begun)


def test_a_proxy_that_is_killed_goes_on_where_it_was(tmp_path, tiny_base):
    project = long_tail_project(tmp_path, tiny_base, count=200)
    with pytest.raises(KeyboardInterrupt):
        enough(project, Asked(target=0.75), Ears(Told(kill_at=8), lambda _: False))
    told = Told()
    with suppress(CannotTell):  # so few rows may show no fall; every size was trained
        enough(project, Asked(target=0.75), Ears(told, lambda _: False))
    assert len(told.begun) == 24 - 7


def test_the_real_tier_says_what_it_costs_and_trains_only_when_told(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    bills = []
    with pytest.raises(Refused, match="Nothing was trained"):
        enough(project, Asked(tier="real"), Ears(Silent(), bills.append))
    assert bills[0].trainings == 15
    assert bills[0].seconds > 0
    assert not project.objects.revisions("curve-run")


@pytest.mark.slow
def test_a_real_tier_that_is_killed_repeats_no_training(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    killed, told = Told(kill_at=6), Told()
    with pytest.raises(KeyboardInterrupt):
        enough(project, Asked(tier="real"), Ears(killed, lambda _: True))
    kept = {digest for digest, _ in project.objects.revisions("curve-run")}
    assert kept
    with suppress(CannotTell):  # two layers of noise learn nothing; every size was trained
        enough(project, Asked(tier="real"), Ears(told, lambda _: True))
    after = {digest for digest, _ in project.objects.revisions("curve-run")}
    assert kept < after
    assert len(after) == 15
    assert len(trainings(told)) == 15 - len(kept)
    assert not list(project.ledger.bodies(Opening))


@pytest.mark.parametrize("kind", ["extract", "generate"])
def test_the_proxy_says_plainly_that_it_has_no_answer_for_texts(tmp_path, tiny_base, kind):
    project = make_project(tmp_path, tiny_base, kind=kind, output="record")
    with pytest.raises(CannotTell, match=f"not available here.*kind {kind}.*--tier real"):
        enough(project, Asked(), NOBODY)


def test_too_few_rows_are_refused_before_anything_is_trained(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, count=60)
    with pytest.raises(CannotTell, match="a learning curve needs 80"):
        enough(project, Asked(target=0.5), NOBODY)
    assert not project.objects.revisions("curve")


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (Asked(target=1.0), "--target 1 is no share"),
        (Asked(target=0.0), "--target 0 is no share"),
        (Asked(target=80.0), "--target 80 is no share"),
        (Asked(target=float("nan")), "--target nan is no share"),
        (Asked(target=0.5, seeds=2), "--seeds 2 is out of range"),
        (Asked(target=0.5, seeds=51), "--seeds 51 is out of range"),
        (Asked(target=0.5, price_per_row=-1.0), "--price-per-row -1 is out of range"),
        (Asked(target=0.5, price_per_row=float("nan")), "--price-per-row nan is out of range"),
    ],
)
def test_impossible_options_are_refused_by_name(long_tail, asked, what):
    with pytest.raises(BadInput, match=what):
        enough(long_tail, asked, NOBODY)


def test_a_target_that_is_met_holds_and_one_far_off_cannot_be_told(long_tail):
    met = enough_account(long_tail, Asked(target=0.36), NOBODY)
    far = enough_account(long_tail, Asked(target=0.999), NOBODY)
    assert met.standing is Standing.HOLDS
    assert far.standing in (Standing.CANNOT_TELL, Standing.DOES_NOT_HOLD)
    assert far.data.rows_needed is None
