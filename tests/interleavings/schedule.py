"""One merchant with two colleagues at the desk, and what they do: a few acts at once, again and again."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from conversations.events import (
    Arrived,
    Chose,
    Connected,
    Decided,
    Event,
    HandedBack,
    Released,
    Said,
    Snoozed,
    StaffAnswered,
    StaffSaid,
    TakenOver,
    TimeCame,
    Transferred,
)
from conversations.replies import Colleague
from conversations.session import BOT, Session, Stage
from conversations.steps import STEPS
from conversations.store import Contact
from conversations.turns import Handled
from tests.conversations.talk import DETAILS, PATH, PLACES, approved, declined, modest, referred
from tests.interleavings.world import CHANNEL, PAUSES, Process, World

MEI, LIN = Colleague("mei", "梅"), Colleague("lin", "林")
OTHER = {MEI: LIN, LIN: MEI}
BEGINNINGS = tuple(place for place in PLACES if place not in ("new", "consent"))  #: where words are kept
DECISIONS = (approved, modest, declined, referred)
WISHES = ("/human", "/status", "/stop", "/language en", "/edit trade", "/message")
ALARMS = ("silent", "nudge", "lapse", "unheeded")
TOGETHER = (1, 1, 2, 2, 3)  #: acts at once
ROUNDS = range(4, 11)


@dataclass
class Schedule:
    """What happens to one conversation, by a chance of its own."""

    world: World
    number: int
    chance: random.Random
    id: str = ""
    sent: int = 0
    words: Counter[str] = field(default_factory=Counter)  #: that the merchant has written
    #: what colleagues have written: whether it was taken, None where a process died before it could say
    lines: dict[str, bool | None] = field(default_factory=dict)
    taken: list[tuple[int, int]] = field(default_factory=list)  #: known from this tick on: a person's epoch
    acts: Counter[str] = field(default_factory=Counter)

    @property
    def contact(self) -> Contact:
        return Contact(CHANNEL, str(self.number))

    @property
    def now(self) -> datetime:
        return self.world.clock()

    async def begin(self) -> None:
        self.id = (await self._merchant(Arrived(self.now))).session_id
        await self._merchant(Arrived(self.now, self.chance.choice(BEGINNINGS)))

    async def round(self) -> None:
        """Some acts at once."""
        names = self.chance.choices(list(ACTS), WEIGHTS, k=self.chance.choice(TOGETHER))
        self.acts.update(names)
        await asyncio.gather(*(self._after_a_while(ACTS[name](self)) for name in names))

    async def everybody_leaves(self) -> None:
        """The merchant writes once more, and no colleague answers for longer than is allowed."""
        await writes(self)
        await self.world.time_passes(6)

    @property
    def newest(self) -> Session:
        """As a page shows it that may be a moment old."""
        return self.world.flow.newest[self.id]

    async def elsewhere(self, event: Event, channel: str = "desk") -> Handled:
        """What happens to the conversation from another side; the same arrival however often it is asked."""
        arrival = self._arrival()

        async def handle(process: Process) -> Handled:
            return await process.turns.handle_session(self.id, channel, arrival, event)

        return self._known(await self.world.ask(handle))

    async def _merchant(self, event: Event) -> Handled:
        arrival = self._arrival()

        async def handle(process: Process) -> Handled:
            return await process.turns.handle(self.contact, arrival, event)

        return self._known(await self.world.ask(handle))

    async def merchant_says(self, text: str) -> None:
        self.words[text] += 1
        await self._merchant(Said(self.now, text))

    async def merchant_taps(self, choice: str) -> None:
        await self._merchant(Chose(self.now, choice))

    def _known(self, handled: Handled) -> Handled:
        """From here on everybody can know that a person has the word."""
        if handled.holder != BOT:
            self.taken.append((next(self.world.ticks), handled.epoch))
        return handled

    def _arrival(self) -> str:
        self.sent += 1
        return f"{self.number}:{self.sent}"

    async def _after_a_while(self, act: Awaitable[None]) -> None:
        await asyncio.sleep(self.chance.choice(PAUSES))
        await act

    def colleague(self) -> Colleague:
        return self.chance.choice((MEI, LIN))


Act = Callable[[Schedule], Awaitable[None]]


async def writes(one: Schedule) -> None:
    """Words that nobody else writes: an amount, which answers what is asked in yuan."""
    await one.merchant_says(str(10_000 + one.words.total()))


async def answers(one: Schedule) -> None:
    """As the merchant of the golden case does."""
    waiting = one.newest.waiting
    if waiting is None:
        return await writes(one)
    how, what = {**PATH, **DETAILS}.get(STEPS[waiting].block, ("say", "不知道"))
    if how == "connect":
        await one.elsewhere(Connected(one.now, what, "1001", "小夏", "sealed"), "weibo")
    elif how == "tap":
        await one.merchant_taps(what)
    else:
        await one.merchant_says(what)
    return None


async def asks(one: Schedule) -> None:
    await one.merchant_says(one.chance.choice(WISHES))


async def is_decided(one: Schedule) -> None:
    kept = one.newest
    if kept.stage is Stage.ASSESSING:
        made = one.chance.choice(DECISIONS)()
        await one.elsewhere(Decided(one.now, made, {}, kept.assessment), "job")


async def takes_over(one: Schedule) -> None:
    who = one.colleague()
    await one.elsewhere(TakenOver(one.now, who.id, who.name))


async def says(one: Schedule) -> None:
    who, text = one.colleague(), f"line {len(one.lines) + 1}"
    one.lines[text] = None
    handled = await one.elsewhere(StaffSaid(one.now, who.id, who.name, text))
    one.lines[text] = handled.refused is None if handled.fresh else None


async def hands_back(one: Schedule) -> None:
    await one.elsewhere(HandedBack(one.now, _holder(one)))


async def releases(one: Schedule) -> None:
    await one.elsewhere(Released(one.now, _holder(one)))


async def transfers(one: Schedule) -> None:
    who = one.colleague()
    to = OTHER[who]
    await one.elsewhere(Transferred(one.now, who.id, to.id, to.name))


async def fills_in(one: Schedule) -> None:
    who = one.colleague()
    step, text = one.chance.choice((("rent", "12000"), ("sales_last_month", "9万"), ("trade", "cafe")))
    await one.elsewhere(StaffAnswered(one.now, who.id, who.name, step, text))


async def puts_aside(one: Schedule) -> None:
    await one.elsewhere(Snoozed(one.now, one.colleague().id, None))


async def alarm_comes_late(one: Schedule) -> None:
    await one.elsewhere(TimeCame(one.now, one.chance.choice(ALARMS)), "timer")


async def time_passes(one: Schedule) -> None:
    await one.world.time_passes(one.chance.choice((1, 3, 6)))


async def dies_at_a_commit(one: Schedule) -> None:
    """The next commit of this process is its last, or does not come to be."""
    (await one.world.process()).database.dies = one.chance.choice(("before", "after"))


async def is_killed(one: Schedule) -> None:
    (await one.world.process()).database.dead = True


def _holder(one: Schedule) -> str:
    """Mostly whoever has the word."""
    holder = one.newest.holder
    return one.colleague().id if holder == BOT or one.chance.random() < 0.2 else holder


#: time and death concern everybody who is there at the same time, so they need not come often from each
_ACTS: Mapping[Act, int] = {
    writes: 24, answers: 40, asks: 16, is_decided: 20, takes_over: 24, says: 24, hands_back: 28, releases: 8,
    transfers: 12, fills_in: 8, puts_aside: 4, alarm_comes_late: 8, time_passes: 3, dies_at_a_commit: 4,
    is_killed: 1,
}  # fmt: skip
ACTS = {act.__name__: act for act in _ACTS}
WEIGHTS = tuple(_ACTS.values())
