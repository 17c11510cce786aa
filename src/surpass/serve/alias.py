"""The alias `champion`: it moves as soon as a release or a rollback is in the ledger."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


class Alias:
    """Answers with the champion that is loaded, while the next one is being loaded."""

    def __init__(self, champion: Callable[[], str], warm: Callable[[str], Awaitable[None]]) -> None:
        """Begin with the champion as it is.

        Args:
            champion: Name of the model that is live now; called for each request.
            warm: Loads a model, or finds it loaded.
        """
        self._champion, self._warm = champion, warm
        self._now = champion()
        self._failed: str | None = None
        self._moving: asyncio.Task[None] | None = None

    def current(self) -> str:
        """The champion that answers; one that was just released takes over once it is loaded."""
        named = self._champion()
        if named == self._now:
            self._failed = None
        elif self._moving is None and named != self._failed:
            self._moving = asyncio.get_running_loop().create_task(self._move(named))
        return self._now

    @property
    def failed(self) -> str | None:
        """A champion that could not be loaded, so that the one before it still answers."""
        return self._failed

    async def _move(self, name: str) -> None:
        try:
            await self._warm(name)
            self._now, self._failed = name, None
        except Exception:  # noqa: BLE001 (the edge: logged, and the last good model answers)
            _log.exception("%s cannot be loaded; %s goes on answering", name, self._now)
            self._failed = name
        finally:
            self._moving = None
