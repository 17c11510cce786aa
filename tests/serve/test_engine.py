"""The engine built in answers as evaluation measured: equal prompts, equal labels, equal texts."""

import asyncio

import httpx
import openai
import polars as pl
import pytest

from gateways import in_a_thread
from small_projects import make_project
from surpass.core.progress import Silent
from surpass.serve.models import Ask
from surpass.steps.evaluate import evaluate
from surpass.steps.serving.models import ProjectModels

QUESTION = [{"role": "user", "content": "the line is dead since monday"}]


@pytest.fixture(scope="module")
def classifier(tmp_path_factory, tiny_base):
    """A project with labels whose base was evaluated."""
    project = make_project(tmp_path_factory.mktemp("labels"), tiny_base, count=80)
    evaluate(project, "zero-shot", "valid", Silent())
    return project


@pytest.fixture(scope="module")
def writer(tmp_path_factory, tiny_base):
    """A project with free answers whose base was evaluated."""
    folder = tmp_path_factory.mktemp("texts")
    project = make_project(folder, tiny_base, kind="generate", output="record", count=80)
    evaluate(project, "zero-shot", "valid", Silent())
    return project


def test_labels_have_the_probabilities_of_the_evaluation(classifier):
    judged = evaluate(classifier, "zero-shot", "valid", Silent()).predictions
    engine, model = _engine(classifier)
    found = asyncio.run(engine.label(model, judged["input"].to_list()))
    for row, labelled in zip(judged.rows(named=True), found, strict=True):
        assert labelled.probabilities == pytest.approx(row["probabilities"], abs=1e-5)
        assert model.labels[labelled.best] == row["answer"]
        assert labelled.input_tokens == row["in_tokens"]
    engine.close()


def test_texts_are_those_of_the_evaluation(writer):
    judged = evaluate(writer, "zero-shot", "valid", Silent()).predictions
    engine, model = _engine(writer)

    async def written(text):
        return [piece async for piece in engine.write(Ask(model, text, model.most_tokens))]

    for row in judged.head(8).rows(named=True):
        pieces = asyncio.run(written(row["input"]))
        assert "".join(piece.text for piece in pieces) == row["answer"]
        assert pieces[-1].input_tokens == row["in_tokens"]
        assert pieces[-1].output_tokens == row["out_tokens"]
        assert (pieces[-1].finish_reason == "length") == (row["status"] == "truncated")
    engine.close()


def test_a_text_that_is_too_long_harms_no_other_that_waits(classifier):
    engine, model = _engine(classifier)

    async def ask():
        asked = ("dead line", "dead " * 300, "money back")
        return await asyncio.gather(
            *(engine.label(model, [text]) for text in asked), return_exceptions=True
        )

    first, second, third = asyncio.run(ask())
    assert "reads at most" in str(second)
    assert first[0].probabilities != third[0].probabilities
    engine.close()


def test_clients_are_answered_with_labels_and_their_probabilities(classifier, socket_enabled):
    with in_a_thread(classifier) as running, openai.OpenAI(base_url=running.url, api_key="x") as ai:
        raw = httpx.post(f"{running.url}/classify", json={"input": ["dead line", "money back"]})
        first, second = raw.json()["data"]
        assert sum(first["probabilities"].values()) == pytest.approx(1)
        assert first["confidence"] == max(first["probabilities"].values())
        reply = ai.chat.completions.create(
            model="champion",
            messages=[{"role": "user", "content": "money back"}],
            logprobs=True,
            top_logprobs=2,
        )
        (choice,) = reply.choices
        assert choice.message.content == second["label"]
        told = choice.logprobs.content[0]
        assert told.top_logprobs[0].token == told.token == second["label"]
        stored = running.gateway.journal.requests()
        assert stored["label"].to_list() == [first["label"], second["label"], second["label"]]
        assert stored["status"].unique().to_list() == ["finished"]


def test_a_stream_is_the_whole_answer_in_parts(writer, socket_enabled):
    with in_a_thread(writer) as running, openai.OpenAI(base_url=running.url, api_key="x") as ai:
        whole = ai.chat.completions.create(model="base", messages=QUESTION, logprobs=True)
        stream = ai.chat.completions.create(
            model="base", messages=QUESTION, stream=True, stream_options={"include_usage": True}
        )
        parts = list(stream)
        text = "".join(part.choices[0].delta.content or "" for part in parts if part.choices)
        assert text == whole.choices[0].message.content
        assert parts[0].choices[0].delta.role == "assistant"
        assert parts[-1].usage == whole.usage
        assert [part.choices[0].finish_reason for part in parts[:-1] if part.choices][
            -1
        ] == "length"
        short = ai.chat.completions.create(model="base", messages=QUESTION, max_tokens=2)
        assert short.usage.completion_tokens == 2
        with pytest.raises(openai.BadRequestError, match="does not know n, tools"):
            ai.chat.completions.create(
                model="base", messages=QUESTION, n=2,
                tools=[{"type": "function", "function": {"name": "f"}}],
            )  # fmt: skip
        refused = running.gateway.journal.requests().filter(pl.col("status") == "refused")
        assert refused["finish_reason"].to_list() == ["unsupported"]


def _engine(project):
    from surpass.serve.engine import LocalEngine

    catalogue = ProjectModels(project)
    return LocalEngine(catalogue.load, keep=2, waiting=64), catalogue.model("base")
