"""Models behind an endpoint stand on the ladder, and are judged against each other."""

import pytest

from endpoints import served
from small_projects import make_project
from surpass.core.errors import BadInput, Refused
from surpass.core.progress import Silent
from surpass.core.records.verdict import Outcome
from surpass.steps.evaluate import evaluate
from surpass.steps.ladder import rungs_of
from surpass.steps.seal import seal
from surpass.steps.verdict import verdict

WORDS = {
    "outage": "dead dark gone silent offline dropped lost nothing blank cut",
    "bill": "charged invoice refund pounds twice money paid owed credit debit",
}
LADDER = """
[ladder]
rungs = ["zero-shot", "endpoint:base"]
[ladder.endpoints.base]
url = "{url}"
model = "plain"
[ladder.endpoints.tuned]
url = "{url}"
model = "tuned"
input_price = 1.0
output_price = 2.0
shots = 1
[[criteria.primary]]
metric = "macro_f1"
against = "endpoint:base"
margin = 0.05
"""


def knowing(text):
    """A model that knows the words of two labels and takes all else for the third."""
    return next(
        (
            label.upper() + "."
            for label, words in WORDS.items()
            if set(text.split()) & set(words.split())
        ),
        "move",
    )


@pytest.fixture
def server(socket_enabled):
    with served(lambda text: "bill") as state:
        original = state.answer

        def by_model(text):
            return knowing(text) if state.tuned else original(text)

        state.tuned = False
        state.answer = by_model
        yield state


def test_two_models_of_one_endpoint_get_a_verdict(tmp_path, tiny_base, server):
    project = make_project(tmp_path, tiny_base, count=240, more=LADDER.format(url=server.url))
    seal(project)
    evaluate(project, "endpoint:base", "valid", Silent())
    evaluate(project, "endpoint:base", "test", Silent())
    server.tuned = True
    judged = verdict(project, Silent(), "endpoint:tuned")
    assert judged.verdict.outcome is Outcome.PASS
    row = judged.tuned.predictions.row(0, named=True)
    assert row["cost"] == pytest.approx(100e-6 + 20e-6)
    assert row["seconds"] > 0
    assert judged.verdict.candidate_number == 1


def test_an_endpoint_is_not_compared_with_our_own_engine(tmp_path, tiny_base, server):
    more = LADDER.format(url=server.url).replace(
        'against = "endpoint:base"', 'against = "zero-shot"'
    )
    project = make_project(tmp_path, tiny_base, count=240, more=more)
    seal(project)
    with pytest.raises(Refused, match=r"environments|same engine"):
        verdict(project, Silent(), "endpoint:tuned")


def test_an_endpoint_that_is_not_there_is_named(tmp_path, tiny_base):
    more = '[ladder]\nrungs = ["endpoint:x"]\n'
    with pytest.raises(BadInput, match="no endpoint `x`"):
        rungs_of(make_project(tmp_path, tiny_base, more=more))


def test_a_missing_key_is_named_and_never_shown(tmp_path, tiny_base, server, monkeypatch):
    monkeypatch.delenv("OUR_KEY", raising=False)
    more = LADDER.format(url=server.url).replace(
        'model = "plain"', 'model = "plain"\nkey_env = "OUR_KEY"'
    )
    project = make_project(tmp_path, tiny_base, more=more)
    with pytest.raises(BadInput, match="OUR_KEY"):
        evaluate(project, "endpoint:base", "valid", Silent())
    assert not server.bodies
