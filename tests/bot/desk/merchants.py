"""Merchants who talk to the product behind the desk, without a browser of their own."""

import uuid
from dataclasses import dataclass, field

from bot.visitors import contact_of, new_token
from conversations.events import Arrived, Chose, Event, Said
from conversations.session import Session
from conversations.store import Contact
from tests.bot.desk.office import Office

#: taps and words that lead to the question of the shop's account
OPENING = ("agree", "owner", "restaurant", "昆明 2017年2月", "individual_business")


@dataclass
class Merchant:
    office: Office
    contact: Contact = field(default_factory=lambda: contact_of(new_token()))
    id: str = ""

    async def taps(self, *choices: str) -> None:
        for choice in choices:
            await self._sends(Chose(self.office.clock.now, choice))

    async def says(self, *texts: str) -> None:
        for text in texts:
            await self._sends(Said(self.office.clock.now, text))

    async def asks_for_a_person(self) -> str:
        """Somebody who has begun and wants a person; the conversation's id."""
        await self.taps("agree", "owner")
        await self.taps("/human")
        return self.id

    async def session(self) -> Session:
        found = await self.office.parts.turns.session(self.id)
        assert found is not None
        return found

    async def heard(self) -> list[tuple[str, str]]:
        """Who said what since the beginning, the merchant's own words left out."""
        messages = await self.office.parts.turns.messages(self.id)
        return [(message.speaker, message.text) for message in messages if message.voice != "merchant"]

    async def _sends(self, event: Event) -> None:
        for each in (event,) if self.id else (Arrived(event.at, "en"), event):
            handled = await self.office.parts.turns.handle(
                self.contact, uuid.uuid4().hex, each, language="en"
            )
            self.id = handled.session_id
