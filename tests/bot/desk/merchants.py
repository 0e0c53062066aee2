"""Merchants who talk to the product behind the desk, without a browser of their own."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot import app
from bot.visitors import contact_of, new_token
from conversations.events import Arrived, Chose, Event, Said
from conversations.session import Session, Stage
from conversations.store import Contact


class Now(Protocol):
    @property
    def now(self) -> datetime: ...


#: taps and words that lead to the question of the shop's account
OPENING = ("agree", "owner", "restaurant", "昆明 2017年2月", "individual_business")


class Place(Protocol):
    """A product that runs, and its clock."""

    @property
    def parts(self) -> app.Parts: ...
    @property
    def clock(self) -> Now: ...


@dataclass
class Merchant:
    office: Place
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

    async def applies(self, *, licence: str = "none", amount: str = "3万 12期") -> str:
        """A whole application without accounts; without a licence a person decides. The conversation's id."""
        await self.taps(*OPENING[:3])
        await self.says(OPENING[3])
        await self.taps(licence, "skip", "skip")
        await self.says("13万", "37单 120元 30天", "一万五", "4人 18000", "没有", amount)
        await self.says("进货")
        await self.taps("submit")
        await self.is_decided()
        return self.id

    async def is_decided(self) -> None:
        """Wait until the assessment that is under way has come to something."""
        turns = self.office.parts.turns
        while (await self.session()).stage is Stage.ASSESSING:
            said = await turns.messages(self.id)
            await turns.news(self.id, said[-1].n, timeout=5)

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
