"""Lets few begin together: the next ones when these are done, or as soon as they prove slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial


class Turnstile:
    """At most `abreast` are inside that came less than `patience` seconds ago; the slow hold up nobody."""

    def __init__(self, abreast: int, patience: float) -> None:
        self._places = asyncio.Semaphore(abreast)
        self.patience = patience  #: seconds
        self._quick: set[object] = set()

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """Inside until the context ends."""
        await self._places.acquire()
        self._quick.add(who := object())
        proven = asyncio.get_running_loop().call_later(self.patience, partial(self._make_way, who))
        try:
            yield
        finally:
            proven.cancel()
            self._make_way(who)

    def _make_way(self, who: object) -> None:
        if who in self._quick:
            self._quick.remove(who)
            self._places.release()
