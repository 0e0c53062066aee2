"""Timers that fall due become events, once, whatever the clock, a crash or another process does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from bot.metrics import Metrics
from bot.timekeeping import BATCH, MATTER, PACE, PUT_OFF, STRIDE, Timekeeping
from conversations import vocabulary
from conversations.events import Arrived, Chose, Event, TimeCame
from conversations.flow import Flow
from conversations.session import Session, Turn
from conversations.store import Contact, Store, pulse
from conversations.store.timers import Timer
from conversations.tables import INBOX, OUTBOX, TIMERS
from conversations.timers import FARTHEST
from conversations.turns import Turns
from scoring import policy
from tests.bot.telegram.fakes import alone
from tests.conversations.toy import SHOP, START, Merchant, ToyClock, ToyFlow, ToySpeech, count, toy_turns

DAY = timedelta(days=1)


@dataclass
class Naps:
    """Sleeps for no time at all, and remembers for how long it was told to."""

    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


def real_turns(store: Store, clock: ToyClock) -> Turns:
    """The product's own conversation; "telegram" is a push channel."""
    flow = Flow(policy.load(), vocabulary.load())
    return Turns(store, flow, lambda *_: "", clock, frozenset({"telegram"}))


async def agreed(turns: Turns, clock: ToyClock, contact: Contact = SHOP) -> str:
    await turns.handle(contact, f"{contact.address}:1", Arrived(clock()))
    return (await turns.handle(contact, f"{contact.address}:2", Chose(clock(), "agree"))).session_id


async def kept_time(turns: Turns, clock: ToyClock, **span: float) -> Timekeeping:
    """So much time passes by, with rounds all the while."""
    clock.pass_by(**span)
    await turns.store.write(lambda connection: pulse.beat(connection, MATTER, clock()))
    return Timekeeping(turns, alone, sleep=Naps())


async def rows(store: Store) -> Sequence[tuple[str, datetime]]:
    query = select(TIMERS.c.name, TIMERS.c.due).order_by(TIMERS.c.name)
    return [(row.name, row.due) for row in await store.read(lambda c: c.execute(query).all())]


async def test_an_open_question_is_a_row_and_after_a_day_a_message(store: Store) -> None:
    clock = ToyClock()
    turns = real_turns(store, clock)
    session_id = await agreed(turns, clock)
    assert await rows(store) == [("nudge", START + DAY)]
    assert await (await kept_time(turns, clock, hours=23)).round() == 0

    assert await (await kept_time(turns, clock, hours=1)).round() == 1

    [*_, newest] = await turns.messages(session_id)
    assert (newest.key, newest.sender) == ("ask.role", "bot")
    assert "/stop" in newest.text
    assert await rows(store) == []
    assert await count(store, OUTBOX, OUTBOX.c.n == newest.n) == 1
    assert await (await kept_time(turns, clock, days=3)).round() == 0


async def test_two_processes_that_keep_time_at_once_remind_once(store: Store) -> None:
    clock = ToyClock()
    turns, other = real_turns(store, clock), real_turns(store, clock)
    session_id = await agreed(turns, clock)
    both = [await kept_time(turns, clock, days=1), await kept_time(other, clock)]

    told = await asyncio.gather(*(each.round() for each in both))

    assert sum(told) == 1
    assert [m.key for m in await turns.messages(session_id)].count("ask.role") == 2
    assert await rows(store) == []


async def test_a_clock_that_leaps_ahead_reminds_nobody_before_it_has_lasted(store: Store) -> None:
    clock = ToyClock()
    turns = real_turns(store, clock)
    await agreed(turns, clock)
    keeping = await kept_time(turns, clock)
    clock.pass_by(days=2)

    told = [await keeping.round() for _ in range(47)]

    assert told == [0] * 47
    assert STRIDE * 48 >= DAY
    assert await keeping.round() == 1


async def test_a_timer_set_by_a_clock_that_has_gone_back_is_set_right(store: Store) -> None:
    clock = ToyClock(START + timedelta(days=900))
    turns = real_turns(store, clock)
    await agreed(turns, clock)
    clock.now = START

    assert await (await kept_time(turns, clock)).round() == 1
    assert await rows(store) == [("nudge", START + DAY)]


class Stubborn(ToyFlow):
    """Cannot act on a timer."""

    def advance(self, session: Session, event: Event) -> Turn:
        if isinstance(event, TimeCame):
            raise ZeroDivisionError
        return super().advance(session, event)


async def test_a_conversation_that_cannot_take_its_timer_stands_in_nobodys_way(store: Store) -> None:
    clock, metrics = ToyClock(), Metrics()
    turns = Turns(store, Stubborn(), lambda *_: "", clock, frozenset(), ToySpeech())
    session_id = await Merchant(turns).agrees()
    row = {"session_id": session_id, "name": "nudge", "due": START}
    await store.write(lambda connection: connection.execute(insert(TIMERS), row).close())
    keeping = replace(await kept_time(turns, clock), watch=metrics)

    assert [await keeping.round(), await keeping.round()] == [0, 0]
    assert await rows(store) == [("nudge", START + PUT_OFF)]
    failed = {"name": "nudge", "outcome": "failed"}
    assert metrics.registry.get_sample_value("bangbang_timers_total", failed) == 1


async def test_a_row_left_beside_its_arrival_is_looked_at_again_an_hour_later(store: Store) -> None:
    """As a turn of a release without timers leaves it, or a restored backup."""
    clock = ToyClock()
    turns = real_turns(store, clock)
    session_id = await agreed(turns, clock)
    stale = Timer(session_id, "nudge", START + DAY)
    seen = {"channel": "timer", "arrival": stale.arrival, "at": START}
    await store.write(lambda connection: connection.execute(insert(INBOX), seen).close())

    assert await (await kept_time(turns, clock, days=1)).round() == 0
    assert await (await kept_time(turns, clock, hours=1)).round() == 1
    assert await rows(store) == []


async def test_many_are_told_at_the_pace_that_telegram_allows(store: Store) -> None:
    clock = ToyClock()
    turns = real_turns(store, clock)
    await asyncio.gather(*(agreed(turns, clock, Contact("telegram", str(n))) for n in range(PACE * 2 + 1)))
    keeping, naps = await kept_time(turns, clock, days=1), Naps()

    assert await replace(keeping, sleep=naps).round() == PACE * 2 + 1
    assert naps.slept == [1.0, 1.0, 1.0]
    assert BATCH % PACE == 0


async def test_deleting_everything_deletes_the_timers(store: Store) -> None:
    clock = ToyClock()
    turns = real_turns(store, clock)
    await agreed(turns, clock)

    await turns.handle(SHOP, "3", Chose(clock(), "/delete yes"))

    assert await rows(store) == []


async def test_a_timer_is_never_set_farther_ahead_than_timekeeping_believes(store: Store) -> None:
    clock = ToyClock()
    turns = toy_turns(store, clock)
    session_id = await Merchant(turns).agrees()
    row = {"session_id": session_id, "name": "nudge", "due": START + FARTHEST}
    await store.write(lambda connection: connection.execute(insert(TIMERS), row).close())

    assert await (await kept_time(turns, clock)).round() == 0
