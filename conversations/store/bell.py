"""A bell in this process: rung after a commit, heard by those who listen to its topic. It carries no news."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

OUTBOX = "outbox"
JOBS = "jobs"
DESK = "desk"  #: a conversation that needs a person has changed, or what colleagues note beside one
CHATS = "chats"  #: any conversation has changed


class Bell:
    """Listeners register before they read the table, so nothing rung in between is lost."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}

    def ring(self, *topics: str) -> None:
        for topic in topics:
            for event in self._listeners.get(topic, ()):
                event.set()

    def ring_all(self) -> None:
        """Ring for whoever listens: it is not known what happened."""
        self.ring(*self._listeners)

    @contextmanager
    def listen(self, *topics: str) -> Iterator[asyncio.Event]:
        """An event that every ring of these topics sets; the listener clears it."""
        event = asyncio.Event()
        for topic in topics:
            self._listeners.setdefault(topic, set()).add(event)
        try:
            yield event
        finally:
            for topic in topics:
                self._listeners[topic].discard(event)
                if not self._listeners[topic]:
                    del self._listeners[topic]


async def rung(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event was set within the time."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
