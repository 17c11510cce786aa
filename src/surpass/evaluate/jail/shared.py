"""Jails that live on from one problem to the next, as many as threads judge at once."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import NamedTuple

from surpass.evaluate.jail.command import Way
from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.running import Jail, open_jail


class _Held(NamedTuple):
    jail: Jail
    stack: ExitStack  # closing it ends the jail


class SharedJails:
    """Jails for one problem after the other; threads may borrow at once. Use `shared_jails`.

    What a problem's answers started is killed, what they wrote is removed and what they did to
    their own process died with it before the jail takes the next job; a jail of which that is not
    certain is not used again.
    """

    def __init__(self, way: Way, limits: Limits) -> None:
        self._way, self._limits = way, limits
        self._idle: list[_Held] = []  # append and pop need no lock

    @contextmanager
    def lend(self) -> Iterator[Jail]:
        """A jail for one problem.

        Raises:
            BadMachine: it does not start.
        """
        held = self._taken()
        try:
            yield held.jail
        except BaseException:
            held.stack.close()  # a job may be half done
            raise
        if held.jail.alive:
            self._idle.append(held)
        else:
            held.stack.close()

    def close(self) -> None:
        """End the jails that nobody borrows."""
        while self._idle:
            self._idle.pop().stack.close()

    def _taken(self) -> _Held:
        with suppress(IndexError):
            return self._idle.pop()
        with ExitStack() as stack:
            jail = stack.enter_context(open_jail(self._way, self._limits))
            return _Held(jail, stack.pop_all())


@contextmanager
def shared_jails(way: Way, limits: Limits) -> Iterator[SharedJails]:
    """Jails that end with the block; whoever borrows them must have ended before."""
    jails = SharedJails(way, limits)
    try:
        yield jails
    finally:
        jails.close()
