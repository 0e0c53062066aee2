"""What waits is taken together: a bounded queue that hands over groups, fair to everybody who waits.

A group holds at most one item of each key, so nobody's flood delays the others, and what concerns one key is
never taken twice at the same time.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

GROUP = 128  #: items handed over together; bounds how long the first of them waits
MOST = 1000  #: items that may wait
MOST_OF_ONE = 20  #: items of one key that may wait


class Busy(Exception):
    """More waits already than can be done soon; the item was not taken."""


class Gathering(Generic[Item, Result]):
    """`take` gets a group and returns, in the same order, each item's result or error."""

    def __init__(
        self,
        take: Callable[[list[Item]], Awaitable[list[Result | Exception]]],
        *,
        side_by_side: int = 1,
        most: int = MOST,
    ) -> None:
        self._take, self._most = take, most
        self._waiting: dict[Hashable, deque[tuple[Item, asyncio.Future[Result]]]] = {}
        self._size = 0
        self._taken: set[Hashable] = set()  # keys of the groups on their way
        self._free = side_by_side
        self._groups: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return self._size

    async def add(self, key: Hashable, item: Item) -> Result:
        """The item's result, once its group was taken.

        Raises:
            Busy: too much waits, of this key or altogether.
        """
        queue = self._waiting.get(key)
        if self._size >= self._most or (queue is not None and len(queue) >= MOST_OF_ONE):
            raise Busy
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        if queue is None:
            queue = self._waiting[key] = deque()
        queue.append((item, future))
        self._size += 1
        self._start()
        return await future

    def _start(self) -> None:
        while self._free and (group := self._next()):
            self._free -= 1
            task = asyncio.create_task(self._hand_over(group))
            self._groups.add(task)
            task.add_done_callback(self._groups.discard)

    def _next(self) -> dict[Hashable, tuple[Item, asyncio.Future[Result]]]:
        """The first item of each key that is not on its way already."""
        ready = [key for key in self._waiting if key not in self._taken][:GROUP]
        group = {}
        for key in ready:
            queue = self._waiting.pop(key)
            group[key] = queue.popleft()
            if queue:
                self._waiting[key] = queue  # behind the others
        self._size -= len(group)
        self._taken.update(group)
        return group

    async def _hand_over(self, group: dict[Hashable, tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._take([item for item, _ in group.values()])
        except Exception as error:
            results = [error] * len(group)
        finally:
            self._free += 1
            self._taken.difference_update(group)
        for (_, future), result in zip(group.values(), results, strict=True):
            _settle(future, result)
        self._start()


def _settle(future: asyncio.Future[Result], result: Result | Exception) -> None:
    if future.done():
        return  # whoever asked has gone
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
