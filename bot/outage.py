"""Time out of reach: a pulse is written while we serve, and after a gap every open question is asked again.

A tap on a button lives 150 seconds at Telegram; one made while nobody took it is lost without a word. The
gap is found at the start of a process as well as after an outage of the database or of the channel.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from conversations.crashpoints import crashpoint
from conversations.events import WereAway
from conversations.flow import FORGOTTEN, left_open
from conversations.session import Session
from conversations.store import pulse
from conversations.turns import Turns

TAP_LIVES = timedelta(seconds=150)
BEAT = 20.0  #: seconds between pulses
SOON = 2.0  #: seconds until the next try when a beat failed
PACE = 25  #: conversations asked again in one second; Telegram's limit for one bot is near 30 messages

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outage:
    """Watches over one push channel; only one process does at a time."""

    turns: Turns
    channel: str
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def watch(self, in_reach: asyncio.Event) -> None:
        """Beat while the channel is in reach; ends by being cancelled."""
        while True:
            await in_reach.wait()
            try:
                await self.beat()
                pause = BEAT
            except Exception as error:  # the database is away or busy: that is an outage too
                _log.warning("no pulse could be written: %s", type(error).__name__)
                pause = SOON
            await self.sleep(pause)

    async def beat(self) -> int:
        """Write the pulse, once whatever the gap before it left open is asked again; how many that were."""
        last = await self.turns.store.read(lambda connection: pulse.last(connection, self.channel))
        asked = 0
        if last is not None and self.turns.clock() - last > TAP_LIVES:
            asked = await self._ask_again(last)
            _log.warning("out of reach since %s: %d open questions asked again", f"{last:%F %T}", asked)
        now = self.turns.clock()
        crashpoint("before the pulse")
        await self.turns.store.write(lambda connection: pulse.beat(connection, self.channel, now))
        crashpoint("pulse written")
        return asked

    async def _ask_again(self, last: datetime) -> int:
        """The pulse stays old until all are asked: after a crash it goes on, and nobody hears it twice."""
        asked, after = 0, last - FORGOTTEN
        find = partial(pulse.with_open_keyboard, channel=self.channel, after=after)
        ids = await self.turns.store.read(find)
        for page in (ids[first : first + PACE] for first in range(0, len(ids), PACE)):
            told = await asyncio.gather(*(self._tell(each, last) for each in await self._open(page, last)))
            asked += sum(told)
            if told:
                await self.sleep(1.0)
        return asked

    async def _open(self, ids: Iterable[str], last: datetime) -> list[Session]:
        held = set(ids)
        found = await self.turns.store.read(lambda connection: pulse.sessions_of(connection, held))
        return [each for each in found if left_open(each, self.turns.clock(), _served_since(last))]

    async def _tell(self, session: Session, last: datetime) -> bool:
        event = WereAway(self.turns.clock(), _served_since(last))
        arrival = f"{last.isoformat()}:{session.id}"
        crashpoint("before asking again")
        told = (await self.turns.handle_session(session.id, "outage", arrival, event)).fresh
        crashpoint("asked again")
        return told


def _served_since(last: datetime) -> datetime:
    """Heard after this moment, a merchant was heard after the gap: the pulse itself is a beat behind."""
    return last + timedelta(seconds=2 * BEAT)
