"""What counts for a unit: its own window, its own arm, whatever the model that answered."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from msgspec import structs

from simulated_experiments import (
    CHALLENGER,
    CHAMPION,
    MODELS,
    NOW,
    Model,
    Visit,
    asked,
    begun,
    met,
    project_with,
    ramped,
    traffic,
    vote,
    written,
)
from surpass.core.errors import BadInput
from surpass.core.records.journal import Finished, Started
from surpass.serve.capture import digest_name
from surpass.steps.experimenting.running import last_experiment
from surpass.steps.experimenting.standing import standing_of
from surpass.steps.experimenting.verbs import experiment_status

DAY = timedelta(days=1)


def some(one, count, *, days_ago=3.0, arm=None, share=0.5):
    """Units that met the experiment, every second one with the challenger."""
    for number in range(count):
        chosen = arm or (CHAMPION, CHALLENGER)[number % 2]
        yield Visit(one.started, f"user-{number}", chosen, share, NOW - days_ago * DAY)


def seen(project, kpi=None):
    return standing_of(project, last_experiment(project), NOW, kpi)


def test_a_unit_counts_once_its_window_is_over(project):
    one = begun(project)
    visits = [*some(one, 60, days_ago=3), *some(one, 200, days_ago=0.5)]
    written(project, [met(visit) for visit in visits])
    found = seen(project)
    assert (found.primary.band.champion_units, found.primary.band.challenger_units) == (30, 30)
    assert found.waiting == 140


def test_feedback_counts_within_the_window_alone(project):
    one = begun(project)
    visits = list(some(one, 90))
    early = [vote(v.unit, "solved", 1.0, v.at + timedelta(hours=23)) for v in visits[:30]]
    late = [vote(v.unit, "solved", 1.0, v.at + timedelta(hours=25)) for v in visits[30:60]]
    before = [vote(v.unit, "solved", 1.0, v.at - timedelta(hours=1)) for v in visits[60:]]
    written(project, [*map(met, visits), *early, *late, *before])
    band = seen(project).primary.band
    assert band.champion == pytest.approx(15 / 45)
    assert band.challenger == pytest.approx(15 / 45)


def test_a_request_that_pins_a_release_is_left_out_with_its_feedback(project):
    one = begun(project)
    visits = list(some(one, 60))
    pinned = []
    for visit in visits:
        name = f"pin-{visit.unit}"
        at = visit.at + timedelta(hours=1)
        pinned += [
            Started(
                request=name,
                task="tickets",
                at=at,
                unit=visit.unit,
                model=MODELS[CHAMPION],
                release=MODELS[CHAMPION],
            ),
            Finished(request=name, status="failed"),
        ]
    votes = [
        structs.replace(
            vote(v.unit, "solved", 1.0, v.at + timedelta(hours=2)), request=f"pin-{v.unit}"
        )
        for v in visits
    ]
    rng = np.random.default_rng(0)
    fine = [entry for visit in visits for entry in asked(visit, 0, "finished", rng)]
    written(project, [*map(met, visits), *fine, *pinned])
    written(project, votes)
    found = seen(project)
    assert found.primary.band.champion == 0
    assert found.guards[0].band.champion == 0


def test_a_unit_stays_in_its_arm_when_another_model_had_to_answer(project):
    """Intention to treat: the fallback's success is the challenger's failure to be there."""
    one = begun(project)
    visits = list(some(one, 60, arm=CHALLENGER)) + [
        Visit(one.started, f"other-{n}", CHAMPION, 0.5, NOW - 3 * DAY) for n in range(60)
    ]
    rng = np.random.default_rng(0)
    entries = [entry for v in visits[:60] for entry in asked(v, 0, "finished", rng)]
    served = [
        structs.replace(e, release=MODELS[CHAMPION]) if isinstance(e, Started) else e
        for e in entries
    ]
    written(project, [*map(met, visits), *served])
    assert seen(project).primary.band.challenger_units == 60


def test_a_window_that_reaches_over_a_ramp_counts_for_neither_share(project):
    begun(project, share=0.2)
    one = ramped(project, 0.5, days=3)
    visits = [*some(one, 50, days_ago=5, share=0.2), *some(one, 100, days_ago=3.5, share=0.2)]
    written(project, [met(visit) for visit in visits[:50]])
    written(project, [met(visit) for visit in visits[50:]])
    band = seen(project).primary.band
    assert band.champion_units + band.challenger_units == 50


def test_a_period_shorter_than_the_window_is_said_to_tell_nothing(project):
    begun(project, share=0.2, days=3)
    ramped(project, 0.5, days=2.5)
    traffic(project, {CHAMPION: Model(), CHALLENGER: Model()}, units=50, days=2)
    (warning,) = [w for w in experiment_status(project, None).warnings if "20%" in w]
    assert "tells nothing" in warning


KPI = """
[experiment.metrics.orders]
source = "kpi"
value = "orders"
[experiment.metrics.basket]
source = "kpi"
value = "revenue"
per = "orders"
[experiment.metrics.bought]
source = "kpi"
value = "orders"
low = 0.0
high = 1.0
"""


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_number_of_yours_is_joined_by_unit_and_moment(tmp_path, suffix):
    project = project_with(tmp_path, KPI)
    one = begun(project, primary="orders")
    visits = list(some(one, 80))
    written(project, [met(visit) for visit in visits])
    rows = pl.DataFrame(
        {
            "unit": [v.unit for v in visits[:40] for _ in range(2)],
            "at": [(v.at + hours).isoformat() for v in visits[:40] for hours in (DAY / 2, 2 * DAY)],
            "orders": [1, 100] * 40,
        }
    )
    file = tmp_path / f"kpi.{suffix}"
    {"csv": rows.write_csv, "jsonl": rows.write_ndjson, "parquet": rows.write_parquet}[suffix](file)
    band = seen(project, file).primary.band
    assert band.champion == pytest.approx(20 / 40)  # the second order was after the window
    assert band.challenger_units == 40  # who ordered nothing is 0, not absent


def test_a_ratio_of_yours_leaves_out_who_has_nothing_below_the_line(tmp_path):
    project = project_with(tmp_path, KPI)
    one = begun(project, primary="basket")
    visits = list(some(one, 100))
    written(project, [met(visit) for visit in visits])
    file = tmp_path / "kpi.csv"
    pl.DataFrame(
        {
            "unit": [v.unit for v in visits[:60]],
            "at": [v.at.isoformat() for v in visits[:60]],
            "orders": [1, 2, 3] * 20,
            "revenue": [10.0, 20.5, 30.0] * 20,
        }
    ).write_csv(file)
    band = seen(project, file).primary.band
    assert band.champion_units == 30
    assert 10 < band.champion < 10.25


def test_units_outside_the_declared_limits_are_refused(tmp_path):
    project = project_with(tmp_path, KPI)
    one = begun(project, primary="bought")
    visits = list(some(one, 60))
    written(project, [met(visit) for visit in visits])
    file = tmp_path / "kpi.csv"
    at = visits[0].at.isoformat()
    file.write_text(f"unit,at,orders\nuser-0,{at},1\nuser-0,{at},1\n", encoding="utf-8")
    with pytest.raises(BadInput, match="1 of 60 units lie outside 0 to 1"):
        seen(project, file)


def test_an_address_is_found_under_the_digest_that_the_journal_has(tmp_path):
    project = project_with(tmp_path, KPI)
    one = begun(project, primary="orders")
    names = [f"anna{n}@example.org" for n in range(60)]
    visits = [
        Visit(one.started, digest_name(name), (CHAMPION, CHALLENGER)[n % 2], 0.5, NOW - 3 * DAY)
        for n, name in enumerate(names)
    ]
    written(project, [met(visit) for visit in visits])
    file = tmp_path / "kpi.csv"
    pl.DataFrame({"unit": names, "at": [v.at.isoformat() for v in visits], "orders": 3}).write_csv(
        file
    )
    # Everybody bought three: nothing varies, and that is said.
    assert "same for every unit" in seen(project, file).primary.band.unknown


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("kpi.xlsx", "", "no KPI file"),
        ("kpi.csv", "", "cannot be read"),
        ("kpi.csv", "unit,orders\na,1\n", "no column `at`"),
        ("kpi.csv", "unit,at,orders\na,yesterday,1\n", "does not hold moments"),
        ("kpi.csv", "unit,at,orders\na,2026-11-01T00:00:00Z,many\n", "no column of numbers"),
        ("kpi.csv", "unit,at,sales\na,2026-11-01T00:00:00Z,1\n", "no column of numbers"),
        ("kpi.jsonl", "{nonsense\n", "cannot be read"),
    ],
)
def test_a_kpi_file_that_is_none_is_refused_in_one_sentence(tmp_path, name, content, told):
    project = project_with(tmp_path, KPI)
    one = begun(project, primary="orders")
    written(project, [met(visit) for visit in some(one, 2)])
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        seen(project, file)


def test_without_the_file_the_number_is_unknown_and_not_zero(tmp_path):
    project = project_with(tmp_path, KPI)
    one = begun(project, primary="orders")
    written(project, [met(visit) for visit in some(one, 2)])
    band = seen(project).primary.band
    assert band.gain is None
    assert "--kpi FILE" in band.unknown


def test_history_makes_the_band_narrower(tmp_path):
    """What units bought before the start explains most of what they buy."""
    project = project_with(tmp_path, KPI)
    one = begun(project, primary="orders")
    visits = list(some(one, 400))
    written(project, [met(visit) for visit in visits])
    rng = np.random.default_rng(0)
    usual = rng.gamma(2, 5, 400)
    during = pl.DataFrame(
        {
            "unit": [v.unit for v in visits],
            "at": [v.at.isoformat() for v in visits],
            "orders": usual + rng.normal(0, 1, 400),
        }
    )
    before = during.with_columns(
        pl.lit((NOW - 20 * DAY).isoformat()).alias("at"), pl.Series("orders", usual)
    )
    widths = []
    for rows in (during, pl.concat([before, during])):
        rows.write_csv(tmp_path / "kpi.csv")
        band = seen(project, tmp_path / "kpi.csv").primary.band
        widths.append(band.high - band.low)
    assert widths[1] < 0.4 * widths[0]
