"""Pull from a Label Studio whenever it hints that something was said, and every so often anyway.

A hint says nothing that is believed: it only brings the next pull forward. So a lost one loses no
label, a forged one writes none, and many of them are one.
"""

import threading
from collections.abc import Callable
from types import TracebackType

from surpass.core.account import Account
from surpass.core.environment import hook_secret
from surpass.core.errors import BadInput, SurpassError
from surpass.core.secret import Secret

PAUSE_SECONDS = 5.0  # between two pulls, however many hints come
EVERY_SECONDS = 300.0  # without any hint
_FEWEST_CHARACTERS = 16  # of the secret


class Puller:
    """Pulls in a thread of its own while the block runs; one pull at a time."""

    def __init__(
        self,
        pull: Callable[[], Account],
        tell: Callable[[Account], None],
        *,
        pause_seconds: float = PAUSE_SECONDS,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        """`pull` takes in what is new; `tell` is told of each pull, also of one that failed."""
        self._pull, self._tell = pull, tell
        self._pause, self._every = pause_seconds, every_seconds
        self._wanted, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="label pull", daemon=True)
        self.pulls = 0

    def hint(self) -> None:
        """Something may be new; returns at once."""
        self._wanted.set()

    def __enter__(self) -> "Puller":
        self._wanted.set()  # what was said while nobody listened
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._wanted.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._wanted.wait(self._every)
            if self._stopped.is_set():
                return
            self._wanted.clear()  # before the pull: a hint during it asks for another one
            self._tell(self._pulled())
            self.pulls += 1
            self._stopped.wait(self._pause)

    def _pulled(self) -> Account:
        try:
            return self._pull()
        except SurpassError as error:
            return Account(
                title="Label",
                headline=f"This pull failed: {error.args[0]}",
                text=("The next one goes on from here.",),
            )


def required_secret() -> Secret:
    """What a hint must know.

    Raises:
        BadInput: none is set, or one that could be guessed.
    """
    secret = hook_secret()
    if secret is None or len(secret.reveal()) < _FEWEST_CHARACTERS:
        raise BadInput(
            "There is no secret by which a hint is known."
            if secret is None
            else f"The secret has fewer than {_FEWEST_CHARACTERS} characters.",
            fix="Set SURPASS_HOOK_SECRET to a long random text, here and in the webhook's header.",
        )
    return secret
