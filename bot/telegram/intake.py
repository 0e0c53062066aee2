"""Takes one update to its committed effect.

What cannot be understood or done is put aside, so that no update blocks its chat while the database works.
"""

import json
import logging
from datetime import datetime
from typing import Protocol

from bot import device_links
from bot.device_links import Link
from bot.telegram.courtesy import Courtesy
from bot.telegram.updates import (
    CHANNEL,
    AtDesk,
    Blocked,
    Elsewhere,
    Foreign,
    Heard,
    Meaning,
    Parked,
    Reader,
)
from conversations import wording
from conversations.events import Event, LinkFailed, Said
from conversations.gathering import Busy
from conversations.session import BOT, Session
from conversations.store import Contact
from conversations.store.database import AWAY, FAILED
from conversations.turns import Handled

WHILE_AWAY, WHILE_BUSY = 5, 1  #: seconds after which an update may come again

_log = logging.getLogger(__name__)


class Turns(Protocol):
    """What this channel needs of `conversations.turns.Turns`."""

    async def handle(
        self, contact: Contact, arrival: str, event: Event, *, language: str | None = None
    ) -> Handled: ...
    async def move(
        self, contact: Contact, channel: str, arrival: str, session_id: str, at: datetime
    ) -> Handled: ...
    async def session_of(self, contact: Contact) -> Session | None: ...
    async def quiet(self, session_id: str) -> bool: ...
    async def reachable(self, contact: Contact, alive: bool) -> None: ...
    async def blocked(self, contact: Contact, arrival: str) -> None: ...


class Desk(Protocol):
    """Does what staff write in their group; what is its own fault it deals with itself."""

    async def hear(self, words: AtDesk) -> None: ...


class DeadLetters(Protocol):
    """Where updates go that nothing can be done about."""

    async def keep(self, channel: str, arrival: str | None, why: str, raw: bytes) -> None: ...


class StoreAway(Exception):
    """Nothing could be stored: the update is still Telegram's, and must come again, in so many seconds."""

    def __init__(self, seconds: int = WHILE_AWAY) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Intake:
    """The one road from an update to a turn, for polling and webhook alike."""

    def __init__(
        self,
        reader: Reader,
        turns: Turns,
        courtesy: Courtesy,
        letters: DeadLetters,
        desk: Desk | None = None,
    ) -> None:
        self._reader, self._turns, self._courtesy, self._letters = reader, turns, courtesy, letters
        self._desk = desk

    async def take(self, update: object, raw: bytes | None = None) -> None:
        """Returns once the effect is durable, or the update is put aside; `raw` is it as it came.

        Raises:
            StoreAway: it must be delivered again.
        """
        meaning = self._reader.read(update)
        try:
            if isinstance(meaning, Parked):
                await self.park(meaning.reason, _raw(update, raw), meaning.arrival)
            else:
                await self._act(meaning)
        except StoreAway:
            raise
        except Busy as error:
            raise StoreAway(WHILE_BUSY) from error
        except Exception as error:
            if not isinstance(meaning, Heard | Foreign | Blocked) or await self._store_away(
                meaning.contact, error
            ):
                raise StoreAway from error
            arrival = None if isinstance(meaning, Foreign) else meaning.arrival
            await self.park(f"failed with {type(error).__name__}", _raw(update, raw), arrival)
            self._apologise(meaning)

    async def park(self, reason: str, raw: bytes, arrival: str | None = None) -> None:
        """Puts an update aside, sealed; the log names it and nothing of its content.

        Raises:
            StoreAway: it must be delivered again.
        """
        try:
            await self._letters.keep(CHANNEL, arrival, reason, raw)
        except FAILED as error:  # confirmed now, it would be nowhere
            raise StoreAway from error
        except Exception as error:  # no fault of the database: it would hold up its chat, and fail again
            _log.error("a dead letter could not be kept: %s", type(error).__name__)
            return
        _log.error("telegram update %s put aside: %s", arrival or "without an id", reason)

    async def _act(self, meaning: Meaning) -> None:
        match meaning:
            case Heard():
                await self._hear(meaning)
            case Foreign():
                await self._turn_down(meaning)
            case Blocked():
                await self._turns.blocked(meaning.contact, meaning.arrival)
            case AtDesk() if self._desk is not None:
                await self._desk.hear(meaning)
            case Elsewhere():
                self._courtesy.point_out(meaning.chat, wording.closest(meaning.language))

    async def _hear(self, heard: Heard) -> None:
        if heard.returned:
            await self._turns.reachable(heard.contact, alive=True)
        handled = await (self._follow(heard, heard.link) if heard.link else self._take_up(heard, heard.event))
        if heard.query:
            self._courtesy.answer(heard.contact.address, heard.query)
        if handled.fresh and handled.waiting is None and handled.holder == BOT:
            self._courtesy.type_until_done(handled.session_id, heard.contact.address)

    async def _take_up(self, heard: Heard, event: Event) -> Handled:
        return await self._turns.handle(heard.contact, heard.arrival, event, language=heard.language)

    async def _follow(self, heard: Heard, link: Link) -> Handled:
        """Go on with the conversation of another device; who is there already hears where it stands."""
        handled = await device_links.follow(self._turns, heard.contact, link, heard.event.at)
        if handled is None:
            return await self._take_up(heard, LinkFailed(heard.event.at))
        return handled if handled.fresh else await self._take_up(heard, Said(heard.event.at, "/start"))

    async def _turn_down(self, foreign: Foreign) -> None:
        session = await self._turns.session_of(foreign.contact)
        language = session.language if session else wording.closest(foreign.language)
        self._courtesy.answer(
            foreign.contact.address, foreign.query, wording.phrase("telegram.stale", language)
        )

    def _apologise(self, meaning: Heard | Foreign | Blocked) -> None:
        if isinstance(meaning, Heard):
            self._courtesy.apologise(meaning.contact.address, wording.closest(meaning.language))
            if meaning.query:
                self._courtesy.answer(meaning.contact.address, meaning.query)

    async def _store_away(self, contact: Contact, error: Exception) -> bool:
        """Whether the store is at fault and not the update: it says so itself, or cannot even be read."""
        if isinstance(error, AWAY):
            return True
        try:
            await self._turns.session_of(contact)
        except Exception as unreadable:  # a session that cannot be loaded will not be on the next try either
            return isinstance(unreadable, FAILED)
        return False


def _raw(update: object, raw: bytes | None) -> bytes:
    """The bytes as they came, or what was read from an answer that held several."""
    return json.dumps(update).encode() if raw is None else raw
