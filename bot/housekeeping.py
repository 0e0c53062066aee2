"""A quiet round that forgets what has served its time, a little at a time, in one process only."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.leadership import Leading, until_lost
from conversations.crashpoints import crashpoint
from conversations.store import Store, dead_letters, inbox

#: Telegram delivers again for a day at most, and numbers its updates anew after seven idle days at least:
#: an arrival is known for longer than the one and shorter than the other
ARRIVALS = timedelta(hours=72)
SENT = timedelta(days=7)
LETTERS = timedelta(days=7)
EVERY = 600.0  #: seconds between rounds
BATCH = 200  #: rows deleted in one transaction; others write between two
BREATH = 0.05  #: seconds between batches

_log = logging.getLogger(__name__)

Forgetting = Callable[[Connection, datetime, int], int]
KEPT: tuple[tuple[Forgetting, timedelta], ...] = (
    (inbox.forget_arrivals, ARRIVALS),
    (inbox.forget_sent, SENT),
    (dead_letters.prune, LETTERS),
)


@dataclass(frozen=True)
class Housekeeping:
    store: Store
    clock: Callable[[], datetime]
    leading: Leading
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Rounds for ever, in whichever process leads; ends by being cancelled."""
        while True:
            async with self.leading("housekeeping") as lost:
                await until_lost(asyncio.create_task(self._rounds()), lost)

    async def round(self) -> int:
        """Forget everything whose time is up; how many rows that were."""
        return sum([await self._forget(forgetting, age) for forgetting, age in KEPT])

    async def _rounds(self) -> None:
        while True:
            try:
                await self.round()
            except Exception as error:  # a database that is away is asked again next time
                _log.warning("housekeeping goes on later: %s", type(error).__name__)
            await self.sleep(EVERY)

    async def _forget(self, forgetting: Forgetting, age: timedelta) -> int:
        before, total = self.clock() - age, 0
        while gone := await self.store.write(lambda connection: forgetting(connection, before, BATCH)):
            crashpoint("forgotten")
            total += gone
            await self.sleep(BREATH)
        return total
