"""Real clients against a real server, whose engine is an upstream that can misbehave."""

import asyncio
import json
import subprocess

import httpx
import openai
import pytest

from upstreams import ANSWER, DONE, chunk, whole

HELLO = [{"role": "user", "content": "My bill is wrong"}]


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=gateway.url, api_key="anything", max_retries=0) as client:
        yield client


@pytest.fixture
def posts(gateway):
    """Send JSON to an address of the gateway with no client's help."""
    with httpx.Client(base_url=gateway.url) as raw:
        yield lambda path, body, **headers: raw.post(path, json=body, headers=headers)


def rows(gateway):
    return gateway.gateway.journal.requests().rows(named=True)


def test_a_whole_answer_arrives_as_the_upstream_sent_it(client, gateway, upstream):
    raw = client.chat.completions.with_raw_response.create(model="base", messages=HELLO, user="u1")
    assert raw.content == whole("My bill is wrong")
    (row,) = rows(gateway)
    assert raw.headers["x-request-id"] == row["request"]
    assert (row["status"], row["unit"], row["release"]) == ("finished", "u1", "base")
    assert (row["input"], row["output"]) == ("My bill is wrong", "You said: My bill is wrong")
    assert (row["input_tokens"], row["output_tokens"], row["finish_reason"]) == (7, 4, "stop")


def test_the_upstream_is_told_the_tasks_instruction_and_never_a_clients_key(client, upstream):
    client.chat.completions.create(model="champion", messages=HELLO, temperature=0.5, seed=3)
    (sent,) = upstream.bodies
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert "outage" in sent["messages"][0]["content"]
    assert (sent["model"], sent["temperature"], sent["seed"]) == ("tiny", 0.5, 3)
    assert upstream.keys == ["Bearer sk-the-gateways-own"]


def test_a_stream_is_passed_on_byte_for_byte(gateway, posts):
    reply = posts("/chat/completions", {"model": "base", "messages": HELLO, "stream": True})
    assert reply.content == b"".join(ANSWER) + DONE
    (row,) = rows(gateway)
    assert (row["output"], row["status"]) == ("The bill — é", "finished")
    assert 0 < row["first_token_ms"] <= row["latency_ms"]


def test_the_openai_client_reads_the_stream(client):
    stream = client.chat.completions.create(model="base", messages=HELLO, stream=True)
    texts = [part.choices[0].delta.content or "" for part in stream if part.choices]
    assert "".join(texts) == "The bill — é"


def test_the_asynchronous_client_is_answered_many_times_at_once(gateway):
    async def ask_all():
        async with openai.AsyncOpenAI(base_url=gateway.url, api_key="x") as client:
            create = client.chat.completions.create
            asked = [
                create(model="base", messages=[{"role": "user", "content": f"question {n}"}])
                for n in range(20)
            ]
            return [reply.choices[0].message.content for reply in await asyncio.gather(*asked)]

    assert asyncio.run(ask_all()) == [f"You said: question {n}" for n in range(20)]
    assert {row["status"] for row in rows(gateway)} == {"finished"}
    assert len(rows(gateway)) == 20


def test_curl_reads_a_stream_that_ends_once(gateway):
    body = json.dumps({"model": "base", "messages": HELLO, "stream": True})
    done = subprocess.run(
        ["curl", "-sSN", f"{gateway.url}/chat/completions", "-H", "Content-Type: application/json",
         "-d", body],
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.endswith(DONE)
    assert done.stdout.count(DONE) == 1


@pytest.mark.parametrize(
    "broken",
    [
        [chunk("The ")],  # it breaks off
        [chunk("The "), b'data: {"error": {"message": "out of memory"}}\n\n', DONE],
        [chunk("The "), b"data: no json\n\n", DONE],
    ],
    ids=["breaks off", "tells an error", "is no json"],
)
def test_a_failure_in_the_middle_is_an_error_event_and_done_once(gateway, posts, upstream, broken):
    upstream.events = broken
    reply = posts("/chat/completions", {"model": "base", "messages": HELLO, "stream": True})
    assert reply.content.startswith(chunk("The "))
    assert reply.content.endswith(DONE)
    assert reply.content.count(b"[DONE]") == 1
    error = json.loads(reply.content.split(b"\n\n")[-3].removeprefix(b"data: "))["error"]
    assert error["type"] == "server_error"
    (row,) = rows(gateway)
    assert (row["status"], row["output"]) == ("failed", "The ")


def test_the_openai_client_raises_what_happened_in_the_middle(client, upstream):
    upstream.events = [chunk("The ")]
    stream = client.chat.completions.create(model="base", messages=HELLO, stream=True)
    with pytest.raises(openai.APIError, match="broke off"):
        list(stream)


def test_a_client_that_leaves_stops_the_upstream_and_is_on_record(gateway, upstream):
    upstream.holds, upstream.events = True, [chunk("The ")]
    body = {"model": "base", "messages": HELLO, "stream": True}
    with httpx.stream("POST", f"{gateway.url}/chat/completions", json=body) as reply:
        assert next(reply.iter_bytes()) == chunk("The ")
    assert upstream.left.wait(10)
    journal = gateway.gateway.journal
    journal.submit().result()  # everything before it is written then
    while (row := rows(gateway)[0])["status"] == "started":
        journal.submit().result()
    assert (row["status"], row["finish_reason"]) == ("interrupted", "client_disconnected")
    assert row["output"] == "The "


@pytest.mark.parametrize(
    ("status", "shape"),
    [(400, openai.BadRequestError), (429, openai.RateLimitError), (500, openai.APIStatusError)],
)
def test_a_refusal_of_the_upstream_reaches_the_client(gateway, client, upstream, status, shape):
    upstream.reply = status, b'{"error": {"message": "no"}}'
    with pytest.raises(shape):
        client.chat.completions.create(model="base", messages=HELLO)
    (row,) = rows(gateway)
    assert (row["status"], row["finish_reason"]) == ("refused", f"upstream_{status}")


def test_an_upstream_that_is_not_there_is_said_plainly(gateway, client, project):
    with pytest.raises(openai.NotFoundError, match="There is no model"):
        client.chat.completions.create(model="small@0123456789ab", messages=HELLO)
    assert rows(gateway) == []


def test_models_are_listed_under_their_names(client):
    assert [model.id for model in client.models.list()] == ["champion", "base"]


def test_what_cannot_be_read_is_an_error_in_their_shape(posts, gateway):
    asked = {"model": "base", "messages": HELLO}
    for body in (
        {}, {"model": "base"}, {"model": "base", "messages": []}, [], "text",
        asked | {"messages": [{"role": "robot", "content": "x"}]},
        asked | {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
        asked | {"max_tokens": 0}, asked | {"stop": list("abcde")}, asked | {"user": "u" * 300},
    ):  # fmt: skip
        reply = posts("/chat/completions", body)
        assert reply.status_code == 400, body
        assert set(reply.json()["error"]) == {"message", "type", "param", "code"}
    assert rows(gateway) == []


def test_personal_data_is_masked_before_it_is_written(client, gateway, project):
    question = "I am ann@example.org, call +44 20 7946 0958"
    client.chat.completions.create(
        model="base", messages=[{"role": "user", "content": question}], user="ann@example.org"
    )
    (row,) = rows(gateway)
    assert row["input"] == "I am <EMAIL_1>, call <PHONE_1>"
    assert row["output"] == "You said: I am <EMAIL_1>, call <PHONE_1>"
    assert row["unit"].startswith("hidden-")
    files = [path.read_bytes() for path in (project.folder / ".surpass").glob("journal.db*")]
    assert not any(b"ann@example.org" in content for content in files)
