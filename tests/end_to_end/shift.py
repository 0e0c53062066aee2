"""The product with a group of its staff on Telegram, and people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.access.staff import Role
from conversations import wording
from conversations.session import Session
from conversations.store import telegram_accounts
from conversations.store.desk import chat
from conversations.store.desk.chat import Chat
from tests.bot.desk.office import Member, Office, office_in
from tests.telegram_peer.waiting import until

if TYPE_CHECKING:
    from tests.telegram_peer.forum import Topic
    from tests.telegram_peer.peer import Peer
    from tests.telegram_peer.person import Person

GROUP = -100500


def en(key: str, **values: str) -> str:
    return wording.phrase(key, "en", **values)


@dataclass
class Shift:
    """The product with its group, and people in it."""

    office: Office
    peer: "Peer"

    async def colleague(self, name: str, role: Role = Role.AGENT) -> "tuple[Member, Person]":
        """Somebody of the staff whose account on Telegram is known."""
        member, person = await self.office.member(role, name), self.peer.person("en")
        now = self.office.clock.now
        await self.office.access.store.write(
            lambda c: telegram_accounts.link(c, person.id, member.account.id, now)
        )
        return member, person

    async def merchant(self) -> "Person":
        """Somebody who has begun and wants a person."""
        person = self.peer.person("en")
        person.says("/start")
        await person.hears("18")
        person.taps(en("choice.agree"))
        await person.hears(en("ask.role"))
        person.says("/human")
        await person.hears("Noted")  # and who will come, which depends on who is there
        return person

    async def topic(self, words: str = "Application: ") -> "Topic":
        """The newest topic, once it says this; by itself how the application stands."""

        def found() -> "Topic | None":
            topic = self.peer.forum.newest
            return topic if topic and words in topic.text else None

        return await until(found, otherwise=lambda: f"no {words!r} in {self.peer.forum.topics}")

    async def session(self, merchant: "Person") -> Session:
        found = await self.office.parts.turns.session_of(merchant.contact)
        assert found is not None
        return found

    async def chat(self, merchant: "Person") -> Chat:
        id = (await self.session(merchant)).id
        found = await self.office.parts.store.read(lambda c: chat.read(c, id))
        assert found is not None
        return found

    async def held_by(self, merchant: "Person", who: str) -> None:
        while (await self.session(merchant)).holder != who:
            await until(lambda: True)

    async def deeds(self) -> list[str]:
        return [entry.what for entry in await self.office.record()]


@asynccontextmanager
async def on_shift(folder: Path, peer: "Peer") -> AsyncIterator[Shift]:
    async with office_in(
        folder, telegram_token="42:TEST", telegram_api_url=peer.url, telegram_desk=GROUP
    ) as office:
        yield Shift(office, peer)
