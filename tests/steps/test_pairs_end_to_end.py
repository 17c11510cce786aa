"""Learning from pairs goes the way of every other run: seal, train, evaluate, verdict."""

import pytest

from small_projects import make_project
from surpass.core.errors import CannotTell
from surpass.core.progress import Silent
from surpass.steps.budget import require_budget
from surpass.steps.evaluate import evaluate
from surpass.steps.merge import merge
from surpass.steps.planning.plan import plan_account, predicted_cost
from surpass.steps.seal import seal
from surpass.steps.tell.run import run_account
from surpass.steps.train import train
from surpass.steps.verdict import verdict

pytest.importorskip("trl")
PAIRS = """
[training.pairs]
objective = "dpo"
rejected = "label"
"""


def test_pairs_go_from_seal_to_verdict(tmp_path, tiny_base):
    project = make_project(
        tmp_path, tiny_base, kind="generate", output="record", count=80, more=PAIRS
    )
    seal(project)
    with pytest.raises(CannotTell, match="Run `surpass train`"):
        plan_account(project)
    require_budget(project)
    result = train(project, Silent())
    assert result.run.pairs.objective == "dpo"
    told = run_account(result, predicted_cost(project), project.settings.tuning)
    assert "leans further to the better answer than the base" in " ".join(told.text)
    assert train(project, Silent()) == result
    found = evaluate(project, "tuned", "valid", Silent())
    base = evaluate(project, "zero-shot", "valid", Silent())
    assert found.record.environment == base.record.environment
    assert verdict(project, Silent()).verdict.outcome in {"PASS", "FAIL", "INCONCLUSIVE"}
    merged = merge(project, tmp_path / "merged")
    assert merged.data.same_tokens == merged.data.tokens
