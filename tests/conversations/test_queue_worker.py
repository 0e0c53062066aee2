"""What only Procrastinate's queue promises: work left outside it is found, and PostgreSQL may go away."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Connection, text

from conversations import jobs, queue_worker, requests
from conversations.attempts import Attempts
from conversations.events import AssessmentFailed, Event
from conversations.store import Store, queue
from conversations.store.work import Job
from tests.conversations.toy import START, Merchant, toy_turns

Defer = Callable[[Connection, int], None]

ENTRIES = text("SELECT count(*) FROM procrastinate.procrastinate_jobs")
FORGET = text("DELETE FROM procrastinate.procrastinate_jobs")
#: what an administrator does before a restart: the workers' connections end in the middle of their waiting
CUT_OFF = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND query NOT LIKE '%pg_terminate%'"
    " AND application_name = 'bangbang queue'"
)
#: what is left when PostgreSQL goes away between giving work out and telling its worker so
GIVEN_OUT = text(
    "UPDATE procrastinate.procrastinate_jobs SET status = 'doing', worker_id ="
    " (SELECT max(id) FROM procrastinate.procrastinate_workers)"
)
WORKERS = text("SELECT count(*) FROM procrastinate.procrastinate_workers")


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


async def _answer(job: Job) -> Event | None:
    return AssessmentFailed(START, "a person decides")


async def _until(true: Callable[[], Awaitable[bool]], patience: float = 5) -> None:
    async with asyncio.timeout(patience):
        while not await true():  # noqa: ASYNC110  # tables ring no event
            await asyncio.sleep(0.01)


async def _entries(store: Store) -> int:
    return int(await store.read(lambda c: c.execute(ENTRIES).scalar_one()))


async def test_work_and_its_place_in_the_queue_are_one_transaction(store: Store) -> None:
    merchant = Merchant(toy_turns(store, work=(requests.Assess(),)))
    await merchant.agrees()
    await merchant.says("work")

    assert await _entries(store) == 1


async def test_the_queue_keeps_nothing_of_work_that_is_done(store: Store, url: str) -> None:
    turns = toy_turns(store, work=(requests.Assess(),))
    merchant = Merchant(turns)
    await merchant.agrees()
    await merchant.says("work")

    async with jobs.worker(Attempts(turns, {"assess": _answer}), url):
        await _until(lambda: _empty(store))


async def _empty(store: Store) -> bool:
    return not await _entries(store)


async def test_work_that_an_older_release_left_is_found(store: Store, url: str) -> None:
    turns = toy_turns(store, work=(requests.Assess(),))
    merchant = Merchant(turns)
    await merchant.agrees()
    session_id = await merchant.says("work")
    await store.write(lambda c: c.execute(FORGET))

    async with jobs.worker(Attempts(turns, {"assess": _answer}), url):
        await _until(lambda: turns.idle(session_id))


async def test_work_goes_on_after_its_connections_were_cut(store: Store, url: str) -> None:
    turns = toy_turns(store, work=(requests.Assess(),))
    merchant = Merchant(turns)
    await merchant.agrees()

    async with jobs.worker(Attempts(turns, {"assess": _answer}), url):
        first = await merchant.says("work")
        await _until(lambda: turns.idle(first))
        await _until(lambda: _empty(store))  # cut off before that, its place would wait for `SILENT`
        assert await store.write(lambda c: c.execute(CUT_OFF).scalar_one())
        second = await merchant.says("work")
        await _until(lambda: turns.idle(second), patience=10)


async def test_work_given_out_to_a_worker_that_never_heard_of_it_is_done(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_worker, "RESCUE", 0.1)
    turns = toy_turns(store, work=(requests.Assess(),))
    merchant = Merchant(turns)
    await merchant.agrees()
    monkeypatch.setattr(queue, "defer", _deferred_and_given_out)

    async with jobs.worker(Attempts(turns, {"assess": _answer}), url):
        await _until(lambda: _registered(store))
        session_id = await merchant.says("work")
        await _until(lambda: turns.idle(session_id))


def _deferred_and_given_out(connection: Connection, job: int, *, defer: Defer = queue.defer) -> None:
    defer(connection, job)
    connection.execute(GIVEN_OUT)


async def _registered(store: Store) -> bool:
    return await store.read(lambda c: bool(c.execute(WORKERS).scalar_one()))


@pytest.mark.parametrize(
    ("url", "reached"),
    [
        (
            "postgresql+asyncpg://bb:s%40y@db:5433/bangbang?ssl=require",
            {
                "user": "bb",
                "password": "s@y",
                "host": "db",
                "port": "5433",
                "dbname": "bangbang",
                "sslmode": "require",
            },
        ),
        (
            "postgresql+asyncpg://bb@/bangbang?host=/run/pg",
            {"user": "bb", "host": "/run/pg", "dbname": "bangbang"},
        ),
    ],
)
def test_the_queue_is_reached_where_the_store_is(url: str, reached: dict[str, str]) -> None:
    assert queue.reached(url) == reached
