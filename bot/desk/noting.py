"""Notes the words of conversations for the search, once they pause; in one process only.

A conversation is found some seconds after its last words, so that a busy one is not noted at every turn.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.leadership import Leading, until_lost
from conversations.store import Store
from conversations.store.bell import CHATS, rung
from conversations.store.desk import search

MATTER = "search"

LULL = timedelta(seconds=3)  #: without words after which a conversation is noted
AGAIN = timedelta(minutes=5)  #: looked at once more, for a transaction that ended late
EVERY = 60.0  #: seconds between looks when no bell rings
BREATH = 0.05  #: seconds between two batches; others write meanwhile

_log = logging.getLogger(__name__)


@dataclass
class Noting:
    store: Store
    clock: Callable[[], datetime]
    leading: Leading
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    since: datetime = field(default=datetime.min.replace(tzinfo=UTC))  #: what changed before is noted

    async def run(self) -> None:
        """Rounds for ever, in whichever process leads; ends by being cancelled."""
        while True:
            async with self.leading(MATTER) as lost:
                await until_lost(asyncio.create_task(self._rounds()), lost)

    async def round(self) -> None:
        """Note whatever has paused."""
        until = self.clock() - LULL
        while found := await self.store.read(lambda c: search.stale(c, self.since, until)):
            await self.store.write(partial(search.note, ids=[id for id, _ in found]))
            self.since = found[-1][1]
            await self.sleep(BREATH)
        self.since = max(self.since, until - AGAIN)

    async def _rounds(self) -> None:
        with self.store.bell.listen(CHATS) as bell:
            while True:
                bell.clear()
                try:
                    await self.round()
                except Exception as error:  # a database that is away is asked again next time
                    _log.warning("words are noted later: %s", type(error).__name__)
                await self.sleep(LULL.total_seconds())
                await rung(bell, EVERY)
