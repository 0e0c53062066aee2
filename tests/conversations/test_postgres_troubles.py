"""A busy, full or read-only PostgreSQL: a turn is run again unseen or left to its sender, and never lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert, select, text, update

from conversations.events import Event, Said
from conversations.session import Session, Turn
from conversations.store import Contact, Contended, Store
from conversations.store.database import AWAY, TRIES
from conversations.store.postgres import Lost
from conversations.tables import CONTACTS, INBOX, PULSES, SESSIONS
from conversations.turns import Turns
from tests import postgres
from tests.conversations.toy import START, ToyFlow, ToySpeech, count, toy_turns


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
async def other(store: Store, url: str) -> AsyncIterator[Store]:
    """Another process on the same database."""
    async with Store.open(url) as opened:
        yield opened


def _raising(code: str, times: int) -> tuple[Callable[[Connection], int], list[int]]:
    """A body that the server refuses with this code so many times, and the runs it took."""
    runs: list[int] = []

    def body(connection: Connection) -> int:
        runs.append(1)
        connection.execute(insert(INBOX), {"channel": "web", "arrival": "1", "at": START})
        if len(runs) <= times:
            connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"))
        return len(runs)

    return body, runs


@pytest.mark.parametrize("code", ["40001", "40P01"])
async def test_a_body_that_collided_is_run_again_unseen(store: Store, code: str) -> None:
    body, _ = _raising(code, times=TRIES - 1)

    assert await store.write(body) == TRIES
    assert await count(store, INBOX) == 1


@pytest.mark.parametrize("code", ["40001", "40P01"])
async def test_a_body_that_always_collides_is_told_to_come_again(store: Store, code: str) -> None:
    body, runs = _raising(code, times=TRIES)

    with pytest.raises(Contended):
        await store.write(body)
    assert (len(runs), await count(store, INBOX)) == (TRIES, 0)


@pytest.mark.parametrize("code", ["53100", "53200", "25006", "57014", "58030", "55P03", "08006"])
async def test_a_server_that_cannot_serve_anybody_is_away(store: Store, code: str) -> None:
    body, _ = _raising(code, times=2)

    with pytest.raises(Lost) as told:
        await store.write(body)
    assert isinstance(told.value, AWAY)
    assert await count(store, INBOX) == 0


async def test_a_failure_of_the_body_itself_is_not_the_server_s(store: Store) -> None:
    body, runs = _raising("23514", times=1)

    with pytest.raises(Exception, match="x") as told:
        await store.write(body)
    assert not isinstance(told.value, AWAY)
    assert len(runs) == 1


async def test_a_turn_on_a_server_that_only_reads_is_kept_by_whoever_sent_it(store: Store, url: str) -> None:
    shop = Contact("telegram", "1")
    async with postgres.reading_only(url), Store.open(url) as stale:
        turns = toy_turns(stale)
        with pytest.raises(AWAY):
            await turns.handle(shop, "1", Said(START, "hello"))
        assert await turns.session_of(shop) is None

    assert (await toy_turns(store).handle(shop, "1", Said(START, "hello"))).fresh


async def test_two_bodies_that_wait_for_each_other_are_both_done(store: Store, other: Store) -> None:
    await store.write(lambda c: c.execute(insert(PULSES), [{"name": n, "at": START} for n in "ab"]).close())
    runs: list[str] = []

    def crossing(first: str, second: str) -> Callable[[Connection], None]:
        def body(connection: Connection) -> None:
            runs.append(first)
            connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            _touch(connection, first)
            connection.execute(text("SELECT pg_sleep(0.3)"))
            _touch(connection, second)

        return body

    await asyncio.gather(store.write(crossing("a", "b")), other.write(crossing("b", "a")))

    assert len(runs) == 3


def _touch(connection: Connection, name: str) -> None:
    connection.execute(update(PULSES).where(PULSES.c.name == name).values(at=START))


class Counting(ToyFlow):
    """Every turn writes the epoch that it read, and one more."""

    def advance(self, session: Session, event: Event) -> Turn:
        return Turn(replace(session, epoch=session.epoch + 1))


async def test_no_turn_of_eight_processes_on_ten_conversations_is_lost(store: Store, url: str) -> None:
    contacts = [Contact("telegram", str(n)) for n in range(10)]
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(Store.open(url)) for _ in range(8)]
        workers = [
            Turns(each, Counting(), _no_links, lambda: START, frozenset(), ToySpeech()) for each in stores
        ]
        for n in range(5):
            await asyncio.gather(
                *(
                    worker.handle(contact, f"{contact.address}:{who}:{n}", Said(START, "more"))
                    for who, worker in enumerate(workers)
                    for contact in contacts
                )
            )

    epochs = await store.read(lambda c: c.execute(select(SESSIONS.c.epoch)).scalars().all())
    assert list(epochs) == [8 * 5] * 10


def _no_links(*_: object) -> str:
    return "https://bangbang.test"


async def test_an_update_of_a_new_contact_taken_twice_at_once_begins_one_conversation(
    store: Store, other: Store
) -> None:
    here, there = toy_turns(store), toy_turns(other)
    for n in range(40):
        contact, event = Contact("telegram", str(n)), Said(START, "hello")
        one, two = await asyncio.gather(
            here.handle(contact, str(n), event), there.handle(contact, str(n), event)
        )
        assert one.session_id == two.session_id
        assert sorted((one.fresh, two.fresh)) == [False, True]

    assert [await count(store, table) for table in (SESSIONS, CONTACTS, INBOX)] == [40, 40, 40]
