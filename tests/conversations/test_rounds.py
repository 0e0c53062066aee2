"""Rounds: again at every bell, again after a failure, and what was begun is finished before the end."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from conversations import rounds
from conversations.rounds import Rounds
from conversations.store import Store

LONG = 3600.0


class Counting(Rounds):
    """Counts its rounds, and does what it is told to in each."""

    def __init__(self, store: Store, work: Callable[[int], Awaitable[float]]) -> None:
        super().__init__(store, "counting")
        self.rounds, self.ended = asyncio.Queue[int](), False
        self._work, self._count = work, 0

    async def round(self) -> float:
        self._count += 1
        self.rounds.put_nowait(self._count)
        return await self._work(self._count)

    async def end(self) -> None:
        self.ended = True

    async def reach(self, number: int) -> None:
        async with asyncio.timeout(5):
            while await self.rounds.get() < number:
                pass


async def waits(_: int) -> float:
    return LONG


async def test_a_bell_begins_the_next_round(store: Store) -> None:
    async with Counting(store, waits) as counting:
        await counting.reach(1)
        store.announce("counting")
        await counting.reach(2)
        counting.wake()
        await counting.reach(3)


async def test_what_rings_while_a_round_works_is_not_lost(store: Store) -> None:
    async def rings(number: int) -> float:
        if number == 1:
            store.announce("counting")
        return LONG

    async with Counting(store, rings) as counting:
        await counting.reach(2)


async def test_something_that_falls_due_needs_no_bell(store: Store) -> None:
    async def soon(_: int) -> float:
        return 0.001

    async with Counting(store, soon) as counting:
        await counting.reach(3)


async def test_a_round_that_fails_is_followed_by_another(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "AGAIN", 0.001)

    async def fails(number: int) -> float:
        if number < 3:
            raise OSError("with something nobody should read")
        return LONG

    async with Counting(store, fails) as counting:
        await counting.reach(3)
    assert "Counting goes on after OSError" in caplog.text
    assert "nobody should read" not in caplog.text


async def test_stopping_lets_the_round_come_to_its_end(store: Store) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    done = []

    async def works(number: int) -> float:
        begun.set()
        await may_end.wait()
        done.append(number)
        return LONG

    counting = Counting(store, works)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(counting.run())
        await begun.wait()
        stopping = tasks.create_task(counting.stop())
        await asyncio.sleep(0)
        assert not running.done()
        may_end.set()
        await stopping
    assert (done, counting.ended) == ([1], True)
