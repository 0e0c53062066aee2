"""Updates that wait for the bot: what is confirmed leaves, what is too old is gone."""

import asyncio
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

TAP_LIVES = timedelta(seconds=150)
AHEAD = 10  #: an offset may lie so far ahead of the newest number
MESSAGE_LIVES = timedelta(hours=24)


@dataclass(frozen=True)
class Waiting:
    """An update, when it came, and the queue in which a webhook gets it: taps have their own."""

    update: dict[str, Any]
    at: datetime
    queue: str

    @property
    def number(self) -> int:
        return int(self.update["update_id"])


class Mailbox:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._numbers = itertools.count(7_000)
        self._tail = 7_000  # the newest number given, or one before the first
        self._waiting: list[Waiting] = []
        self.sent: list[dict[str, Any]] = []  #: every update that ever was
        self.arrived = asyncio.Event()

    def put(self, kind: str, body: Any, *, chat: int, number: int | None = None) -> dict[str, Any]:
        """A new update; the same `number` again makes it a redelivery."""
        if number is None:
            number = self._tail = next(self._numbers)
        update = {"update_id": number, kind: body}
        self.sent.append(update)
        self.put_again(update, chat=chat)
        return update

    def put_again(self, update: dict[str, Any], *, chat: int) -> None:
        queue = f"tap {chat}" if "callback_query" in update else f"message {chat}"
        self._waiting.append(Waiting(update, self._clock(), queue))
        self.arrived.set()

    def restart_at(self, number: int) -> None:
        """After a quiet week: numbers go on from here, which may be lower."""
        self._numbers, self._tail = itertools.count(number), number

    def shuffle(self, chance: random.Random) -> None:
        """What waits is delivered in another order."""
        chance.shuffle(self._waiting)

    def confirm_below(self, offset: int) -> None:
        """An offset that lies ahead of every number is taken for a mistake and confirms nothing."""
        if offset > self._tail + AHEAD:
            return
        self._waiting = [each for each in self._waiting if each.number >= offset]

    def confirm(self, waiting: Waiting) -> None:
        self._waiting.remove(waiting)

    def head(self, limit: int = 100) -> list[Waiting]:
        self._expire()
        return self._waiting[:limit]

    def heads(self) -> dict[str, Waiting]:
        """The first update of each queue."""
        self._expire()
        return {each.queue: each for each in reversed(self._waiting)}

    def clear(self) -> None:
        self._waiting.clear()

    def __len__(self) -> int:
        return len(self._waiting)

    def _expire(self) -> None:
        now = self._clock()
        lives = {True: TAP_LIVES, False: MESSAGE_LIVES}
        self._waiting = [w for w in self._waiting if now - w.at <= lives["callback_query" in w.update]]
