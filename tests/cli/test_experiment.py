"""`surpass experiment` at the command line: what it says, and its exit status."""

import json

import msgspec
import pytest

from simulated_experiments import CHALLENGER, CHAMPION, MODELS, Model, begun, project_with, traffic
from surpass.core.records.experiment import ExperimentData

START = ("--challenger", "new", "--champion", "old", "--primary", "solved", "--share", "0.1")


def test_the_whole_way_of_one_experiment(tmp_path, surpass):
    project_with(tmp_path)
    status, out, _ = surpass("experiment", "start", tmp_path, *START)
    assert status == 0
    assert "new has 10% of the units" in out
    assert surpass("experiment", "ramp", "0.5", tmp_path)[0] == 0
    status, out, err = surpass("experiment", "status", tmp_path)
    assert status == 2
    assert "nothing was served yet" in err
    assert surpass("experiment", "ramp", "0.2", tmp_path)[0] == 3


@pytest.mark.parametrize(("solved", "status"), [(0.8, 0), (0.6, 2), (0.35, 1)])
def test_the_exit_status_is_the_answer(tmp_path, surpass, solved, status):
    project = project_with(tmp_path)
    begun(project)
    models = {CHAMPION: Model(), CHALLENGER: Model(solved=solved)}
    traffic(project, models, units=900)
    found, out, _ = surpass("experiment", "status", tmp_path, "--json")
    said = json.loads(out)
    assert found == status, said["headline"]
    record = msgspec.convert(said["data"], ExperimentData)
    assert set(said["data"]) == set(record.__struct_fields__)
    assert record.challenger == MODELS[CHALLENGER]
    found, out, err = surpass("experiment", "stop", tmp_path, "--promote")
    assert found == (0 if status == 0 else 3), out + err
    if status == 2:
        assert surpass("experiment", "stop", tmp_path)[0] == 3
        assert surpass("experiment", "stop", tmp_path, "--reason", "holidays")[0] == 2


def test_without_an_experiment_it_says_how_to_begin(tmp_path, surpass):
    project_with(tmp_path)
    status, out, _ = surpass("experiment", "status", tmp_path)
    assert status == 0
    assert "No experiment was started yet" in out


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\x1b[31mred", "\u202eevil"])
def test_names_from_elsewhere_stay_text(tmp_path, surpass, name):
    project_with(tmp_path)
    words = ("--challenger", name, "--champion", "old", "--primary", name)
    status, out, _ = surpass("experiment", "start", tmp_path, *words)
    assert status == 0
    assert "\x1b[31m" not in out
    assert "\u202e" not in out


def test_a_log_is_imported(tmp_path, surpass):
    project_with(tmp_path)
    log = tmp_path / "log.jsonl"
    log.write_text(
        '{"id":"a","created":1760000000,"model":"m","choices":[{}],"user":"u"}\n', encoding="utf-8"
    )
    status, out, _ = surpass("experiment", "import", log, tmp_path)
    assert status == 0
    assert "1 request and 0 votes" in out
