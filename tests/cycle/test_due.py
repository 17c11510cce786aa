"""What `surpass retrain --dry-run` knows and says."""

from datetime import UTC, datetime

from small_projects import make_project
from surpass.cli.app import status_of
from surpass.core.records.cycle import CycleEnded, CycleStarted
from surpass.core.records.signal import AlertEvent
from surpass.cycle.decide import Ask, Reason, Rest, Wait
from surpass.cycle.due import Written, due_account, gathered, past_of, told
from surpass.steps.watching.history import remember


def started(number, at):
    body = CycleStarted(
        number=number,
        champion="demo@1",
        rows=None,
        rows_digest=None,
        test=None,
        test_digest=None,
        by="ann",
        reason="new words",
    )
    return Written(f"start {number}", at, body)


def ended(number, at, how):
    body = CycleEnded(start=f"start {number}", how=how, verdict=None, outcome=None, why="so")
    return Written(f"end {number}", at, body)


def test_a_cycle_counts_from_its_start_to_its_end():
    first, second = past_of(
        [
            started(1, "2026-05-01T10:00:00+00:00"),
            ended(1, "2026-05-01T12:30:00+00:00", "filed"),
            started(2, "2026-05-09T10:00:00+00:00"),
        ],
        price_per_hour=2.0,
    )
    assert (first.won, first.hours, first.money) == (False, 2.5, 5.0)
    assert (second.ended, second.hours, second.money) == (None, None, None)


def test_what_waits_for_approval_has_won():
    (only,) = past_of(
        [
            started(1, "2026-05-01T10:00:00+00:00"),
            ended(1, "2026-05-01T11:00:00+00:00", "to approve"),
        ],
        None,
    )
    assert only.won
    assert only.money is None


def test_every_action_says_what_and_why():
    reason, held = Reason("floor", "The floor is broken."), Reason("runs", "2 in seven days.")
    for action in (Rest(), Ask((reason,)), Wait((reason,), (held,))):
        account = told(action)
        assert account.headline
        assert account.data is not None
    assert [one.words for one in told(Wait((reason,), (held,))).data.held] == ["2 in seven days."]


def test_labelled_rows_that_wait_speak_for_a_cycle(tmp_path, tiny_base, capsys):
    project = make_project(tmp_path, tiny_base)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert gathered(project).floor_broken is None
    assert due_account(project, now).data.action == "rest"
    (project.folder / "labelled").mkdir()
    (project.folder / "labelled" / "new.jsonl").write_text('{"a": 1}\n' * 500, encoding="utf-8")
    assert due_account(project, now).data.action == "ask"
    assert status_of(["retrain", str(project.folder), "--dry-run"]) == 0
    assert "500 new labels" in capsys.readouterr().out


def test_a_page_about_another_release_speaks_for_nothing(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    page = AlertEvent(at="2026-06-01", event="opened", name="x:other:floor", severity="page")
    remember(project.folder, page)
    assert gathered(project).floor_broken is False
