"""What can go wrong, as facts and one fix; colour and exit codes belong to the edges."""


class SurpassError(Exception):
    """Something a person must mend. `fix` is the next thing to do, as one sentence."""

    def __init__(self, message: str, *, fix: str) -> None:
        super().__init__(message)
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.args[0]} {self.fix}"


class BadInput(SurpassError):
    """The user's files or settings are in the way."""


class BadMachine(SurpassError):
    """The machine is in the way: memory, disk, network, a missing package, another command."""


class Refused(SurpassError):
    """An honesty rule forbids it: edited criteria, a spent test, two environments."""


class CannotTell(SurpassError):
    """Too little evidence for a number; says what would be enough."""

    def __init__(self, message: str, *, fix: str = "Collect more rows.") -> None:
        super().__init__(message, fix=fix)


class LeakError(Refused):
    """Some test items were seen in training, so no score on them means anything."""

    def __init__(self, leaked: int, total: int, example: str) -> None:
        super().__init__(
            f"{leaked} of {total} test items also occur in the training data (first: {example!r}).",
            fix="Run `surpass split` to keep such rows on one side, then train again.",
        )
