"""What waits is taken in bounded groups, fairly, one thing of each key at a time, and fails alone."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from conversations.gathering import GROUP, MOST_OF_ONE, Busy, Gathering

Item = tuple[str, int]


class Taker:
    """Takes each group when it is told to; what it gives back is the item, or an error of its own."""

    def __init__(self, wrong: Callable[[Item], Exception | None] = lambda _: None) -> None:
        self.groups: list[list[Item]] = []
        self._wrong, self._gates = wrong, asyncio.Queue[asyncio.Future[None]]()
        self.under_way: set[str] = set()

    async def take(self, items: list[Item]) -> list[Item | Exception]:
        keys = [key for key, _ in items]
        assert len(set(keys)) == len(keys)
        assert not self.under_way & set(keys)
        self.groups.append(items)
        self.under_way |= set(keys)
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._gates.put_nowait(gate)
        try:
            await gate
        finally:
            self.under_way -= set(keys)
        return [self._wrong(item) or item for item in items]

    async def let_one_group_go(self, trouble: Exception | None = None) -> None:
        gate = await asyncio.wait_for(self._gates.get(), 5)
        gate.set_result(None) if trouble is None else gate.set_exception(trouble)

    async def let_go_until(self, waiting: list[asyncio.Task[Item]]) -> None:
        everybody = asyncio.create_task(asyncio.wait(waiting))
        while not everybody.done():
            letting = asyncio.create_task(self.let_one_group_go())
            either: set[asyncio.Task[Any]] = {everybody, letting}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            letting.cancel()


async def adding(gathering: Gathering[Item, Item], *items: Item) -> list[asyncio.Task[Item]]:
    """Callers that wait, in this order, each in a task of its own."""
    tasks = [asyncio.create_task(gathering.add(item[0], item)) for item in items]
    await asyncio.sleep(0)  # every caller has run as far as it can
    return tasks


async def test_each_caller_gets_what_became_of_its_own() -> None:
    taker = Taker()
    waiting = await adding(Gathering(taker.take), ("a", 1), ("b", 1), ("a", 2))
    await taker.let_go_until(waiting)

    assert [task.result() for task in waiting] == [("a", 1), ("b", 1), ("a", 2)]


async def test_who_talks_a_lot_delays_nobody_else() -> None:
    taker = Taker()
    flood = [("loud", n) for n in range(MOST_OF_ONE)]
    waiting = await adding(Gathering(taker.take), ("first", 1), *flood, ("quiet", 1), ("shy", 1))
    await taker.let_go_until(waiting)

    assert taker.groups[:3] == [[("first", 1)], [("loud", 0), ("quiet", 1), ("shy", 1)], [("loud", 1)]]
    assert [n for group in taker.groups for key, n in group if key == "loud"] == list(range(MOST_OF_ONE))


async def test_one_key_is_never_taken_twice_at_the_same_time() -> None:
    taker = Taker()
    waiting = await adding(Gathering(taker.take, side_by_side=2), ("a", 1), ("a", 2), ("b", 1), ("b", 2))
    assert taker.under_way <= {"a", "b"}
    await taker.let_go_until(waiting)  # the taker itself refuses a key that is under way

    assert sorted(item for group in taker.groups for item in group) == sorted(
        task.result() for task in waiting
    )


async def test_groups_are_side_by_side_only_as_far_as_allowed() -> None:
    taker = Taker()
    gathering = Gathering[Item, Item](taker.take, side_by_side=2)
    waiting = await adding(gathering, ("a", 1)) + await adding(gathering, ("b", 1))
    waiting += await adding(gathering, ("c", 1))

    await asyncio.sleep(0)
    assert taker.groups == [[("a", 1)], [("b", 1)]]
    assert len(gathering) == 1
    await taker.let_go_until(waiting)


async def test_a_group_is_bounded() -> None:
    taker = Taker()
    waiting = await adding(Gathering(taker.take), *[(str(n), n) for n in range(2 * GROUP)])
    await taker.let_go_until(waiting)

    assert max(map(len, taker.groups)) == GROUP


async def test_one_key_may_not_fill_the_queue() -> None:
    taker = Taker()
    gathering = Gathering[Item, Item](taker.take)
    waiting = await adding(gathering, ("first", 1), *[("loud", n) for n in range(MOST_OF_ONE + 1)])
    with pytest.raises(Busy):
        await waiting.pop()

    waiting += await adding(gathering, ("quiet", 1))
    await taker.let_go_until(waiting)
    assert waiting[-1].result() == ("quiet", 1)


async def test_what_is_too_much_altogether_is_told_at_once_and_room_is_given_back() -> None:
    taker = Taker()
    gathering = Gathering[Item, Item](taker.take, most=3)
    waiting = await adding(gathering, ("under way", 1))
    waiting += await adding(gathering, *[(str(n), n) for n in range(5)])
    refused, waiting = waiting[4:], waiting[:4]

    assert [task.done() and type(task.exception()) for task in refused] == [Busy, Busy]
    await taker.let_go_until(waiting)
    assert len(gathering) == 0


async def test_an_error_reaches_only_the_one_it_belongs_to() -> None:
    taker = Taker(lambda item: ValueError("bad") if item[0] == "bad" else None)
    waiting = await adding(Gathering(taker.take), ("good", 1), ("bad", 1), ("better", 1))
    await taker.let_go_until(waiting)

    with pytest.raises(ValueError, match="bad"):
        waiting[1].result()
    assert [waiting[0].result(), waiting[2].result()] == [("good", 1), ("better", 1)]


async def test_a_group_that_fails_is_told_to_all_of_it_and_the_next_one_goes() -> None:
    taker = Taker()
    waiting = await adding(Gathering(taker.take), ("a", 1), ("b", 1), ("a", 2))
    await taker.let_one_group_go(OSError("away"))
    await taker.let_go_until(waiting)

    failed = [isinstance(task.exception(), OSError) for task in waiting]
    assert failed == [item in taker.groups[0] for item in (("a", 1), ("b", 1), ("a", 2))]


async def test_a_caller_who_leaves_takes_nothing_with_them() -> None:
    """The item is on its way: it is done once, and those who wait with it get their results."""
    taker = Taker()
    waiting = await adding(Gathering(taker.take), ("a", 1), ("b", 1), ("a", 2))
    waiting[0].cancel()
    await taker.let_go_until(waiting)

    assert waiting[0].cancelled()
    assert [task.result() for task in waiting[1:]] == [("b", 1), ("a", 2)]
    assert sum(group.count(("a", 1)) for group in taker.groups) == 1
