"""Notice that a client leaves while its answer is being made."""

import asyncio
from types import TracebackType
from typing import Self

from starlette.types import Receive


class ClientLeft(Exception):
    """Nobody reads the answer any more."""


class Watched:
    """While the block runs, a client that leaves ends it with ClientLeft."""

    def __init__(self, receive: Receive) -> None:
        """Watch the connection; its request must have been read."""
        self._receive, self._left = receive, False

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        self._watcher = asyncio.create_task(self._watch())
        return self

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left = True
        if self._task is not None:
            self._task.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._watcher.cancel()
        if not self._left or self._task is None:
            return
        if kind is None:  # it left when all was done: the cancellation is still under way
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                self._task.uncancel()
        elif issubclass(kind, asyncio.CancelledError):
            self._task.uncancel()
            raise ClientLeft from None
