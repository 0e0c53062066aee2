"""A quiet round that forgets what has served its time, a little at a time, in one process only.

Ages are told by a time of its own, kept in the database: a clock that leaps ahead would otherwise forget all
that arrived, and what is delivered again would be done again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.leadership import Leading, until_lost
from conversations.crashpoints import crashpoint
from conversations.store import (
    Store,
    dead_letters,
    inbox,
    invitations,
    pulse,
    staff_sessions,
    telegram_accounts,
    tries,
    work,
)

MATTER = "housekeeping"

#: Telegram delivers again for a day at most, and numbers its updates anew after seven idle days at least:
#: an arrival is known for longer than the one and, unless nobody kept house for days, shorter than the other
ARRIVALS = timedelta(hours=72)
SENT = timedelta(days=7)
LETTERS = timedelta(days=7)
ENTRANCE = timedelta(days=1)  #: sessions, links and tries at the desk, all of which end sooner
WORK = timedelta(days=30)  #: long enough to ask why some of it failed
EVERY = 600.0  #: seconds between rounds
#: the most its own time advances from one round to the next: it catches up with a clock after a pause, and
#: under one that leapt ahead an arrival still outlives the day for which it may be delivered again (each
#: start makes a round, so only a process that restarts all day long comes near it)
STRIDE = timedelta(seconds=2 * EVERY)
BATCH = 200  #: rows deleted in one transaction; others write between two
BREATH = 0.05  #: seconds between batches

_log = logging.getLogger(__name__)

Forgetting = Callable[[Connection, datetime, int], int]
KEPT: tuple[tuple[Forgetting, timedelta], ...] = (
    (inbox.forget_arrivals, ARRIVALS),
    (inbox.forget_sent, SENT),
    (dead_letters.prune, LETTERS),
    (work.forget, WORK),
    (staff_sessions.forget, ENTRANCE),
    (invitations.forget, ENTRANCE),
    (telegram_accounts.forget, ENTRANCE),
    (tries.forget, ENTRANCE),
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
            async with self.leading(MATTER) as lost:
                await until_lost(asyncio.create_task(self._rounds()), lost)

    async def round(self) -> int:
        """Forget everything whose time is up; how many rows that were."""
        now = await self.store.write(self._advanced)
        return sum([await self._forget(forgetting, now - age) for forgetting, age in KEPT])

    async def _rounds(self) -> None:
        while True:
            try:
                await self.round()
            except Exception as error:  # a database that is away is asked again next time
                _log.warning("housekeeping goes on later: %s", type(error).__name__)
            await self.sleep(EVERY)

    def _advanced(self, connection: Connection) -> datetime:
        """Housekeeping's own time: never ahead of the clock, and never set back by one that is wrong."""
        last, now = pulse.last(connection, MATTER), self.clock()
        if last is not None and now <= last:
            return now
        own = now if last is None else min(now, last + STRIDE)
        pulse.beat(connection, MATTER, own)
        return own

    async def _forget(self, forgetting: Forgetting, before: datetime) -> int:
        total = 0
        while gone := await self.store.write(lambda connection: forgetting(connection, before, BATCH)):
            crashpoint("forgotten")
            total += gone
            await self.sleep(BREATH)
        return total
