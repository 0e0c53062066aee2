"""Lets few begin together: the next ones when these are done, or as soon as they prove slow."""

import asyncio


class Turnstile:
    """At most `abreast` are inside that came less than `patience` seconds ago; the slow hold up nobody."""

    def __init__(self, abreast: int, patience: float) -> None:
        self._places = asyncio.Semaphore(abreast)
        self.patience = patience

    async def passed(self) -> "Pass":
        """Inside, until the pass is given back."""
        await self._places.acquire()
        return Pass(self._places, self.patience)


class Pass:
    """A place among those who are inside and quick."""

    __slots__ = ("_places", "_proven")

    def __init__(self, places: asyncio.Semaphore, patience: float) -> None:
        self._places: asyncio.Semaphore | None = places
        self._proven = asyncio.get_running_loop().call_later(patience, self._make_way)

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        self._proven.cancel()
        self._make_way()

    def _make_way(self) -> None:
        if self._places is not None:
            self._places.release()
            self._places = None
