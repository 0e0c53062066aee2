"""A round of work, again and again: when a bell rings, when something falls due, and after a failure."""

import asyncio
import logging
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from conversations.store import Store
from conversations.store.bell import rung

AGAIN = 1.0  #: seconds until the next round after one that failed

log = logging.getLogger(__name__)


class Rounds(ABC):
    """Use it as a context, or await `run`; `stop` lets what was begun come to its end."""

    def __init__(self, store: Store, topic: str) -> None:
        self._store, self._topic = store, topic
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @abstractmethod
    async def round(self) -> float:
        """Do what is due; the seconds until the next look at the table, if no bell rings before."""

    @abstractmethod
    async def end(self) -> None:
        """Wait for what was begun; nothing new is begun any more."""

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def run(self) -> None:
        with self._store.bell.listen(self._topic) as bell:
            while not self._stopping.is_set():
                bell.clear()
                await rung(bell, await self._guarded())
        await self.end()

    async def stop(self) -> None:
        self._stopping.set()
        self.wake()
        if self._task is not None:
            await self._task

    def wake(self) -> None:
        """Begin a round now."""
        self._store.bell.ring(self._topic)

    async def _guarded(self) -> float:
        """A database that fails is asked again."""
        try:
            return await self.round()
        except Exception as error:
            log.warning("%s goes on after %s", type(self).__name__, type(error).__name__)
            return AGAIN
