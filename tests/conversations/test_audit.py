"""The record on both databases: chained, appended to by many at once, and changed by nobody."""

import asyncio

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from conversations.deeds import Deed
from conversations.store import Store, audit
from conversations.store.audit import Audit, Entry, Head, Wanted
from tests.conversations.toy import ToyClock

RECORD = Audit(b"a key of the tests", ToyClock())
CHANGES = (
    "UPDATE audit SET who = 'somebody else' WHERE n = 2",
    "UPDATE audit SET facts = '{}'",
    "DELETE FROM audit WHERE n = 3",
    "DELETE FROM audit",
)


def write(connection: Connection, rows: int) -> None:
    for n in range(rows):
        RECORD.add(connection, "ann", Deed.VIEWED, f"conversation {n}", {"n": n, "words": '"=\u4f60'})


async def chain(store: Store) -> list[Entry]:
    return await store.read(lambda connection: list(audit.chain(connection)))


def whole(entries: list[Entry]) -> bool:
    """Whether every row follows the one before it."""
    heads = [Head(), *(Head(entry.n, entry.mac) for entry in entries)]
    return not any(RECORD.breaks(entry, before) for entry, before in zip(entries, heads, strict=False))


async def test_rows_are_numbered_without_a_gap_and_each_follows_the_one_before(store: Store) -> None:
    await store.write(lambda connection: write(connection, 5))
    entries = await chain(store)

    assert [entry.n for entry in entries] == [1, 2, 3, 4, 5]
    assert whole(entries)


@pytest.mark.parametrize("change", CHANGES)
async def test_no_row_can_be_changed_or_deleted(store: Store, change: str) -> None:
    await store.write(lambda connection: write(connection, 5))
    before = await chain(store)

    with pytest.raises(DBAPIError, match="never changed"):
        await store.write(lambda connection: connection.execute(text(change)))

    assert await chain(store) == before


async def test_no_row_can_be_replaced_nor_the_table_emptied(store: Store) -> None:
    await store.write(lambda connection: write(connection, 3))
    change = (
        "TRUNCATE audit" if store.shared else "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE n = 2"
    )

    with pytest.raises(DBAPIError, match="never changed"):
        await store.write(lambda connection: connection.execute(text(change)))

    assert len(await chain(store)) == 3


async def test_many_at_once_make_one_chain(store: Store) -> None:
    await asyncio.gather(*(store.write(lambda connection: write(connection, 2)) for _ in range(12)))
    entries = await chain(store)

    assert [entry.n for entry in entries] == list(range(1, 25))
    assert whole(entries)


async def test_what_is_undone_leaves_no_trace_and_no_gap(store: Store) -> None:
    def failing(connection: Connection) -> None:
        write(connection, 1)
        raise RuntimeError("no")

    await store.write(lambda connection: write(connection, 1))
    with pytest.raises(RuntimeError):
        await store.write(failing)
    await store.write(lambda connection: write(connection, 1))

    assert [entry.n for entry in await chain(store)] == [1, 2]
    assert whole(await chain(store))


@pytest.mark.parametrize("field", ["who", "what", "session_id", "facts", "at", "n", "mac"])
async def test_whatever_is_changed_in_a_row_breaks_the_chain(store: Store, field: str) -> None:
    await store.write(lambda connection: write(connection, 3))
    entries = await chain(store)
    changed = {"at": entries[0].at.replace(year=2020), "n": 7}.get(field, "changed")
    entries[1] = entries[1]._replace(**{field: changed})  # type: ignore[arg-type]  # a field at a time

    assert not whole(entries)


async def test_another_key_makes_another_chain(store: Store) -> None:
    await store.write(lambda connection: write(connection, 1))
    [entry] = await chain(store)

    assert Audit(b"another key", ToyClock()).breaks(entry, Head())


async def test_rows_are_found_by_who_what_whose_and_when(store: Store) -> None:
    def body(connection: Connection) -> None:
        RECORD.add(connection, "ann", Deed.SIGNED_IN)
        RECORD.add(connection, "bob", Deed.TAKEN_OVER, "c1")
        RECORD.add(connection, "ann", Deed.TAKEN_OVER, "c2")

    await store.write(body)
    at = ToyClock().now

    async def found(wanted: Wanted, most: int = 10) -> list[int]:
        return [row.n for row in await store.read(lambda c: audit.newest(c, wanted, most))]

    assert await found(Wanted()) == [3, 2, 1]
    assert await found(Wanted(), most=1) == [3]
    assert await found(Wanted(before=3)) == [2, 1]
    assert await found(Wanted(who="ann", what="taken_over")) == [3]
    assert await found(Wanted(session_id="c1", since=at, until=at.replace(year=2030))) == [2]
    assert await found(Wanted(until=at)) == []
