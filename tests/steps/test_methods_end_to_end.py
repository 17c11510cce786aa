"""Every method goes from settings to a verdict; what is written out goes through the same gate."""

import pytest

from small_projects import make_project
from surpass.core.progress import Silent
from surpass.steps.evaluate import evaluate
from surpass.steps.planning.plan import plan_account
from surpass.steps.seal import seal
from surpass.steps.train import train
from surpass.steps.verdict import verdict

METHODS = {
    "prefix": "virtual_tokens = 8",
    "full": "",
    "ia3": "",
    "dora": "rank = 4",
}


@pytest.mark.parametrize(
    "method",
    ["prefix", "full", *(pytest.param(one, marks=pytest.mark.slow) for one in ("ia3", "dora"))],
)
def test_a_method_goes_from_plan_to_verdict(tmp_path, tiny_base, method):
    more = f'\n[tuning]\nmethod = "{method}"\n{METHODS[method]}\n'
    project = make_project(tmp_path, tiny_base, more=more)
    account = plan_account(project)
    assert "numbers learn" in " ".join(account.text)
    seal(project)
    result = train(project, Silent())
    assert result.adapter.name == ("weights" if method == "full" else "adapter")
    found = evaluate(project, "tuned", "valid", Silent())
    base = evaluate(project, "zero-shot", "valid", Silent())
    assert found.record.environment == base.record.environment
    judged = verdict(project, Silent())
    assert judged.verdict.outcome in {"PASS", "FAIL", "INCONCLUSIVE"}
