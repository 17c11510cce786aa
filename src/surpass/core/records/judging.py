"""What a judge was asked and what it said: the lines of answers/judged.jsonl, without any text."""

from typing import Literal

import msgspec

Side = Literal["first", "second", "tie", "unreadable"]


class PairVerdict(msgspec.Struct, frozen=True, array_like=True):
    """One comparison, asked in both orders."""

    item: str  # the row
    group: str  # digest of what the row belongs to
    straight: Side  # asked with the first model's answer as A
    swapped: Side  # asked with the second model's answer as A

    @property
    def outcome(self) -> Side:
        """Which model's answer it finds better; a tie where the order or the reading decides."""
        readable = self.straight == self.swapped and self.straight != "unreadable"
        return self.straight if readable else "tie"


class JudgeStarted(msgspec.Struct, frozen=True, kw_only=True, tag_field="line", tag="started"):
    """Written before the judge is asked anything: which tasks people had been dealt by then."""

    at: str  # ISO 8601, UTC
    judge: str  # digest of endpoint, model, rubric and form of the question
    answers: str  # digest of the two models' answers
    queue: str | None  # the tasks of the raters; none: nobody had been dealt any


class JudgeFinished(msgspec.Struct, frozen=True, kw_only=True, tag_field="line", tag="finished"):
    """Everything that the judge said of two models."""

    at: str  # ISO 8601, UTC
    recipe: str  # digest; the same one is not asked again
    judge: str  # as above
    rubric: str  # digest of its text
    answers: str  # as above
    queue: str | None  # as above
    models: tuple[str, str]  # first and second
    endpoint: str  # its name in [ladder.endpoints]
    verdicts: tuple[PairVerdict, ...]
    tokens: int | None  # asked and answered; unknown where the endpoint does not tell
    cost: float | None  # in the currency of the prices; unknown where a price is


JudgeLine = JudgeStarted | JudgeFinished


def labels_came_first(lines: list[JudgeLine], finished: JudgeFinished) -> bool:
    """Whether raters had been dealt their rows before any judge was asked about these answers.

    Who knows a judge's verdicts could deal, or deal again, until the rows for people suit it.
    """
    started = [one for one in lines if isinstance(one, JudgeStarted)]
    same = [one.queue for one in started if one.answers == finished.answers]
    return bool(same) and same[0] is not None and same[0] == finished.queue
