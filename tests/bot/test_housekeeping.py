"""What is forgotten, what is kept, and that a sealed letter opens only with its secret."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bot import housekeeping
from bot.dead_letters import DeadLetters
from bot.housekeeping import ARRIVALS, EVERY, MATTER, STRIDE, Housekeeping
from bot.signing import BadSignature, Signer
from conversations.store import Store, pulse
from conversations.tables import DEAD_LETTERS, INBOX, JOBS
from tests.bot.telegram.fakes import alone
from tests.conversations.toy import START, Merchant, ToyClock, count, toy_turns

RAW = bytes(range(256)) + "三万五".encode()


async def no_pause(_seconds: float) -> None: ...


async def keep_arrivals(store: Store, many: int) -> None:
    rows = [{"channel": "telegram", "arrival": str(n), "at": START} for n in range(many)]
    await store.write(lambda connection: connection.execute(insert(INBOX), rows).close())


async def kept_house(store: Store, clock: ToyClock, until: datetime) -> Housekeeping:
    """Rounds were made until then, by a clock that was right."""
    await store.write(lambda connection: pulse.beat(connection, MATTER, until))
    clock.now = until
    return Housekeeping(store, clock, alone, no_pause)


async def test_arrivals_are_known_for_three_days_and_forgotten_in_small_batches(store: Store) -> None:
    await keep_arrivals(store, 450)
    clock = ToyClock()
    tidy = await kept_house(store, clock, START + timedelta(hours=71))
    assert await tidy.round() == 0
    clock.pass_by(hours=2)

    assert [await tidy.round() for _ in range(4)] == [0, 0, 0, 450]
    assert await count(store, INBOX) == 0
    assert housekeeping.BATCH < 450


async def test_a_clock_that_leaps_ahead_forgets_nothing_that_may_come_again(store: Store) -> None:
    await keep_arrivals(store, 3)
    clock = ToyClock()
    tidy = await kept_house(store, clock, START)
    clock.pass_by(days=400)

    assert [await tidy.round() for _ in range(3)] == [0, 0, 0]
    assert await count(store, INBOX) == 3
    assert STRIDE * (timedelta(days=1) / timedelta(seconds=EVERY)) <= ARRIVALS


async def test_a_clock_that_goes_back_forgets_nothing_and_does_not_set_housekeeping_back(
    store: Store,
) -> None:
    await keep_arrivals(store, 3)
    clock = ToyClock()
    tidy = await kept_house(store, clock, START + timedelta(days=400))
    clock.now = START + timedelta(hours=1)

    assert await tidy.round() == 0
    assert await store.read(lambda c: pulse.last(c, MATTER)) == START + timedelta(days=400)


async def test_work_that_ended_is_forgotten_after_a_month_and_what_waits_never(store: Store) -> None:
    session_id = await Merchant(toy_turns(store)).agrees()
    row = {"kind": "assess", "session_id": session_id, "payload": {}, "due": START, "attempts": 1}
    rows = [row | {"state": state} for state in ("queued", "running", "done", "failed")]
    await store.write(lambda connection: connection.execute(insert(JOBS), rows).close())
    clock = ToyClock()
    tidy = await kept_house(store, clock, START + timedelta(days=29))
    assert await tidy.round() > 0  # the arrivals
    assert await count(store, JOBS) == 4

    tidy = await kept_house(store, clock, START + timedelta(days=31))
    assert await tidy.round() == 2
    states = await store.read(lambda c: c.execute(select(JOBS.c.state).order_by(JOBS.c.id)).scalars().all())
    assert list(states) == ["queued", "running"]


async def test_a_letter_comes_back_as_it_came_and_is_gone_after_a_week(store: Store) -> None:
    clock = ToyClock()
    letters = DeadLetters(store, Signer("a secret"), clock)
    await letters.keep("telegram", "5", "malformed text", RAW)
    await letters.keep("telegram", "5", "malformed text", RAW)
    [letter] = await letters.newest()

    assert letter.id is not None
    assert await letters.opened(letter.id) == RAW
    assert "三万五" not in letter.sealed
    with pytest.raises(BadSignature):
        await DeadLetters(store, Signer("another"), clock).opened(letter.id)
    clock.pass_by(days=8)
    await Housekeeping(store, clock, alone, no_pause).round()
    with pytest.raises(LookupError):
        await letters.opened(letter.id)
    assert await count(store, DEAD_LETTERS) == 0
