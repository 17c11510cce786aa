"""The whole verb: log or journal in, account, history, page and metrics out."""

import hmac
import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from aiohttp import web

from local_servers import running
from simulated_traffic import START, requests
from surpass.cli.app import status_of
from surpass.core.errors import BadInput, CannotTell
from surpass.core.records.journal import Feedback, Finished, Started
from surpass.core.settings.watch import Watch
from surpass.steps.watching.history import history
from surpass.steps.watching.watch import Asked, watch
from surpass.store.journal import Journal

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SETTINGS = Watch(window=250, reference=700)
HOSTILE = "</script><svg onload=alert(1)> =cmd [red]quorbit[/red] \u202e\x1b[31m {{7*7}}"


def log_of(path, *frames):
    rows = pl.concat(
        [frame.drop("labelled", "control", "weight", "day", "order") for frame in frames]
    )
    lines = (
        json.dumps({key: value for key, value in row.items() if value is not None}, default=str)
        for row in rows.iter_rows(named=True)
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def drifted(tmp_path_factory):
    later = requests(500, seed=1, new_share=0.3, start=START + timedelta(days=4))
    later = later.with_columns(
        pl.when(pl.col("input").str.contains("quorbit"))
        .then(pl.col("input") + " " + HOSTILE)
        .otherwise("input")
        .alias("input")
    )
    return log_of(tmp_path_factory.mktemp("log") / "log.jsonl", requests(700, seed=0), later)


def test_a_drifted_log_is_a_page_on_every_rendering_and_stays_text(tmp_path, drifted, capsys):
    page, metrics = tmp_path / "page.html", tmp_path / "surpass.prom"
    settings = tmp_path / "surpass.toml"
    settings.write_text(
        '[task]\nname = "demo"\nkind = "classify"\n[data]\ntrain = ["rows.csv"]\n'
        "[watch]\nwindow = 250\nreference = 700\n",
        encoding="utf-8",
    )
    words = ["watch", str(tmp_path), "--log", str(drifted), "--page", str(page)]
    assert status_of([*words, "--metrics", str(metrics)]) == 1
    shown = capsys.readouterr().out
    assert "quorbit" in shown
    assert "Cost: Accuracy changed by" in shown
    assert "\x1b[31m" not in shown
    html = page.read_text(encoding="utf-8")
    assert "<svg onload" not in html
    assert "quorbit" in html
    assert (
        'surpass_watch_alerts{release="demo@1",severity="page",task="demo"}' in metrics.read_text()
    )
    assert [one.event for one in history(tmp_path)][:1] == ["opened"]
    assert status_of(["watch", "silence", "all", str(tmp_path), "--reason", "a known launch"]) == 0
    assert status_of(words[:4]) == 0


def test_a_second_pass_compares_with_the_same_reference(tmp_path, drifted):
    asked = Asked(tmp_path, SETTINGS, "demo", drifted)
    first = watch(asked, NOW)
    more = Asked(tmp_path, Watch(window=250, reference=300), "demo", drifted)
    second = watch(more, NOW + timedelta(minutes=1))
    assert second.found.reference == first.found.reference
    assert second.turn.events == ()


def test_the_journal_is_read_with_its_feedback(tmp_path):
    entries = []
    for number, row in enumerate(requests(900, seed=2).iter_rows(named=True)):
        known = {key: row[key] for key in ("request", "at", "unit", "release", "input")}
        entries.append(Started(task="demo", model="demo", **known))
        done = {key: row[key] for key in ("request", "output", "label", "confidence")}
        entries.append(Finished(status="finished", **done))
        if number % 2:
            truth = row["label"] if row["right"] else "refund or parcel"
            entries.append(
                Feedback(
                    feedback=f"f{number}",
                    name="helpful",
                    unit=row["unit"],
                    at=row["at"] + timedelta(hours=3),
                    request=row["request"],
                    value=row["right"],
                    correction=truth,
                )
            )
    with Journal.open(tmp_path, writer=True) as journal:
        journal.write(*entries)
    made = watch(Asked(tmp_path, Watch(window=200, least=200, reference=700), "demo"), NOW)
    found = {one.name: one for one in made.found.measures[0].measures}
    assert found["accuracy"].estimate == pytest.approx(0.9, abs=0.08)
    assert found["helpful: votes"].estimate == 0.5
    assert found["helpful: score"].estimate == found["accuracy"].estimate


def test_a_webhook_gets_one_signed_message_without_a_request(
    tmp_path, drifted, socket_enabled, monkeypatch
):
    seen = []

    async def hook(request):
        seen.append((await request.read(), request.headers["X-Surpass-Signature"]))
        return web.Response(status=200)

    app = web.Application()
    app.router.add_post("/hook", hook)
    asked = Asked(tmp_path, SETTINGS, "demo", drifted)
    with running(app) as address:
        monkeypatch.setenv("SURPASS_WEBHOOK_URL", f"{address}/hook")
        monkeypatch.setenv("SURPASS_WEBHOOK_KEY", "a long random text")
        assert "refused" in watch(asked, NOW).warnings[0]
        monkeypatch.setenv("SURPASS_WEBHOOK_PRIVATE", "1")
        assert watch(asked, NOW).warnings == ()
        assert watch(asked, NOW).warnings == ()
    ((body, signature),) = seen
    assert signature == "sha256=" + hmac.new(b"a long random text", body, "sha256").hexdigest()
    assert b"<" not in body
    assert b"quorbit" in body


def test_a_silence_says_who_and_why_or_is_refused(tmp_path, capsys):
    assert status_of(["watch", "silence", "terms", str(tmp_path), "--reason", " "]) == 3
    assert (
        status_of(["watch", "silence", "terms", str(tmp_path), "--reason", "x", "--hours", "0"])
        == 3
    )
    assert history(tmp_path) == ()


def test_too_short_a_log_says_what_is_missing(tmp_path):
    path = log_of(tmp_path / "log.jsonl", requests(100, seed=4))
    with pytest.raises(CannotTell, match="100 requests; the first 700"):
        watch(Asked(tmp_path, SETTINGS, "demo", path), NOW)


def test_a_reference_file_may_do_without_times(tmp_path, drifted):
    before = tmp_path / "before.jsonl"
    rows = requests(600, seed=6)["input"]
    before.write_text("".join(json.dumps({"text": one}) + "\n" for one in rows), encoding="utf-8")
    made = watch(Asked(tmp_path, SETTINGS, "demo", drifted, reference=before), NOW)
    assert made.found.floor is None
    assert made.found.tested


def test_a_history_that_was_tampered_with_is_refused(tmp_path):
    path = tmp_path / ".surpass" / "alerts" / "history.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text('{"at": 1}\n', encoding="utf-8")
    with pytest.raises(BadInput, match="was changed"):
        history(tmp_path)
