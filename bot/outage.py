"""Time out of reach: a pulse is written while we serve, and after a gap every open question is asked again.

A tap on a button lives 150 seconds at Telegram, a text 24 hours; what nobody took by then is lost without
a word. The gap is found at the start of a process as well as after an outage of the database or the channel.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from conversations import watch
from conversations.crashpoints import crashpoint
from conversations.events import WereAway
from conversations.flow import left_open
from conversations.gathering import Busy
from conversations.session import Session
from conversations.silence import FORGOTTEN
from conversations.store import pulse
from conversations.store.database import AWAY
from conversations.turns import Turns

TAP_LIVES = timedelta(seconds=150)
WORDS_LIVE = timedelta(hours=24)  #: after which Telegram forgets what was written to us
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
        asked, ids = 0, await self._perhaps_lost(last)
        for page in (ids[first : first + PACE] for first in range(0, len(ids), PACE)):
            tried = await asyncio.gather(*(self._try(each, last) for each in page), return_exceptions=True)
            told = [_told(each, outcome) for each, outcome in zip(page, tried, strict=True)]
            asked += sum(told)
            if any(told):
                await self.sleep(1.0)
        return asked

    async def _perhaps_lost(self, last: datetime) -> list[str]:
        """Conversations in which what the merchant did may have been forgotten before we came back."""
        find = partial(
            pulse.with_open_question,
            channel=self.channel,
            after=last - FORGOTTEN,
            buttons_only=self.turns.clock() - last <= WORDS_LIVE,
        )
        return await self.turns.store.read(find)

    async def _try(self, session_id: str, last: datetime) -> bool:
        session = await self.turns.session(session_id)
        return session is not None and self._is_open(session, last) and await self._tell(session, last)

    def _is_open(self, session: Session, last: datetime) -> bool:
        return left_open(session, self.turns.clock(), _served_since(last))

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


def _told(session_id: str, outcome: bool | BaseException) -> bool:
    """Whether it was asked again. What only one conversation suffers from keeps nobody else from being asked.

    Raises:
        BaseException: it concerns them all, who are tried again at the next beat.
    """
    if isinstance(outcome, bool):
        return outcome
    if isinstance(outcome, (*AWAY, Busy)) or not isinstance(outcome, Exception):
        raise outcome
    with watch.about(session_id):
        _log.error("its question cannot be asked again", exc_info=outcome)
    return False
