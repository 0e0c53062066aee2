"""Takes one update to its committed effect.

What cannot be understood or done is put aside, so that no update ever blocks its chat.
"""

import logging
from collections import Counter
from typing import Protocol

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.telegram.courtesy import Courtesy
from bot.telegram.updates import Blocked, Elsewhere, Foreign, Heard, Meaning, Parked, Reader
from conversations import wording
from conversations.events import Event
from conversations.session import Session
from conversations.store import Contact, Contended
from conversations.turns import Handled

#: what a store raises that is locked, full, restarting or unreachable
_AWAY = (Contended, OSError, OperationalError, InterfaceError)

_log = logging.getLogger(__name__)


class Turns(Protocol):
    """What this channel needs of `conversations.turns.Turns`."""

    async def handle(
        self, contact: Contact, arrival: str, event: Event, *, language: str | None = None
    ) -> Handled: ...
    async def session_of(self, contact: Contact) -> Session | None: ...
    async def idle(self, session_id: str) -> bool: ...
    async def reachable(self, contact: Contact, alive: bool) -> None: ...


class StoreAway(Exception):
    """Nothing could be stored: the update is still Telegram's, and must come again."""


class Intake:
    """The one road from an update to a turn, for polling and webhook alike."""

    def __init__(self, reader: Reader, turns: Turns, courtesy: Courtesy) -> None:
        self._reader, self._turns, self._courtesy = reader, turns, courtesy
        self.parked: Counter[str] = Counter()  #: how many updates were put aside, by reason

    async def take(self, update: object) -> None:
        """Returns once the effect is durable, or the update is put aside for good.

        Raises:
            StoreAway: it must be delivered again.
        """
        meaning = self._reader.read(update)
        try:
            await self._act(meaning)
        except Exception as error:
            if not isinstance(meaning, Heard | Blocked) or await self._store_away(meaning.contact, error):
                raise StoreAway from error
            self.park(f"failed with {type(error).__name__}", meaning.arrival)
            self._apologise(meaning)

    def park(self, reason: str, arrival: str | None = None) -> None:
        """Puts an update aside; the log names it, its content goes nowhere."""
        self.parked[reason] += 1
        _log.error("telegram update %s put aside: %s", arrival or "without an id", reason)

    async def _act(self, meaning: Meaning) -> None:
        match meaning:
            case Heard():
                await self._hear(meaning)
            case Foreign():
                await self._turn_down(meaning)
            case Blocked():
                await self._turns.reachable(meaning.contact, alive=False)
            case Elsewhere():
                self._courtesy.point_out(meaning.chat, wording.closest(meaning.language))
            case Parked():
                self.park(meaning.reason, meaning.arrival)

    async def _hear(self, heard: Heard) -> None:
        if heard.returned:
            await self._turns.reachable(heard.contact, alive=True)
        handled = await self._turns.handle(heard.contact, heard.arrival, heard.event, language=heard.language)
        if heard.query:
            self._courtesy.answer(heard.query)
        if handled.fresh and handled.waiting is None:
            self._courtesy.type_until_done(handled.session_id, heard.contact.address)

    async def _turn_down(self, foreign: Foreign) -> None:
        session = await self._turns.session_of(foreign.contact)
        language = session.language if session else wording.closest(foreign.language)
        self._courtesy.answer(foreign.query, wording.phrase("telegram.stale", language))

    def _apologise(self, meaning: Heard | Blocked) -> None:
        if isinstance(meaning, Heard):
            self._courtesy.apologise(meaning.contact.address, wording.closest(meaning.language))
            if meaning.query:
                self._courtesy.answer(meaning.query)

    async def _store_away(self, contact: Contact, error: Exception) -> bool:
        """Whether the store is at fault and not the update: it says so itself, or cannot even be read."""
        if isinstance(error, _AWAY):
            return True
        try:
            await self._turns.session_of(contact)
        except Exception:
            return True
        return False
