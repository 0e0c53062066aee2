"""What is forgotten, what is kept, and that a sealed letter opens only with its secret."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot import housekeeping
from bot.dead_letters import DeadLetters
from bot.housekeeping import Housekeeping
from bot.signing import BadSignature, Signer
from conversations.store import Store
from conversations.tables import DEAD_LETTERS, INBOX
from tests.bot.telegram.fakes import alone
from tests.conversations.toy import START, ToyClock, count

RAW = bytes(range(256)) + "三万五".encode()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store.open(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}") as store:
        await store.create()
        yield store


async def no_pause(_seconds: float) -> None: ...


async def test_arrivals_are_known_for_three_days_and_forgotten_in_small_batches(store: Store) -> None:
    clock = ToyClock()
    rows = [{"channel": "telegram", "arrival": str(n), "at": START} for n in range(450)]
    await store.write(lambda connection: connection.execute(insert(INBOX), rows))
    tidy = Housekeeping(store, clock, alone, no_pause)
    clock.pass_by(hours=71)
    assert await tidy.round() == 0
    clock.pass_by(hours=2)

    assert await tidy.round() == 450
    assert await count(store, INBOX) == 0
    assert housekeeping.BATCH < 450


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
