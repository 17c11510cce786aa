import io

import pytest
from rich.console import Console

from surpass.core.progress import Progress
from surpass.show.progress import TerminalProgress, duration, time_left


class Clock:
    """A clock that the test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def logged(stream: io.StringIO, clock: Clock) -> TerminalProgress:
    return TerminalProgress(Console(file=stream, width=200), clock)


def work(progress: Progress, clock: Clock, seconds_each: float) -> None:
    progress.start("train", 10)
    for done in range(1, 11):
        clock.seconds += seconds_each
        progress.advance(done, "loss 0.5")
    progress.finish()


def test_a_log_gets_a_line_every_ten_seconds_with_the_time_left():
    stream, clock = io.StringIO(), Clock()
    with logged(stream, clock) as progress:
        work(progress, clock, 5.0)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "train: 2 of 10, about 40 s left, loss 0.5"
    assert len(lines) == 6
    assert lines[-1] == "train: done in 50 s"


def test_short_work_says_nothing_in_a_log():
    stream, clock = io.StringIO(), Clock()
    with logged(stream, clock) as progress:
        work(progress, clock, 0.5)
    assert stream.getvalue() == ""


def test_a_terminal_shows_a_bar_and_takes_it_away():
    stream, clock = io.StringIO(), Clock()
    console = Console(file=stream, width=100, force_terminal=True)
    with TerminalProgress(console, clock) as progress:
        work(progress, clock, 5.0)
    assert "train" in stream.getvalue()
    assert "10/10" in stream.getvalue()
    assert stream.getvalue().count("\x1b[?25l") == stream.getvalue().count("\x1b[?25h")


def interrupted(progress: TerminalProgress) -> None:
    with progress:
        progress.start("train", 10)
        raise KeyboardInterrupt


def test_an_interrupted_bar_gives_the_cursor_back():
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True)
    with pytest.raises(KeyboardInterrupt):
        interrupted(TerminalProgress(console))
    assert stream.getvalue().count("\x1b[?25h") == 1


@pytest.mark.parametrize(
    ("passed", "done", "total", "left"),
    [
        (10, 1, 10, "about 90 s left"),
        (60, 1, 10, "about 9 min left"),
        (10, 0, 10, ""),
        (10, 10, 10, ""),
        (10, 1, 0, ""),
    ],
)
def test_the_time_left_takes_all_parts_to_be_equal(passed, done, total, left):
    assert time_left(passed, done, total) == left


def test_long_times_are_told_in_hours():
    assert duration(2 * 3600 + 5 * 60) == "2 h 05 min"
