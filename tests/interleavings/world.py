"""What the people of a schedule meet: a product that is started again whenever it died, and a slow wire."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot.delivery import Delivery, StillDue
from bot.timekeeping import Timekeeping
from conversations.events import Arrived, Event, HandedBack
from conversations.flow import Flow
from conversations.requests import KeepDecision
from conversations.session import BOT, Session, Turn
from conversations.store import Contact, Message, Store
from conversations.turns import Turns
from tests import databases
from tests.bot.telegram.fakes import alone
from tests.conversations.talk import NOW, PLACES, flow
from tests.conversations.toy import ToyClock
from tests.interleavings import mortal
from tests.interleavings.mortal import Died, Mortal

T = TypeVar("T")
CHANNEL = "telegram"
PAUSES = (0.0, 0.0, 0.0, 0.001, 0.003)  #: seconds; a commit takes about as long


@dataclass
class Watched:
    """The product's flow. A conversation begins at the place that its second arrival names."""

    product: Flow
    newest: dict[str, Session] = field(default_factory=dict)  #: what a page would show, right or a moment old
    back: list[tuple[Session, Turn]] = field(default_factory=list)  #: every hand-back

    def advance(self, session: Session, event: Event) -> Turn:
        turn = self._turn(session, event)
        self.newest[session.id] = turn.session
        if isinstance(event, HandedBack) and turn.refused is None and turn.session.holder == BOT:
            self.back.append((session, turn))
        return turn

    def _turn(self, session: Session, event: Event) -> Turn:
        if not isinstance(event, Arrived) or event.language not in PLACES:
            return self.product.advance(session, event)
        placed = _placed(event.language)
        kept = (KeepDecision(placed.decision, {}),) if placed.decision else ()
        return Turn(replace(placed, id=session.id, seen=event.at, version=session.version), requests=kept)


@cache
def _placed(place: str) -> Session:
    return PLACES[place]().session


@dataclass
class Process:
    """The product as it runs until it dies."""

    database: Mortal
    store: Store
    turns: Turns
    delivery: Delivery

    @property
    def dead(self) -> bool:
        return self.database.dead

    async def end(self) -> None:
        """A dead one only lets go of its threads."""
        await self.delivery.stop()
        await self.database.close()


@dataclass
class Wire:
    """The merchants' telephones. What was begun to be sent has been said, whatever becomes of the process."""

    chance: random.Random
    ticks: Iterator[int]
    heedless: bool = False  #: it does not ask whether the bot still has the word
    process: Process | None = None
    begun: dict[str, list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )  #: tick, number

    async def send(self, contact: Contact, message: Message, _language: str, still_due: StillDue) -> str:
        process = self.process
        await self._some_time()
        if not self.heedless:
            await still_due()
        assert process is not None
        process.database.must_live()
        self.begun[contact.address].append((next(self.ticks), message.n))
        await self._some_time()
        process.database.must_live()
        return f"{contact.address}/{message.n}"

    async def _some_time(self) -> None:
        await asyncio.sleep(self.chance.choice(PAUSES))


@dataclass
class World:
    file: Path
    chance: random.Random
    wire: Wire
    ticks: Iterator[int]
    clock: ToyClock = field(default_factory=lambda: ToyClock(NOW))
    flow: Watched = field(default_factory=lambda: Watched(flow()))
    deaths: int = 0
    _process: Process | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _timekeeping: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def process(self) -> Process:
        """The one that lives; a new one where the last has died."""
        async with self._starting:
            if self._process is not None and self._process.dead:
                self.deaths += 1
                await self._process.end()
                self._process = None
            if self._process is None:
                self._process = self.wire.process = await self._started()
            return self._process

    async def ask(self, what: Callable[[Process], Awaitable[T]]) -> T:
        """Ask until it is answered: a message is delivered anew, a button is pressed again."""
        while True:
            process = await self.process()
            with suppress(Died):
                return await what(process)

    async def time_passes(self, minutes: float) -> None:
        """One round at a time is made, as by whoever leads."""
        async with self._timekeeping:
            self.clock.pass_by(minutes=minutes)
            await self.ask(lambda process: Timekeeping(process.turns, alone).round())

    async def close(self) -> None:
        if self._process is not None:
            await self._process.end()

    async def _started(self) -> Process:
        database = Mortal(self.file)
        await database.prepare()
        store = mortal.store(database, self.file)
        turns = Turns(store, self.flow, lambda *_: "", self.clock, frozenset({CHANNEL}))
        delivery = Delivery(store, {CHANNEL: self.wire}, clock=self.clock)
        await delivery.__aenter__()
        return Process(database, store, turns, delivery)


@asynccontextmanager
async def opened(file: Path, chance: random.Random, *, heedless: bool = False) -> AsyncIterator[World]:
    databases.with_tables(file)
    ticks = count()
    world = World(file, chance, Wire(chance, ticks, heedless), ticks)
    try:
        yield world
    finally:
        await world.close()
