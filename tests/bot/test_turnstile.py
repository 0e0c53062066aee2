"""Few begin together; whoever is slow holds up nobody."""

import asyncio

import pytest

from bot.turnstile import Turnstile

LONG = 3600.0


class Crowd:
    """Everybody who wants through; each stays inside until told to leave."""

    def __init__(self, turnstile: Turnstile, size: int) -> None:
        self._turnstile, self.inside = turnstile, list[int]()
        self._leave = [asyncio.Event() for _ in range(size)]
        self._all = [asyncio.create_task(self._pass(number)) for number in range(size)]

    async def _pass(self, number: int) -> None:
        with await self._turnstile.passed():
            self.inside.append(number)
            await self._leave[number].wait()

    async def comes_in(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.inside) < count:  # noqa: ASYNC110  # a list rings no event
                await asyncio.sleep(0)

    async def leaves(self, *numbers: int) -> None:
        for number in numbers:
            self._leave[number].set()
        await asyncio.gather(*(self._all[number] for number in numbers))


async def test_the_next_begins_when_one_is_done() -> None:
    crowd = Crowd(Turnstile(2, LONG), 4)
    await crowd.comes_in(2)
    await asyncio.sleep(0.01)
    assert crowd.inside == [0, 1]

    await crowd.leaves(1)
    await crowd.comes_in(3)
    assert crowd.inside == [0, 1, 2]


async def test_the_next_begins_when_one_proves_slow() -> None:
    crowd = Crowd(Turnstile(1, 0.001), 3)

    await crowd.comes_in(3)

    assert crowd.inside == [0, 1, 2]


async def test_who_was_slow_gives_no_second_place_back_on_leaving() -> None:
    turnstile = Turnstile(1, 0.001)
    slow = Crowd(turnstile, 2)
    await slow.comes_in(2)
    await slow.leaves(0, 1)

    turnstile.patience = LONG
    crowd = Crowd(turnstile, 2)
    await crowd.comes_in(1)
    await asyncio.sleep(0.01)
    assert crowd.inside == [0]


@pytest.mark.parametrize("why", [ValueError, asyncio.CancelledError])
async def test_who_fails_inside_makes_way(why: type[BaseException]) -> None:
    turnstile = Turnstile(1, LONG)
    with pytest.raises(why), await turnstile.passed():
        raise why

    await Crowd(turnstile, 1).comes_in(1)
