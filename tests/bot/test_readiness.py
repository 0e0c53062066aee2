"""What a balancer is told: whether the database takes changes at this moment, in words an operator knows."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot import database, health, metrics
from bot.health import Health, Kept
from bot.metrics import Metrics, Scrape
from conversations.store import Store
from tests import postgres
from tests.conversations.toy import START, Merchant, ToyClock, toy_turns

T = TypeVar("T")
Watcher = TestClient[web.Request, web.Application]


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A database with its schema."""
    file = tmp_path / "shop.db"
    await database.upgrade(url(file))
    return file


@pytest.fixture
async def store(file: Path) -> AsyncIterator[Store]:
    async with Store.open(url(file)) as opened:
        yield opened


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@asynccontextmanager
async def watched(store: Kept, clock: ToyClock | None = None) -> AsyncIterator[Watcher]:
    """Both probes and the figures, over HTTP."""
    clock = clock or ToyClock()
    site = web.Application()
    site.add_routes([*Health(store, clock).routes(), *Scrape(Metrics(), store, clock).routes()])
    async with TestClient(TestServer(site)) as watcher:
        yield watcher


async def ready(watcher: Watcher) -> tuple[int, dict[str, Any]]:
    async with watcher.get("/readyz") as answer:
        return answer.status, await answer.json()


async def up(watcher: Watcher) -> bool:
    """Whether the figures, which always come, say that the database answers."""
    async with watcher.get("/metrics") as answer:
        assert answer.status == 200
        return "bangbang_database_up 1.0" in await answer.text()


def unavailable(error: str) -> tuple[int, dict[str, Any]]:
    return 503, {"status": "database unavailable", "error": error}


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process takes a byte more."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


async def test_a_full_disk_is_not_ready_and_room_makes_it_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "FRESH", 0.0)
    clock = ToyClock()
    async with watched(store, clock) as watcher:
        assert (await ready(watcher))[0] == 200
        clock.pass_by(seconds=1)  # SQLite writes nothing where nothing changes
        with full_disk():
            assert await ready(watcher) == unavailable("OperationalError")
            assert await up(watcher)  # it can still be read

        assert (await ready(watcher))[1]["status"] == "ready"


async def test_a_database_that_takes_no_change_is_not_ready(store: Store) -> None:
    await store.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON").close())

    async with watched(store) as watcher:
        assert await ready(watcher) == unavailable("OperationalError")


async def test_a_server_that_only_reads_is_not_ready(postgres_url: str) -> None:
    async with Store.open(postgres_url) as store:
        await store.create()
    async with (
        postgres.reading_only(postgres_url),
        Store.open(postgres_url) as stale,
        watched(stale) as watcher,
    ):
        assert await ready(watcher) == unavailable("Lost")


async def test_a_database_that_hangs_is_not_ready_in_time(
    file: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.1)
    with closing(sqlite3.connect(file, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        async with watched(store) as watcher:
            assert await ready(watcher) == unavailable("TimeoutError")
            assert await up(watcher)  # readers are never blocked
        another.execute("ROLLBACK")


SCHEMA = {
    "older": "UPDATE alembic_version SET version_num = ?",
    "missing": "DELETE FROM alembic_version WHERE version_num <> ?",
}


@pytest.mark.parametrize("found", SCHEMA)
async def test_a_schema_that_does_not_serve_is_not_ready(found: str, file: Path, store: Store) -> None:
    older = database.revisions()[1]
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(SCHEMA[found], [older])

    async with watched(store) as watcher:
        shown = older if found == "older" else None
        assert await ready(watcher) == (503, {"status": "schema too old", "schema": shown})


async def test_a_newer_schema_is_degraded_and_serves(file: Path, store: Store) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of tomorrow'")

    async with watched(store) as watcher:
        told = {"status": "degraded", "schema": "of tomorrow", "oldest_message_seconds": 0}
        assert await ready(watcher) == (200, told)


@pytest.mark.parametrize(("seconds", "status"), [(299, "ready"), (301, "degraded")])
async def test_messages_that_wait_too_long_are_a_degradation(seconds: int, status: str, store: Store) -> None:
    await Merchant(toy_turns(store)).agrees()  # Telegram, and nobody sends
    clock = ToyClock(START + timedelta(seconds=seconds))

    async with watched(store, clock) as watcher:
        code, body = await ready(watcher)

    assert (code, body["status"], body["oldest_message_seconds"]) == (200, status, seconds)


class Counting:
    """The same store, which counts what is written to it."""

    def __init__(self, store: Store) -> None:
        self._store, self.writes = store, 0

    async def read(self, body: Callable[[Connection], T]) -> T:
        return await self._store.read(body)

    async def write(self, body: Callable[[Connection], T]) -> T:
        self.writes += 1
        return await self._store.write(body)


async def test_many_probes_cost_one_write_until_it_is_stale(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(store)
    async with watched(counting) as watcher:
        for _ in range(20):
            await ready(watcher)
        assert counting.writes == 1

    monkeypatch.setattr(health, "FRESH", 0.0)
    async with watched(counting) as watcher:
        for _ in range(2):
            await ready(watcher)
        assert counting.writes == 3


async def never() -> NoReturn:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


class Silent:
    """A database that neither answers nor fails."""

    async def read(self, _body: Callable[[Connection], T]) -> T:
        await never()

    async def write(self, _body: Callable[[Connection], T]) -> T:
        await never()


async def test_figures_come_while_a_database_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "PATIENCE", 0.05)

    async with watched(Silent()) as watcher:
        assert not await up(watcher)
