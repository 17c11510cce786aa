"""One model asked twice, in other batches."""

import pytest

from small_projects import make_project
from surpass.core.progress import Silent
from surpass.core.records.decisions import Opening
from surpass.steps.evaluate import evaluate
from surpass.steps.noise_floor import noise_floor

MORE = "\n[split]\nvalid_share = 0.4\n"


@pytest.mark.parametrize(("kind", "output"), [("classify", "label"), ("extract", "record")])
def test_the_same_rows_are_asked_twice_and_what_changed_is_kept(tmp_path, tiny_base, kind, output):
    project = make_project(tmp_path, tiny_base, kind=kind, output=output, count=120, more=MORE)
    valid = evaluate(project, "zero-shot", "valid", Silent())
    found = noise_floor(project, (valid,), Silent())
    assert (found.model, found.rows) == ("zero-shot", min(100, valid.record.rows))
    assert 0 <= found.changed <= found.rows
    assert found.first == pytest.approx(next(iter(valid.record.scores.values())))
    assert found.second == pytest.approx(found.first, abs=0.1)
    assert noise_floor(project, (valid,), Silent()) == found
    assert len(project.objects.newest("noise")) == 1
    assert not project.ledger.bodies(Opening)


def test_what_has_no_batches_is_passed_over(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base, more=MORE)
    linear, few = (evaluate(project, name, "valid", Silent()) for name in ("linear", "few-shot"))
    assert noise_floor(project, (linear,), Silent()) is None
    assert noise_floor(project, (linear, few), Silent()).model == "few-shot"
