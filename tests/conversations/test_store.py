"""Transactions: durable on SQLite, retried where another was faster, undone where a body fails."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import OperationalError

from conversations import events
from conversations.replies import Kind
from conversations.session import Session
from conversations.store import Contended, Store, sessions, sqlite
from conversations.store.bell import Bell, rung
from conversations.store.clean import clean
from conversations.store.ledger import Ledger
from conversations.tables import INBOX, SESSIONS
from tests.conversations.toy import SHOP, START, Merchant, count, toy_turns


def _arrival(connection: Connection, name: str = "1") -> str:
    connection.execute(insert(INBOX), {"channel": "web", "arrival": name, "at": START})
    return name


async def test_a_body_that_fails_is_undone_and_its_error_is_told(store: Store) -> None:
    def failing(connection: Connection) -> None:
        _arrival(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(failing)

    assert await count(store, INBOX) == 0


async def test_a_body_that_was_too_late_runs_again(store: Store) -> None:
    runs: list[int] = []

    def late_twice(connection: Connection) -> str:
        runs.append(1)
        _arrival(connection)
        if len(runs) < 3:
            raise Contended
        return "done"

    assert await store.write(late_twice) == "done"
    assert (len(runs), await count(store, INBOX)) == (3, 1)


async def test_a_body_that_is_always_too_late_gives_up(store: Store) -> None:
    def late(connection: Connection) -> None:
        raise Contended

    with pytest.raises(Contended):
        await store.write(late)


async def test_an_error_of_the_database_is_not_tried_again(store: Store) -> None:
    await store.write(_arrival)

    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.write(_arrival)


async def test_someone_who_no_longer_waits_harms_nobody(store: Store) -> None:
    gone = asyncio.create_task(store.write(lambda c: _arrival(c, "gone")))
    gone_too = asyncio.create_task(store.write(lambda c: _arrival(c, "gone")))
    await asyncio.sleep(0)
    gone.cancel()
    gone_too.cancel()

    assert await store.write(lambda c: _arrival(c, "stays")) == "stays"


async def test_every_sqlite_connection_is_durable_and_strict(tmp_path: Path) -> None:
    def pragmas(connection: Connection) -> dict[str, object]:
        return {n: connection.execute(text(f"PRAGMA {n}")).scalar_one() for n, _, _ in sqlite.PRAGMAS}

    async with Store.open(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'x.db'}") as store:
        found = [await store.write(pragmas), *await asyncio.gather(*(store.read(pragmas) for _ in range(4)))]

    durable = {"busy_timeout": 5000, "journal_mode": "wal", "synchronous": 2}
    assert found == [{**durable, "foreign_keys": 1, "secure_delete": 1}] * 5


async def test_a_connection_that_is_not_as_asked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PRAGMAS", (("synchronous", "OFF", 2),))

    with pytest.raises(RuntimeError, match="PRAGMA synchronous"):
        async with Store.open(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"):
            pass


async def test_sqlite_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a file"):
        async with Store.open("sqlite+aiosqlite://"):
            pass


async def test_a_database_held_by_another_process_fails_all_who_waited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PRAGMAS", (("busy_timeout", 1, 1), *sqlite.PRAGMAS[1:]))
    url = f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"

    async with Store.open(url) as store, Store.open(url) as other:
        await store.create()

        def holding(connection: Connection) -> list[object]:
            futures = [asyncio.run_coroutine_threadsafe(other.write(_arrival), loop) for _ in range(2)]
            return [future.exception(timeout=10) for future in futures]

        loop = asyncio.get_running_loop()
        errors = await store.write(holding)

    assert [type(error) for error in errors] == [OperationalError] * 2


def test_texts_are_cleaned_wherever_they_hide() -> None:
    dirty = events.HandleChecked(START, "brand", "a\0b", screen_name="\ud83d\ude00")

    assert clean(dirty) == events.HandleChecked(START, "brand", "ab", screen_name="😀")
    assert clean({"k\0": ["\udfff", 1, None, ("x\0",)]}) == {
        "k": ["\N{REPLACEMENT CHARACTER}", 1, None, ("x",)]
    }
    assert clean(Kind.ASK) is Kind.ASK


async def test_a_bell_nobody_listens_to_says_nothing() -> None:
    bell = Bell()
    bell.ring("shop")

    with bell.listen("shop") as first, bell.listen("shop") as second:
        assert not await rung(first, 0.001)
        bell.ring("shop")
        assert await rung(second, 1)


async def test_of_two_writers_who_read_the_same_session_the_second_is_refused(store: Store) -> None:
    await Merchant(toy_turns(store)).agrees()
    (session_id,) = await store.read(lambda c: c.execute(select(SESSIONS.c.id)).scalars().all())
    read = (await store.read(lambda c: sessions.lock(c, [session_id])))[session_id]
    after = replace(read.session, version=read.session.version + 1)

    def save(connection: Connection, counter: int) -> None:
        ledger = Ledger(connection)
        sessions.save(ledger, read, after, counter, START)
        ledger.flush()

    await store.write(lambda c: save(c, 3))
    with pytest.raises(Contended):
        await store.write(lambda c: save(c, 4))

    assert await store.read(lambda c: c.execute(select(SESSIONS.c.counter)).scalar_one()) == 3


async def test_a_contact_has_one_conversation(store: Store) -> None:
    await Merchant(toy_turns(store)).agrees()

    with pytest.raises(Contended):
        await store.write(lambda c: sessions.begin(Ledger(c), SHOP, Session(id="second"), 0, START))

    assert await count(store, SESSIONS) == 1
