"""surpass.assign and surpass.feedback behind somebody else's gateway; and its logs."""

import json
from datetime import timedelta

import pytest

import surpass
from simulated_experiments import MODELS, NOW, begun, project_with
from surpass.core.assignment import CHALLENGER, CHAMPION, arm_of
from surpass.core.errors import BadInput
from surpass.serve.capture import digest_name
from surpass.steps.experimenting.import_log import import_log
from surpass.steps.experimenting.outbox import take_in
from surpass.steps.experimenting.running import last_experiment
from surpass.steps.experimenting.verbs import experiment_status
from surpass.store.journal import Journal


def journal_of(project):
    with Journal.open(project.folder) as journal:
        experiment = last_experiment(project).started.experiment
        return journal.requests(), journal.feedback(), journal.exposures(experiment)


def test_assign_says_the_model_and_the_journal_has_the_exposure_once(project):
    one = begun(project)
    found = {f"u{n}": surpass.assign(f"u{n}", project.folder) for n in range(50)}
    surpass.assign("u1", project.folder)
    for unit, said in found.items():
        assert said.arm == arm_of(one.started.salt, unit, 0.5)
        assert said.release == MODELS[said.arm]
    assert take_in(project)
    assert take_in(project)  # again changes nothing
    exposures = journal_of(project)[2]
    assert exposures.height == 50
    assert dict(exposures["unit", "arm"].iter_rows()) == {u: s.arm for u, s in found.items()}


def test_without_an_experiment_everybody_has_the_champion(project):
    said = surpass.assign("u", project.folder)
    assert (said.experiment, said.arm, said.release) == (None, CHAMPION, None)


def test_feedback_is_a_vote_that_the_last_word_replaces(project):
    begun(project)
    surpass.feedback("solved", True, unit="u", folder=project.folder)
    surpass.feedback("solved", False, unit="u", folder=project.folder)
    surpass.feedback("stars", 4, unit="u", request="r1", folder=project.folder)
    surpass.feedback("topic", "bill", unit="u", session="s", folder=project.folder)
    take_in(project)
    votes = journal_of(project)[1].sort("name")
    assert votes["name", "value", "label"].rows() == [
        ("solved", 0.0, None),
        ("stars", 4.0, None),
        ("topic", None, "bill"),
    ]


def test_a_unit_that_is_an_address_is_kept_as_a_digest(project):
    begun(project)
    surpass.assign("anna@example.org", project.folder)
    take_in(project)
    assert journal_of(project)[2]["unit"].to_list() == [digest_name("anna@example.org")]


@pytest.mark.parametrize(
    ("name", "said", "unit"), [("", 1, "u"), ("x", float("nan"), "u"), ("x", 1, " ")]
)
def test_a_feedback_that_says_nothing_is_refused(project, name, said, unit):
    with pytest.raises(BadInput):
        surpass.feedback(name, said, unit=unit, folder=project.folder)


def test_a_server_that_holds_the_journal_is_no_reason_to_lose_anything(project):
    begun(project)
    surpass.assign("u", project.folder)
    with Journal.open(project.folder, writer=True):
        said = experiment_status(project, None)
        assert any("A server holds the journal" in warning for warning in said.warnings)
    assert take_in(project)
    assert journal_of(project)[2].height == 1


def completion(number, arm, **more):
    at = NOW - timedelta(days=3) + timedelta(minutes=number)
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": int(at.timestamp()),
        "model": MODELS[arm],
        "choices": [{"message": {"role": "assistant", "content": "A."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 2},
        **more,
    }


def as_log(folder, lines):
    file = folder / "log.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def test_a_log_of_completions_is_taken_in_once(project):
    begun(project)
    stored = completion(0, CHAMPION, user="u0")
    pair = {"request": {"user": "u1"}, "response": completion(1, CHALLENGER), "latency_ms": 30}
    batch = {
        "id": "batch-2",
        "response": {"status_code": 200, "body": completion(2, CHAMPION, metadata={"unit": "u2"})},
    }
    failed = {
        "id": "f",
        "at": NOW.isoformat(),
        "unit": "u3",
        "arm": CHALLENGER,
        "request": {"model": "m"},
        "error": {"message": "no"},
    }
    other = completion(4, CHAMPION, model="another", user="u4")
    file = as_log(project.folder, [stored, pair, batch, failed, other, {"hello": 1}])
    found = import_log(project, file)
    assert found == (5, 0, 0, 4, 1)
    assert import_log(project, file) == (0, 5, 0, 0, 1)
    requests, _, exposures = journal_of(project)
    told = {row["unit"]: row for row in requests.iter_rows(named=True)}
    assert (told["u1"]["arm"], told["u1"]["latency_ms"]) == (CHALLENGER, 30)
    assert (told["u2"]["input_tokens"], told["u2"]["output_tokens"]) == (7, 2)
    assert told["u3"]["status"] == "failed"
    assert told["u4"]["experiment"] is None
    assert sorted(exposures["unit"]) == ["u0", "u1", "u2", "u3"]


def attribute(key, **value):
    return {"key": key, "value": value}


def span(number, arm, **more):
    start = int((NOW - timedelta(days=3)).timestamp()) * 10**9
    return {
        "spanId": f"{number:016x}",
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + 25_000_000),
        "attributes": [
            attribute("gen_ai.operation.name", stringValue="chat"),
            attribute("gen_ai.request.model", stringValue=MODELS[arm]),
            attribute("gen_ai.usage.output_tokens", intValue="11"),
            attribute(
                "gen_ai.response.finish_reasons", arrayValue={"values": [{"stringValue": "stop"}]}
            ),
            attribute("user.id", stringValue=f"u{number}"),
        ],
        **more,
    }


def test_traces_are_taken_in_with_their_evaluations(project):
    begun(project)
    judged = {
        "name": "gen_ai.evaluation.result",
        "timeUnixNano": str(int((NOW - timedelta(days=2)).timestamp()) * 10**9),
        "attributes": [
            attribute("gen_ai.evaluation.name", stringValue="helpful"),
            attribute("gen_ai.evaluation.score.value", doubleValue=0.75),
        ],
    }
    spans = [
        span(0, CHAMPION, events=[judged]),
        span(1, CHALLENGER, status={"code": 2}),
        {"spanId": "tool", "startTimeUnixNano": "1", "attributes": []},
    ]
    tree = {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
    file = project.folder / "traces.json"
    file.write_text(json.dumps(tree, indent=1), encoding="utf-8")
    assert import_log(project, file)[:4] == (2, 0, 1, 2)
    requests, feedback, exposures = journal_of(project)
    told = {row["unit"]: row for row in requests.iter_rows(named=True)}
    assert (told["u0"]["latency_ms"], told["u0"]["output_tokens"]) == (25, 11)
    assert told["u1"]["status"] == "failed"
    assert feedback["name", "value", "unit"].rows() == [("helpful", 0.75, "u0")]
    assert dict(exposures["unit", "arm"].iter_rows()) == {"u0": CHAMPION, "u1": CHALLENGER}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds no request"),
        (b"{}", "holds no request"),
        (b"[1, 2]", "no JSON object"),
        (b'{"a": 1}\n{broken', "2 is no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b'{"id": 1, "created": "x", "model": [], "choices": 3}', "holds no request"),
        (b'{"resourceSpans": {"scopeSpans": 1}}', "holds no request"),
    ],
)
def test_a_log_that_is_none_is_refused_in_one_sentence(tmp_path, content, told):
    file = tmp_path / "log"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=told):
        import_log(project_with(tmp_path), file)


def test_a_log_that_is_not_there_is_refused(project):
    with pytest.raises(BadInput, match="cannot be read"):
        import_log(project, project.folder / "none.jsonl")
