"""One merchant on the way through the whole product, step by step, over one channel."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.access.staff import Role, Staff
from bot.desk.acts import ACTS as DESK_ACTS
from conversations.replies import Reply
from conversations.session import Session
from conversations.store import Message
from conversations.store.bell import rung
from tests.channels import Merchant, TelegramUser, merchant
from tests.running import MovingClock, Product, authorise, describe, running
from tests.telegram_peer.peer import TOKEN, Peer

PATIENCE = 20.0  #: seconds until a reply must be there
LOOK_AGAIN = 0.01  #: seconds, where no bell rings: before a conversation has its number, and at the peer
ACTS = (
    "arrived", "said", "tapped", "sent", "edited", "connected", "refused", "placed", "waited", "restarted",
    "staff", "took", "moved", "followed",
)  # fmt: skip
#: acts of which a conversation need not learn, or has when they end
UNHEARD = ("placed", "waited", "restarted", "staff", "took")
COLLEAGUES = {name: Staff(f"staff-{name}", name, Role.AGENT) for name in ("王小平", "李明")}


@dataclass
class Device:
    """What a merchant has in hand, and from which message on it shows each conversation."""

    user: Merchant
    since: dict[str, int] = field(default_factory=dict)
    ever: set[tuple[str, int]] = field(default_factory=set)  #: what was said there, erased since or not


class Journey:
    """One merchant on the way, and everything said to them so far."""

    def __init__(self, place: "Place", name: str, language: str, devices: AsyncExitStack) -> None:
        self.place, self.language = place, language
        self.journal: list[Message] = []
        self._known: Session | None = None
        self.refused: Reply | None = None  #: why what a colleague did last changed nothing
        self._heard: dict[str, int] = {}  # the newest message of each conversation
        self._opening, self._name, self._devices = devices, name, dict[str, Device]()
        self._link = ""  # the newest one to another device

    @property
    def user(self) -> Merchant:
        return self._devices[self._name].user

    async def take(self, name: str) -> None:
        """Take a device in hand: "web", "telegram", "web 2"; one not seen before is new."""
        if name not in self._devices:
            channel = name.split()[0]
            peer = self.place.peer if channel == "telegram" else None
            user = merchant(channel, self.product, self.language, peer)
            self._devices[name] = Device(await self._opening.enter_async_context(user))
        self._name = name

    @property
    def product(self) -> Product:
        return self.place.product

    @property
    def session(self) -> Session:
        """As it was when the last step had been taken."""
        assert self._known is not None
        return self._known

    @property
    def due(self) -> list[Message]:
        """What the bot has said since this conversation came to the device in hand."""
        since = self._devices[self._name].since.get(self.session.id, 0)
        return [message for message in self.said if message.n > since]

    @property
    def shows_several(self) -> bool:
        """Whether more than one conversation was shown on the device in hand."""
        return len({id for id, _ in self._devices[self._name].ever}) > 1

    @property
    def said(self) -> list[Message]:
        """Everything the bot and colleagues have said."""
        return [message for message in self.journal if message.sender != "merchant"]

    async def act(self, step: Mapping[str, Any]) -> list[Message]:
        """Do what the step says, wait until everything it caused has happened; what the bot said."""
        name = next(act for act in ACTS if act in step)
        if name in UNHEARD:
            await getattr(self, f"_{name}")(step[name])
        if name == "took":
            return []
        with self.product.parts.turns.store.bell.listen(self._known.id if self._known else "") as bell:
            if name not in UNHEARD:
                await getattr(self, f"_{name}")(step[name])
            await self._until_heard(bell, moved=name not in UNHEARD)
        heard = self._heard.get(self.session.id, 0)
        self._heard[self.session.id] = self.journal[-1].n if self.journal else 0
        return [message for message in self.said if message.n > heard]

    async def _arrived(self, _: object) -> None:
        await self.user.arrive()

    async def _said(self, text: object) -> None:
        await self.user.say(str(text))

    async def _tapped(self, choice: str) -> None:
        await self.user.tap(*self._offered(choice))

    async def _sent(self, what: str) -> None:
        assert isinstance(self.user, TelegramUser)
        await self.user.share(what)

    async def _edited(self, text: str) -> None:
        assert isinstance(self.user, TelegramUser)
        await self.user.edit(text)

    async def _connected(self, given: dict[str, str]) -> None:
        """Connect accounts as their owner would, in a browser."""
        for account, owner in given.items():
            assert await authorise(self._connecting(account), owner) == 200

    async def _refused(self, account: str) -> None:
        assert await authorise(self._connecting(account), "xiaoxia", agree=False) == 200

    async def _placed(self, given: dict[str, str]) -> None:
        """Put the ownership phrase into a profile."""
        for account, screen_name in given.items():
            phrase = self.session.accounts[account].phrase
            await describe(self.product.sandbox_url, screen_name, f"好吃的都在这里 {phrase}")

    async def _waited(self, span: dict[str, float]) -> None:
        await self.product.time_passes(timedelta(**span))

    async def _restarted(self, _: object) -> None:
        await self.user.leave()
        await self.place.start()
        await self.user.move(self.product)

    async def _staff(self, given: dict[str, str]) -> None:
        """What a colleague does at the desk: `act`, with the fields of its form; `by` is their name."""
        me = COLLEAGUES[given.get("by", "王小平")]
        if "to" in given:
            given = {**given, "to": COLLEAGUES[given["to"]].id, "to_name": given["to"]}
        event = DESK_ACTS[given["act"]](self.product.clock(), me, given)
        turns = self.product.parts.turns
        handled = await turns.handle_session(self.session.id, "desk", uuid.uuid4().hex, event)
        self.refused = handled.refused

    async def _took(self, name: str) -> None:
        await self.take(name)
        turns = self.product.parts.turns
        if found := await turns.session_of(self.user.contact):
            self._known, self.journal = found, await turns.messages(found.id)

    async def _moved(self, name: str) -> None:
        """Go on at another device, by the newest link that this one shows."""
        self._link = await self.user.link(self.journal, name.split()[0])
        brought, last = self.session.id, self.journal[-1].n
        await self._followed(name)
        self._devices[name].since.setdefault(brought, last)

    async def _followed(self, name: str) -> None:
        """Open the newest link, on a device that may hold another conversation."""
        await self._took(name)
        await self.user.follow(self._link)

    def _connecting(self, account: str) -> str:
        choices = [choice for message in self.journal for choice in message.choices]
        found = [choice["url"] for choice in choices if f"choice.connect.{account}" and "url" in choice]
        return str(found[-1])

    def _offered(self, choice: str) -> tuple[str, str]:
        """The newest button of this kind: its id ("yes" has one for each value read back) and its label."""
        for message in reversed(self.journal):
            for offered in message.choices:
                if offered["id"] == choice or offered["id"].startswith(f"{choice}:"):
                    return str(offered["id"]), str(offered["label"])
        return choice, choice

    async def _until_heard(self, bell: asyncio.Event, *, moved: bool) -> None:
        """The turn is stored, the work it asked for is done, and the channel has brought every reply."""
        turns, before = self.product.parts.turns, self._known if moved else None
        async with asyncio.timeout(PATIENCE):
            while (now := await turns.session_of(self.user.contact)) is None or now == before:
                await rung(bell, LOOK_AGAIN)
                bell.clear()
            while not await turns.idle(now.id):
                await rung(bell, LOOK_AGAIN)
                bell.clear()
            self._known = await self.product.session(now.id)
            self.journal = await turns.messages(now.id)
            device = self._devices[self._name]
            device.ever |= {(now.id, message.n) for message in self.due}
            while self.user.brought is not None and self.user.brought < len(device.ever):
                await rung(bell, LOOK_AGAIN)
                bell.clear()


@dataclass
class Place:
    """A running product that merchants of every channel can come to; it can be started anew."""

    folder: Path
    clock: MovingClock
    peer: Peer
    running: AsyncExitStack = field(default_factory=AsyncExitStack)
    product: Product = field(init=False)

    async def start(self) -> None:
        """On what an earlier run left in the folder; one that runs is stopped first."""
        await self.running.aclose()
        given = {"telegram_token": TOKEN, "telegram_api_url": self.peer.url}
        self.product = await self.running.enter_async_context(running(self.folder, self.clock, given))

    @asynccontextmanager
    async def visit(self, channel: str, language: str) -> AsyncIterator[Journey]:
        """A new merchant there."""
        async with AsyncExitStack() as devices:
            begun = Journey(self, channel, language, devices)
            await begun.take(channel)
            yield begun


@asynccontextmanager
async def place(folder: Path, since: datetime | None = None) -> AsyncIterator[Place]:
    """Started on an empty database; `since` is the moment at which its story begins, if not now."""
    peer = Peer()
    await peer.start()
    begun = Place(folder, MovingClock.at(since) if since else MovingClock(), peer)
    try:
        await begun.start()
        yield begun
    finally:
        await begun.running.aclose()
        await peer.stop()


@asynccontextmanager
async def journey(
    channel: str, language: str, folder: Path, since: datetime | None = None
) -> AsyncIterator[Journey]:
    """A merchant at a product of their own."""
    async with place(folder, since) as alone, alone.visit(channel, language) as on_the_way:
        yield on_the_way
