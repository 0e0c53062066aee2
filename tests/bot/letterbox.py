"""A channel to deliver to, and what the outbox says of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from bot.delivery import StillDue
from conversations.store import Contact, Message, Store
from conversations.tables import OUTBOX
from tests.conversations.toy import SHOP


@dataclass
class Letterbox:
    """A channel that keeps what it is given, and fails as its `troubles` say, one after the other."""

    troubles: dict[Contact, list[Exception | None]] = field(default_factory=dict)
    arrived: list[tuple[Contact, int]] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    tried: int = 0
    gate: asyncio.Event | None = None  #: before a message is begun
    wire: asyncio.Event | None = None  #: from then until it has arrived
    begun: int = 0
    edited: list[str | None] = field(default_factory=list)

    async def send(
        self, contact: Contact, message: Message, language: str, still_due: StillDue
    ) -> str | None:
        self.tried += 1
        if self.gate is not None:
            await self.gate.wait()
        await still_due()
        self.begun += 1
        if self.wire is not None:
            await self.wire.wait()
        trouble = self.troubles.get(contact)
        if trouble and (error := trouble.pop(0)) is not None:
            raise error
        self.arrived.append((contact, message.n))
        self.languages.add(language)
        if "edits" in message.data:
            self.edited.append(message.data.get("remote"))
        return f"{contact.address}/{message.n}"


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not await true():  # noqa: ASYNC110  # tables ring no event
            await asyncio.sleep(0.005)


async def states(store: Store, contact: Contact = SHOP) -> list[str]:
    query = select(OUTBOX.c.state).where(OUTBOX.c.address == contact.address).order_by(OUTBOX.c.id)
    return list(await store.read(lambda c: c.execute(query).scalars().all()))


async def until_settled(store: Store, *expected: str, contact: Contact = SHOP) -> None:
    """Wait until the contact's rows are in these states."""

    async def reached() -> bool:
        return await states(store, contact) == list(expected)

    await until(reached)
