"""Hands every conversation what only time brings: its timers, as events, when they fall due.

Rounds are made in one process only, a little at a time. What is due is told by a time of its own, kept in the
database: a clock that leaps ahead would otherwise remind everybody at once, and cannot be taken back.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.leadership import Leading, until_lost
from conversations.crashpoints import crashpoint
from conversations.events import TimeCame
from conversations.gathering import Busy
from conversations.store import pulse, timers
from conversations.store.database import AWAY
from conversations.store.timers import Timer
from conversations.turns import Turns
from conversations.watch import UNWATCHED, Rang, Watch, about

MATTER = "timekeeping"

EVERY = 30.0  #: seconds between rounds
#: the most its own time advances from one round to the next: a day without us is caught up in 24 minutes, and
#: a clock that is a day wrong has as long to be set right
STRIDE = timedelta(minutes=30)
PACE = 25  #: conversations told in one second; Telegram's limit for one bot is near 30 messages
BATCH = 8 * PACE  #: conversations told in one round before its own time is looked at again
PUT_OFF = timedelta(hours=1)  #: until a timer is tried again that a conversation could not take

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timekeeping:
    turns: Turns
    leading: Leading
    watch: Watch = UNWATCHED
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Rounds for ever, in whichever process leads; ends by being cancelled."""
        while True:
            async with self.leading(MATTER) as lost:
                await until_lost(asyncio.create_task(self._rounds()), lost)

    async def round(self) -> int:
        """Tell every conversation whose time has come; how many events that were."""
        now = await self.turns.store.write(self._advanced)
        told: Counter[str] = Counter()
        while found := await self.turns.store.read(lambda c: timers.due(c, now, BATCH)):
            told.update(await self._tell(found))
            if len(found) < BATCH:
                break
        if told:
            _log.info("timers fell due: %s", ", ".join(f"{name} {n}" for name, n in sorted(told.items())))
        return told.total()

    async def _rounds(self) -> None:
        while True:
            try:
                await self.round()
            except Exception as error:  # a database that is away is asked again next time
                _log.warning("timers wait until the next round: %s", type(error).__name__)
            await self.sleep(EVERY)

    def _advanced(self, connection: Connection) -> datetime:
        """Timekeeping's own time: never ahead of the clock, and back with a clock that was ahead."""
        last, now = pulse.last(connection, MATTER), self.turns.clock()
        own = now if last is None else min(now, last + STRIDE)
        pulse.beat(connection, MATTER, own)
        return own

    async def _tell(self, due: Sequence[Timer]) -> list[str]:
        """The names of those that were taken, a second for each page."""
        taken: list[str] = []
        for page in (due[first : first + PACE] for first in range(0, len(due), PACE)):
            outcomes = await asyncio.gather(*map(self._ring, page), return_exceptions=True)
            for timer, outcome in zip(page, outcomes, strict=True):
                if await self._taken(timer, outcome):
                    taken.append(timer.name)
            if len(due) > PACE:
                await self.sleep(1.0)
        return taken

    async def _ring(self, timer: Timer) -> bool:
        event = TimeCame(self.turns.clock(), timer.name)
        crashpoint("before a timer rings")
        fresh = (await self.turns.handle_session(timer.session_id, "timer", timer.arrival, event)).fresh
        crashpoint("a timer rang")
        return fresh

    async def _taken(self, timer: Timer, outcome: bool | BaseException) -> bool:
        """Whether the conversation took it; one that did not, or could not, stands in nobody's way.

        Raises:
            BaseException: it concerns them all, who are told in the next round.
        """
        if isinstance(outcome, (*AWAY, Busy)) or not isinstance(outcome, bool | Exception):
            raise outcome
        how: Rang = "failed" if isinstance(outcome, Exception) else "fresh" if outcome else "seen"
        self.watch.timer(timer.name, how)
        if isinstance(outcome, Exception):
            with about(timer.session_id):
                _log.error("timer %s could not be acted on", timer.name, exc_info=outcome)
        if outcome is not True:
            until = self.turns.clock() + PUT_OFF
            await self.turns.store.write(lambda connection: timers.put_off(connection, timer, until))
        return outcome is True
