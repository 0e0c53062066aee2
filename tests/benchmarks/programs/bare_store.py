"""The rows of a turn, committed as directly as the databases allow: what the product's store is held to."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from typing import NamedTuple

import asyncpg  # type: ignore[import-untyped]  # ships no types

from tests.benchmarks.programs.told import Told

MOST = 128  #: turns that one transaction takes


class Heard(NamedTuple):
    arrival: int
    chat: int
    text: str


Store = Callable[[Heard], Awaitable[None]]
Commit = Callable[[list[Heard]], Awaitable[None]]

TABLES = (
    "CREATE TABLE bare_inbox (arrival BIGINT PRIMARY KEY, chat BIGINT)",
    "CREATE TABLE bare_sessions (chat BIGINT PRIMARY KEY, state TEXT, version INT, last BIGINT)",
    "CREATE TABLE bare_messages (arrival BIGINT, n INT, chat BIGINT, text TEXT, PRIMARY KEY (arrival, n))",
    "CREATE TABLE bare_outbox (arrival BIGINT PRIMARY KEY, chat BIGINT, text TEXT, state TEXT)",
)
TURN = (
    "INSERT INTO bare_inbox VALUES ({0}, {1}) ON CONFLICT DO NOTHING",
    "INSERT INTO bare_sessions VALUES ({1}, {2}, 1, {0})"
    " ON CONFLICT (chat) DO UPDATE SET state = excluded.state, last = excluded.last,"
    " version = bare_sessions.version + 1",
    "INSERT INTO bare_messages VALUES ({0}, 1, {1}, {2})",
    "INSERT INTO bare_messages VALUES ({0}, 2, {1}, {2})",
    "INSERT INTO bare_outbox VALUES ({0}, {1}, {2}, 'queued')",
)


@asynccontextmanager
async def opened(given: Told) -> AsyncIterator[Store]:
    if not given.variant:
        yield _nothing
    elif given.variant.startswith("postgresql://"):
        async with _postgres(given.variant) as commit:
            yield Groups(commit).store
    else:
        async with _sqlite(given) as commit:
            yield Groups(commit).store


async def _nothing(_heard: Heard) -> None:
    """An echo keeps nothing."""


class Groups:
    """Commits the turns that wait at once, in the order in which they came."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._waiting: list[tuple[Heard, asyncio.Future[None]]] = []
        self._draining: asyncio.Task[None] | None = None

    async def store(self, heard: Heard) -> None:
        """Returns once it is durable."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((heard, future))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        await future

    async def _drain(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._commit([heard for heard, _ in group])
            except Exception as error:
                for _, future in group:
                    future.set_exception(error)
            else:
                for _, future in group:
                    future.set_result(None)


@asynccontextmanager
async def _sqlite(given: Told) -> AsyncIterator[Commit]:
    turn = [text.format("?1", "?2", "?3") for text in TURN]
    needs = [max(n for n in (1, 2, 3) if f"?{n}" in text) for text in turn]
    loop = asyncio.get_running_loop()

    def write(heard: list[Heard]) -> None:
        database.execute("BEGIN IMMEDIATE")
        for text, most in zip(turn, needs, strict=True):
            database.executemany(text, [each[:most] for each in heard])
        database.execute("COMMIT")

    async def commit(heard: list[Heard]) -> None:
        await loop.run_in_executor(writing, write, heard)

    file = given.folder / "bare.db"
    with (
        ThreadPoolExecutor(1) as writing,
        closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as database,
    ):
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        for table in TABLES:
            database.execute(table)
        yield commit


@asynccontextmanager
async def _postgres(address: str) -> AsyncIterator[Commit]:
    casts = ("$1::bigint", "$2::bigint", "$3::text")
    turn = [text.format(*casts) for text in TURN]
    needs = [max(n for n in (1, 2, 3) if f"${n}" in text) for text in turn]
    database = await asyncpg.connect(address)

    async def commit(heard: list[Heard]) -> None:
        async with database.transaction():
            for text, most in zip(turn, needs, strict=True):
                await database.executemany(text, [each[:most] for each in heard])

    try:
        await database.execute(f"DROP TABLE IF EXISTS {', '.join(t.split()[2] for t in TABLES)}")
        for table in TABLES:
            await database.execute(table)
        yield commit
    finally:
        await database.close()
